package dev.gramme.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.TreeSet;

/**
 * How far an import is: every record up to {@link #done} is acknowledged. Kept in a file beside the imported one, so that an import broken off goes on
 * where it was. Safe to use from many threads.
 */
final class ImportProgress {
    private static final int SAVE_EVERY = 1_000;
    private static final int BAR_WIDTH = 30;

    private final Path file;
    private final String identity;
    private final TreeSet<Long> ahead = new TreeSet<>();
    private final long startNanos = System.nanoTime();
    private final long startedAt;
    private long done;
    private long saved;
    private long retries;

    /** @param identity of what is imported and where to: progress of another import is not taken up */
    ImportProgress(Path file, String identity) throws IOException {
        this.file = file;
        this.identity = identity;
        if (Files.exists(file)) {
            String[] kept = Files.readString(file).strip().split(" ");
            if (kept.length == 2 && kept[0].equals(identity)) {
                done = Long.parseLong(kept[1]);
            }
        }
        startedAt = done;
        saved = done;
    }

    synchronized long done() {
        return done;
    }

    synchronized long retries() {
        return retries;
    }

    synchronized void acknowledged(long number) throws IOException {
        ahead.add(number);
        while (!ahead.isEmpty() && ahead.first() == done + 1) {
            ahead.pollFirst();
            done++;
        }
        if (done - saved >= SAVE_EVERY) {
            save();
        }
    }

    synchronized void retried() {
        retries++;
    }

    /** Keeps the place reached; the old one stays until the new one is written. */
    synchronized void save() throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(next, identity + " " + done + "\n");
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        saved = done;
    }

    void forget() throws IOException {
        Files.deleteIfExists(file);
    }

    /** {@code [######....]  42%  104334 records  5210/s  3 retries}. */
    synchronized String bar(long total) {
        double share = total == 0 ? 1 : Math.min(1, (double) done / total);
        int filled = (int) (share * BAR_WIDTH);
        double seconds = Math.max(0.001, (System.nanoTime() - startNanos) / 1e9);
        return String.format(
                Locale.ROOT,
                "[%s%s] %3.0f%%  %d of %d  %.0f/s  %d retries",
                "#".repeat(filled),
                ".".repeat(BAR_WIDTH - filled),
                share * 100,
                done,
                total,
                (done - startedAt) / seconds,
                retries);
    }
}
