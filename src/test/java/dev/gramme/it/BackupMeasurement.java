package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a backup and a restore of many keys cost: from five nodes, again with nothing changed, and into three of another cluster, where every key is read back. By hand, after {@code
 * mvn package -DskipTests}:
 *
 * <pre>mvn -Dit.test=BackupMeasurement -Dgramme.backup.keys=1000000 failsafe:integration-test</pre>
 *
 * <p>The table is printed, and kept in {@code target/figures/backup.md}. Settings, as system properties: {@code gramme.backup.keys} (100,000), {@code gramme.backup.valueBytes}
 * (200), {@code gramme.backup.minutes} that loading may take (60).
 */
class BackupMeasurement {
    private static final int KEYS = Integer.getInteger("gramme.backup.keys", 100_000);
    private static final int VALUE_BYTES = Integer.getInteger("gramme.backup.valueBytes", 200);
    private static final Duration LIMIT = Duration.ofMinutes(Integer.getInteger("gramme.backup.minutes", 60));

    @TempDir
    private Path directory;

    private final StringBuilder table = new StringBuilder();

    @Test
    void five_nodes_are_backed_up_and_restored_into_three() throws Exception {
        BulkValues values = new BulkValues(KEYS, VALUE_BYTES);
        String backup = directory.resolve("backup").toString();
        table.append(String.format(
                Locale.ROOT,
                "%,d keys of %d bytes, N = 3, 256 partitions\n\n| step | seconds | it says |\n|---|---|---|\n",
                KEYS,
                VALUE_BYTES));
        try (TestCluster source =
                TestCluster.start(Files.createDirectory(directory.resolve("source")), 5, "--cluster", "source")) {
            values.write(source.nodes(), LIMIT);
            Members.awaitNoHints(source);
            run("backup from five nodes", "backup", "--to", backup, "--url", source.urls());
            run("again, nothing changed", "backup", "--to", backup, "--url", source.urls());
        }
        run("verified alone", "restore", "--from", backup, "--verify-only");
        int wrong;
        try (TestCluster target =
                TestCluster.start(Files.createDirectory(directory.resolve("target")), 3, "--cluster", "target")) {
            run("restored into three nodes", "restore", "--from", backup, "--url", target.urls());
            wrong = values.wrong(target.nodes(), KEYS);
        }
        table.append("\nread back after it: ").append(KEYS).append(", wrong: ").append(wrong);
        Figures.show("backup", table.toString());
        assertThat(wrong).isZero();
    }

    private void run(String step, String... arguments) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Program.Run run = Program.run(directory, arguments);
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(run.status()).as(run.out() + run.err()).isZero();
        table.append(String.format(
                Locale.ROOT, "| %s | %.1f | %s |\n", step, seconds, run.out().strip()));
    }
}
