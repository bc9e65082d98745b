package dev.gramme.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is kept of the file {@code closed} by which it is known again.
 *
 * @param inode and {@code changed}, its change time in nanoseconds, and {@code born}, when it was made: a copy has none of them. Empty where there is no such file, or the file system
 *     can't tell, which means: never the same
 */
record ClosingMark(String inode, String changed, String born) {
    private static final String SEPARATOR = "@";
    private static final ClosingMark NONE = new ClosingMark("", "", "");

    static ClosingMark of(Path file) throws IOException {
        if (!Files.exists(file)) {
            return NONE;
        }
        try {
            return new ClosingMark(
                    String.valueOf(Files.getAttribute(file, "unix:ino")),
                    nanos(Files.getAttribute(file, "unix:ctime")),
                    // Where birth times are not told this is the time of its last change, which a program can set.
                    nanos(Files.getAttribute(file, "creationTime")));
        } catch (UnsupportedOperationException | IllegalArgumentException notUnix) {
            return NONE;
        }
    }

    private static String nanos(Object time) {
        return time instanceof FileTime fileTime
                ? String.valueOf(fileTime.to(TimeUnit.NANOSECONDS))
                : String.valueOf(time);
    }

    /** To be kept; empty if nothing can be known again. */
    String text() {
        return inode.isEmpty() ? "" : String.join(SEPARATOR, inode, changed, born);
    }

    /** Whether this is what was kept: nothing has happened to the file since. */
    boolean is(String kept) {
        List<String> parts = List.of(kept.split(SEPARATOR, -1));
        // Formats before 5 kept no birth time.
        return !inode.isEmpty() && parts.size() >= 2 && inode.equals(parts.get(0)) && changed.equals(parts.get(1));
    }

    /** Whether it is at least the same file: its owner or its rights may have been changed. */
    boolean isSameFile(String kept) {
        List<String> parts = List.of(kept.split(SEPARATOR, -1));
        return is(kept)
                || (!inode.isEmpty() && parts.size() == 3 && inode.equals(parts.get(0)) && born.equals(parts.get(2)));
    }
}
