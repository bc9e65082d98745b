package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a backup and a restore of many keys cost: from five nodes, again with nothing changed, and into three of another cluster. There every key is read back with all its siblings; and
 * what a backup of those three finds is compared with the first one: the files of a partition bear the same name if every key in them has the same state, down to its dots. By hand, after
 * {@code mvn package -DskipTests}:
 *
 * <pre>mvn -Dit.test=BackupMeasurement -Dgramme.backup.keys=1000000 failsafe:integration-test</pre>
 *
 * <p>The table is printed, and kept in {@code target/figures/backup.md}. Settings, as system properties: {@code gramme.backup.keys} (100,000), {@code gramme.backup.valueBytes}
 * (100), {@code gramme.backup.minutes} that loading may take (60).
 */
class BackupMeasurement {
    private static final int KEYS = Integer.getInteger("gramme.backup.keys", 100_000);
    private static final int VALUE_BYTES = Integer.getInteger("gramme.backup.valueBytes", 100);
    private static final Duration LIMIT = Duration.ofMinutes(Integer.getInteger("gramme.backup.minutes", 60));

    @TempDir
    private Path directory;

    private final StringBuilder table = new StringBuilder();

    private interface Step {
        /** What there is to say of it. */
        String run() throws IOException, InterruptedException;
    }

    @Test
    void five_nodes_are_backed_up_and_restored_into_three() throws Exception {
        ManyKeys keys = new ManyKeys(KEYS, VALUE_BYTES);
        Path backup = directory.resolve("backup");
        table.append(String.format(
                Locale.ROOT,
                "%,d keys of values of %d bytes, %,d of them with two siblings; N = 3, 256 partitions\n\n| step | seconds | it says |\n|---|---|---|\n",
                KEYS,
                VALUE_BYTES,
                keys.withSiblings()));
        try (TestCluster source =
                TestCluster.start(Files.createDirectory(directory.resolve("source")), 5, "--cluster", "source")) {
            timed("written to five nodes", () -> {
                keys.write(source.nodes(), LIMIT);
                return "";
            });
            Members.awaitNoHints(source);
            run("backup from five nodes", "backup", "--to", backup.toString(), "--url", source.urls());
            run("again, nothing changed", "backup", "--to", backup.toString(), "--url", source.urls());
        }
        run("its files checked alone", "restore", "--from", backup.toString(), "--verify-only");
        try (TestCluster target =
                TestCluster.start(Files.createDirectory(directory.resolve("target")), 3, "--cluster", "target")) {
            run("restored into three nodes", "restore", "--from", backup.toString(), "--url", target.urls());
            Path again = directory.resolve("again");
            run("backup from those three", "backup", "--to", again.toString(), "--url", target.urls());
            assertThat(names(again)).isEqualTo(names(backup));
            timed("each key read from them, R = 2", () -> {
                assertThat(keys.wrong(target.nodes())).isEmpty();
                return KEYS + " keys, every value and sibling right";
            });
        }
    }

    private static SortedSet<String> names(Path backup) throws IOException {
        try (Stream<Path> files = Files.list(backup.resolve("data"))) {
            SortedSet<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        }
    }

    private void run(String step, String... arguments) throws IOException, InterruptedException {
        timed(step, () -> {
            Program.Run run = Program.run(directory, LIMIT, arguments);
            assertThat(run.status()).as(run.out() + run.err()).isZero();
            return run.out().strip();
        });
    }

    /** Shown at once: what follows may fail. */
    private void timed(String step, Step work) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String says = work.run();
        table.append(String.format(Locale.ROOT, "| %s | %.1f | %s |\n", step, (System.nanoTime() - start) / 1e9, says));
        Figures.show("backup", table.toString());
    }
}
