package dev.gramme.runtime;

import dev.gramme.version.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** The secret all nodes of a cluster share. */
final class ClusterKey {
    static final int MIN_BYTES = 16;
    static final int MAX_BYTES = 4_096;

    private ClusterKey() {}

    /**
     * The file's bytes, or without a file a key derived from the cluster's name: contexts are then guarded against damage, not against forgery.
     *
     * @throws StartRefusedException if the file can't be read or is too short or long to be a key
     */
    static Bytes read(Optional<Path> file, String cluster) {
        if (file.isEmpty()) {
            return derive(cluster);
        }
        try {
            byte[] key = Files.readAllBytes(file.get());
            if (key.length < MIN_BYTES || key.length > MAX_BYTES) {
                throw new StartRefusedException("the cluster key file " + file.get() + " holds " + key.length
                        + " bytes; a key has " + MIN_BYTES + " to " + MAX_BYTES
                        + ". Make one with: head -c 32 /dev/urandom > " + file.get());
            }
            return Bytes.of(key);
        } catch (IOException e) {
            throw new StartRefusedException(
                    "the cluster key file " + file.get() + " can't be read: " + e
                            + ". Make one with: head -c 32 /dev/urandom > FILE, and give every node the same",
                    e);
        }
    }

    private static Bytes derive(String cluster) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return Bytes.of(sha256.digest(("gramme cluster key of " + cluster).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
