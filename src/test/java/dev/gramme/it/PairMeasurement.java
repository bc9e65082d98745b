package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gramme.figures.Medians;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a change of the program costs or gains in puts a second: a cluster of this build and one of another, both up all the while, take puts by turns. Each pair is a block of either, the
 * first of them the other one's turn by turn, so that what else the machine does meets both alike. The processor's time is that of the cluster's processes alone: the client and the quiet
 * cluster are not in it. By hand, after {@code mvn package -DskipTests} in both:
 *
 * <pre>mvn -Dit.test=PairMeasurement -Dgramme.pair.jar=/there/target/quarkus-app/quarkus-run.jar failsafe:integration-test</pre>
 *
 * <p>Without settings of the other both are this build, which shows what the method can tell. The table is printed, and kept in {@code target/figures/pair.md}. Settings, as system properties:
 * {@code gramme.pair.nodes} (3), {@code gramme.pair.keys} (50,000) that are overwritten by chance, {@code gramme.pair.valueBytes} (100), {@code gramme.pair.puts} of a block (20,000),
 * {@code gramme.pair.pairs} (20), {@code gramme.pair.java} flags of the other's virtual machine, {@code gramme.pair.flags} of the nodes, by blanks.
 */
class PairMeasurement {
    private static final Program.Build OTHER = new Program.Build(
            Path.of(System.getProperty("gramme.pair.jar", Program.own().jar().toString())),
            System.getProperty("gramme.pair.java", Program.own().javaFlags()));
    private static final int NODES = Integer.getInteger("gramme.pair.nodes", 3);
    private static final int KEYS = Integer.getInteger("gramme.pair.keys", 50_000);
    private static final int VALUE_BYTES = Integer.getInteger("gramme.pair.valueBytes", 100);
    private static final int PUTS = Integer.getInteger("gramme.pair.puts", 20_000);
    private static final int PAIRS = Integer.getInteger("gramme.pair.pairs", 20);
    private static final String FLAGS = System.getProperty("gramme.pair.flags", "");
    private static final int WARM_UP_BLOCKS = 3;
    private static final int AT_ONCE = 24;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private final Random random = new Random(1);

    private record Block(double seconds, double coreSeconds) {}

    @Test
    void two_builds_take_puts_by_turns() throws Exception {
        String[] flags = FLAGS.isBlank() ? new String[0] : FLAGS.split(" ");
        List<Block> ours = new ArrayList<>();
        List<Block> theirs = new ArrayList<>();
        try (TestCluster own = start(Program.own(), "own", flags);
                TestCluster other = start(OTHER, "other", flags);
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            for (TestCluster cluster : List.of(own, other)) {
                fill(http, cluster);
            }
            for (int pair = 0; pair < PAIRS; pair++) {
                boolean ownFirst = pair % 2 == 0;
                Block first = block(http, ownFirst ? own : other);
                Block second = block(http, ownFirst ? other : own);
                ours.add(ownFirst ? first : second);
                theirs.add(ownFirst ? second : first);
            }
        }
        Figures.show("pair", table(ours, theirs));
    }

    private TestCluster start(Program.Build build, String name, String... flags) throws IOException {
        Path own = Files.createDirectory(directory.resolve(name));
        return TestCluster.start(build, own, id -> Place.onLoopback(), NODES, flags);
    }

    /** All keys are there, every partition was compared, so that its tree is in memory, and the code of a put was run many times. */
    private void fill(HttpClient http, TestCluster cluster) throws InterruptedException {
        Members.awaitAllUp(cluster);
        assertThat(cluster.node(1)
                        .put(
                                "/v1/buckets/pair",
                                "{\"conflictPolicy\":\"last-write-wins\"}",
                                "Content-Type",
                                "application/json")
                        .statusCode())
                .isBetween(200, 299);
        puts(http, cluster, IntStream.range(0, KEYS).toArray());
        for (TestNode node : cluster.nodes()) {
            assertThat(node.post("/v1/cluster/repair", "").statusCode()).isEqualTo(202);
        }
        for (TestNode node : cluster.nodes()) {
            Awaitility.await("all is compared")
                    .atMost(Duration.ofMinutes(5))
                    .until(() -> Traffic.value(node.get("/q/metrics").body(), "gramme_repair_left") == 0);
        }
        for (int block = 0; block < WARM_UP_BLOCKS; block++) {
            block(http, cluster);
        }
    }

    private Block block(HttpClient http, TestCluster cluster) throws InterruptedException {
        int[] numbers = random.ints(PUTS, 0, KEYS).toArray();
        Duration cores = cores(cluster);
        long start = System.nanoTime();
        puts(http, cluster, numbers);
        return new Block(
                (System.nanoTime() - start) / 1e9, cores(cluster).minus(cores).toNanos() / 1e9);
    }

    private static Duration cores(TestCluster cluster) {
        return cluster.nodes().stream().map(TestNode::cores).reduce(Duration.ZERO, Duration::plus);
    }

    private void puts(HttpClient http, TestCluster cluster, int[] numbers) throws InterruptedException {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        AtomicInteger next = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < AT_ONCE; i++) {
                threads.execute(() -> {
                    for (int at = next.getAndIncrement(); at < numbers.length; at = next.getAndIncrement()) {
                        TestNode node = cluster.node(1 + at % NODES);
                        failed.addAndGet(isPut(http, node, numbers[at], value) ? 0 : 1);
                    }
                });
            }
        }
        assertThat(failed).as("puts that failed").hasValue(0);
    }

    private static boolean isPut(HttpClient http, TestNode node, int number, byte[] value) {
        HttpRequest put = HttpRequest.newBuilder(URI.create(node.url() + "/v1/kv/pair/key-" + number))
                .timeout(ANSWER_WITHIN)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(value))
                .build();
        try {
            return http.send(put, HttpResponse.BodyHandlers.discarding()).statusCode() == 204;
        } catch (IOException refused) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String table(List<Block> ours, List<Block> theirs) {
        double[] throughput = new double[PAIRS];
        double[] cores = new double[PAIRS];
        for (int i = 0; i < PAIRS; i++) {
            throughput[i] = theirs.get(i).seconds() / ours.get(i).seconds() - 1;
            cores[i] = ours.get(i).coreSeconds() / theirs.get(i).coreSeconds() - 1;
        }
        return String.format(
                Locale.ROOT,
                "%d nodes, %,d keys, values of %d bytes, %d at once; %d pairs of blocks of %,d puts%n%n"
                        + "| build | puts/s | us of cores a put |%n|---|---|---|%n%s%s| this beside the other | %s | %s |%n",
                NODES,
                KEYS,
                VALUE_BYTES,
                AT_ONCE,
                PAIRS,
                PUTS,
                row("this", ours),
                row("the other", theirs),
                Medians.percent(throughput),
                Medians.percent(cores));
    }

    private static String row(String name, List<Block> blocks) {
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f |%n",
                name,
                PUTS / Medians.of(blocks.stream().mapToDouble(Block::seconds).toArray()),
                1e6 * Medians.of(blocks.stream().mapToDouble(Block::coreSeconds).toArray()) / PUTS);
    }
}
