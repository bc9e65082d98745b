package dev.gramme.rest;

import dev.gramme.version.Bytes;
import dev.gramme.version.Content;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Names for writes: the client's {@code Idempotency-Key}, or one made here: 12 characters of randomness for this process and a count. They are
 * text, so that a client can send back the one it is told when a write's outcome is unknown.
 */
@ApplicationScoped
public class IdempotencyKeys {
    static final String HEADER = "Idempotency-Key";

    private final String process = text(random(9));
    private final AtomicLong count = new AtomicLong();

    /** The request's, or a new one that no other write anywhere has. */
    Bytes of(@Nullable String header) {
        if (header == null) {
            return Bytes.utf8(process + Long.toString(count.incrementAndGet(), Character.MAX_RADIX));
        }
        if (header.isEmpty() || header.length() > Content.MAX_IDEMPOTENCY_KEY_BYTES) {
            String detail =
                    HEADER + " must have 1 to " + Content.MAX_IDEMPOTENCY_KEY_BYTES + " bytes, not " + header.length();
            throw Problem.of(ProblemKind.BAD_HEADER, detail).thrown();
        }
        // A header's bytes come as ISO-8859-1 characters, and go back as such.
        return Bytes.of(header.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String header(Bytes key) {
        return new String(key.array(), StandardCharsets.ISO_8859_1);
    }

    /** A name for a value that came without one: the same for the same client's key, so that a retried POST makes no second key. */
    static String nameFor(String bucket, Bytes idempotencyKey) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(bucket.getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
            byte[] digest = sha.digest(idempotencyKey.array());
            return text(Arrays.copyOf(digest, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] random(int bytes) {
        byte[] made = new byte[bytes];
        new SecureRandom().nextBytes(made);
        return made;
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
