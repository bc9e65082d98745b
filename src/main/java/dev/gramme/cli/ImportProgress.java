package dev.gramme.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.TreeSet;

/**
 * How far an import is. Records are acknowledged in any order; {@link #done} is the place up to which every one is, and what is kept in a file, so that
 * an import broken off goes on where it was: those acknowledged beyond are written again, to no effect. Safe to use from many threads.
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

    /**
     * @param file one line: the import's identity, a space, the number of records done
     * @param identity of what is imported and where to: progress of another import is not taken up
     * @throws IOException if the file can't be read, or is none of these
     */
    ImportProgress(Path file, String identity) throws IOException {
        this.file = file;
        this.identity = identity;
        if (Files.exists(file)) {
            String kept = Files.readString(file).strip();
            if (!kept.matches("[0-9a-f]+ [0-9]{1,18}")) {
                throw new IOException(file + " is not the progress of an import: remove it, or name another with"
                        + " --progress-file");
            }
            if (kept.startsWith(identity + " ")) {
                done = Long.parseLong(kept.substring(identity.length() + 1));
            }
        }
        startedAt = done;
        saved = done;
    }

    synchronized long done() {
        return done;
    }

    /** Those acknowledged, before or in this run. */
    synchronized long acknowledged() {
        return done + ahead.size();
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

    synchronized void forget() throws IOException {
        Files.deleteIfExists(file);
    }

    /** {@code [######....]  42%  43820 of 104334  5210/s  3 retries}. */
    synchronized String bar(long total) {
        long acknowledged = acknowledged();
        double share = total == 0 ? 1 : Math.min(1, (double) acknowledged / total);
        int filled = (int) (share * BAR_WIDTH);
        double seconds = Math.max(0.001, (System.nanoTime() - startNanos) / 1e9);
        return String.format(
                Locale.ROOT,
                "[%s%s] %3.0f%%  %d of %d  %.0f/s  %d retries",
                "#".repeat(filled),
                ".".repeat(BAR_WIDTH - filled),
                Math.floor(share * 100),
                acknowledged,
                total,
                (acknowledged - startedAt) / seconds,
                retries);
    }
}
