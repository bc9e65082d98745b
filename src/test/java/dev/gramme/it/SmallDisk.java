package dev.gramme.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A file system of its own, in memory and of a chosen size: what a full disk is to a real process. Linux, and root, only. */
final class SmallDisk {
    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Mounts it; a machine or a user that can't skips the test that asked. */
    static SmallDisk mount(Path directory, int mebibytes) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/mounts")), "tmpfs is Linux's");
        Files.createDirectories(directory);
        int status = run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", directory.toString());
        Assumptions.assumeTrue(status == 0, "mounting a file system needs root");
        return new SmallDisk(directory);
    }

    Path directory() {
        return directory;
    }

    /** Makes room, as an operator who deletes other files or grows the volume. */
    void growTo(int mebibytes) throws IOException, InterruptedException {
        if (run("mount", "-o", "remount,size=" + mebibytes + "m", directory.toString()) != 0) {
            throw new AssertionError("the small disk at " + directory + " could not be grown");
        }
    }

    /** A process that was just killed may hold it for a moment. */
    void unmount() {
        Awaitility.await("unmounting " + directory)
                .atMost(Duration.ofSeconds(20))
                .until(() -> run("umount", directory.toString()) == 0);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
