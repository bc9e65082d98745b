package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five nodes are backed up while they are written to, and restored into three of another cluster with another number of partitions. */
class BackupIT {
    private static final int KEYS = 1_500;
    private static final int AT_ONCE = 16;
    private static final String BUCKET = "/v1/kv/kept/";

    @TempDir
    private Path directory;

    private final Queue<String> later = new ConcurrentLinkedQueue<>();

    /** What a client sees of a key: its values in order, and when it expires. */
    private record Seen(List<String> values, String expires) {}

    @Test
    void five_nodes_are_restored_into_three_with_every_key_and_every_sibling() throws Exception {
        Path backup = directory.resolve("backup");
        SortedMap<String, Seen> before;
        try (TestCluster source = TestCluster.start(
                Files.createDirectory(directory.resolve("source")),
                5,
                "--cluster",
                "source",
                "--partitions",
                "64",
                "--durability",
                "interval")) {
            write(source);
            backUpUnderLoad(source, backup);
            Members.awaitNoHints(source);
            assertThat(backUp(source, backup).out()).contains("new:");
            source.node(1).put(BUCKET + "one-more", "v");
            assertThat(backUp(source, backup).out()).contains("new: 1 files");
            assertThat(backUp(source, backup).out()).contains("new: 0 files, 0 B");
            before = read(source);
        }
        assertThat(before.keySet()).hasSizeGreaterThan(KEYS);
        aFlippedByteIsRefusedByName(backup);
        try (TestCluster target = TestCluster.start(
                Files.createDirectory(directory.resolve("target")), 3, "--cluster", "target", "--partitions", "32")) {
            restoreWithAKill(target, backup);
            assertThat(read(target)).isEqualTo(before);
        }
    }

    private static void write(TestCluster cluster) throws InterruptedException {
        each(KEYS, i -> {
            String key = BUCKET + i;
            put(cluster, i, key, "value " + i, i % 10 == 1 ? new String[] {"Gramme-Ttl", "3600"} : new String[0]);
            if (i % 10 == 2) {
                put(cluster, i + 1, key, "sibling " + i);
            }
            if (i % 10 == 3) {
                HttpResponse<String> deleted =
                        Repeats.untilAnswered(() -> node(cluster, i).send(key, r -> r.DELETE()));
                assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(204);
            }
        });
    }

    private static void put(TestCluster cluster, int turn, String key, String value, String... headers) {
        String[] all = Stream.concat(Stream.of(headers), Stream.of("Idempotency-Key", key + value))
                .toArray(String[]::new);
        HttpResponse<String> answer =
                Repeats.untilAnswered(() -> node(cluster, turn).put(key, value, all));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    /** The first one is killed in the middle; the next goes on. Meanwhile others write. */
    private void backUpUnderLoad(TestCluster source, Path backup) throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        try (ExecutorService writer = Executors.newVirtualThreadPerTaskExecutor()) {
            writer.execute(() -> {
                for (int i = 0; !stopped.get(); i++) {
                    put(source, i, BUCKET + "later-" + i, "later " + i);
                    later.add("later-" + i);
                }
            });
            try {
                Process killed = begin("backup", "--to", backup.toString(), "--url", source.urls());
                awaitSome(backup.resolve("data"), killed);
                killed.destroyForcibly().waitFor();
                assertThat(Files.exists(backup.resolve("manifests"))
                                && !list(backup.resolve("manifests")).isEmpty())
                        .isFalse();
                backUp(source, backup);
            } finally {
                stopped.set(true);
            }
        }
    }

    private Program.Run backUp(TestCluster source, Path backup) throws IOException, InterruptedException {
        Program.Run run = Program.run(directory, "backup", "--to", backup.toString(), "--url", source.urls());
        assertThat(run.status()).as(run.out() + run.err()).isZero();
        return run;
    }

    private void aFlippedByteIsRefusedByName(Path backup) throws IOException, InterruptedException {
        Program.Run whole = Program.run(directory, "restore", "--from", backup.toString(), "--verify-only");
        assertThat(whole.status()).as(whole.err()).isZero();
        List<Path> files = list(backup.resolve("data"));
        Path newest = files.getFirst();
        for (Path file : files) {
            newest = Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(newest)) > 0 ? file : newest;
        }
        byte[] bytes = Files.readAllBytes(newest);
        byte[] flipped = bytes.clone();
        flipped[bytes.length / 2] ^= 4;
        Files.write(newest, flipped);
        Program.Run refused = Program.run(directory, "restore", "--from", backup.toString(), "--url", "http://none:1");
        assertThat(refused.status()).isNotZero();
        assertThat(refused.err()).contains(newest.getFileName().toString()).contains("is damaged");
        Files.write(newest, bytes);
    }

    private void restoreWithAKill(TestCluster target, Path backup) throws Exception {
        Process killed = begin(
                "restore", "--from", backup.toString(), "--url", target.node(1).url(), "--concurrency", "1");
        Awaitility.await("the restore has begun")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !killed.isAlive()
                        || list(backup).stream()
                                .anyMatch(file -> file.toString().endsWith(".progress")));
        killed.destroyForcibly().waitFor();
        Program.Run run = Program.run(
                directory,
                "restore",
                "--from",
                backup.toString(),
                "--url",
                target.node(1).url());
        assertThat(run.status()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("are in cluster target");
    }

    private Process begin(String... arguments) throws IOException {
        return new ProcessBuilder(Program.command(arguments))
                .redirectErrorStream(true)
                .redirectOutput(
                        Files.createTempFile(directory, "killed", ".txt").toFile())
                .start();
    }

    private static void awaitSome(Path data, Process process) {
        Awaitility.await("some partitions are backed up")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !process.isAlive()
                        || (Files.exists(data)
                                && list(data).stream()
                                        .anyMatch(file -> file.toString().endsWith(".gb"))));
        assertThat(process.isAlive()).isTrue();
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private SortedMap<String, Seen> read(TestCluster cluster) throws InterruptedException {
        List<String> keys = new ArrayList<>();
        IntStream.range(0, KEYS).forEach(i -> keys.add(Integer.toString(i)));
        keys.addAll(later);
        keys.add("one-more");
        Queue<Object[]> seen = new ConcurrentLinkedQueue<>();
        each(keys.size(), i -> {
            HttpResponse<String> answer =
                    Repeats.untilAnswered(() -> node(cluster, i).get(BUCKET + keys.get(i)));
            List<String> values = Values.of(answer).stream().sorted().toList();
            String expires = answer.headers().firstValue("Gramme-Expires").orElse("");
            seen.add(new Object[] {keys.get(i), new Seen(values, expires)});
        });
        SortedMap<String, Seen> sorted = new TreeMap<>();
        seen.forEach(pair -> sorted.put((String) pair[0], (Seen) pair[1]));
        return sorted;
    }

    private static TestNode node(TestCluster cluster, int turn) {
        return cluster.nodes().get(turn % cluster.nodes().size());
    }

    private static void each(int count, IntConsumer work) throws InterruptedException {
        Queue<Throwable> failed = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < count; i++) {
                int number = i;
                threads.execute(() -> {
                    try {
                        work.accept(number);
                    } catch (RuntimeException | AssertionError e) {
                        failed.add(e);
                    }
                });
            }
        }
        assertThat(failed).isEmpty();
    }
}
