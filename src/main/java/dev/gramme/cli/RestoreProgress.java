package dev.gramme.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/** Which files of a backup are restored into a cluster: a line each, so that a restore that was broken off goes on. Safe to use from many threads. */
final class RestoreProgress {
    private static final int IDENTITY_BYTES = 8;

    private final Path file;
    private final Set<String> done = new HashSet<>();

    RestoreProgress(Path backup, Manifest manifest, String cluster) throws IOException {
        byte[] identity =
                ImportRecord.sha256().digest((manifest.name() + "\n" + cluster).getBytes(StandardCharsets.UTF_8));
        this.file = backup.resolve("restore-" + HexFormat.of().formatHex(identity, 0, IDENTITY_BYTES) + ".progress");
        if (Files.exists(file)) {
            String text = Files.readString(file);
            // A last line without its end was being written when the restore was broken off.
            done.addAll(text.substring(0, text.lastIndexOf('\n') + 1).lines().toList());
        }
    }

    synchronized int files() {
        return done.size();
    }

    synchronized boolean isDone(String name) {
        return done.contains(name);
    }

    synchronized void done(String name) throws IOException {
        done.add(name);
        Files.writeString(file, name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    synchronized void forget() throws IOException {
        Files.deleteIfExists(file);
    }
}
