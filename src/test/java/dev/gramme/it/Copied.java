package dev.gramme.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a raw copy of a directory took: every file read, written and forced. It is the least that any rebuilding of the same files on this disk can take.
 *
 * @param bytes of all files
 */
record Copied(long bytes, Duration took) {
    static Copied of(Path from, Path to) {
        long start = System.nanoTime();
        long bytes = 0;
        try (Stream<Path> all = Files.walk(from)) {
            List<Path> sources = all.toList();
            for (Path source : sources) {
                Path target = to.resolve(from.relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(target);
                } else {
                    bytes += copy(source, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Copied(bytes, Duration.ofNanos(System.nanoTime() - start));
    }

    private static long copy(Path source, Path target) throws IOException {
        try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long size = in.size();
            for (long at = 0; at < size; ) {
                at += in.transferTo(at, size - at, out);
            }
            out.force(true);
            return size;
        }
    }
}
