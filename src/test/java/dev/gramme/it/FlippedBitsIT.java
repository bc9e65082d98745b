package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bits flip in one node's partition files and log while the cluster serves: no client sees a wrong value, a scrub finds what matters, and the node is as it should be without anybody's doing.
 * The thousand: {@code -Dgramme.it.flips=1000}.
 */
class FlippedBitsIT {
    private static final int FLIPS = Integer.getInteger("gramme.it.flips", 30);
    private static final int PARTITIONS = 32;
    private static final int KEYS = 1_500;
    /** Keys from here on are written again in each round. */
    private static final int CHANGING = 1_450;

    /** Each part of the disk is read, and each pair of owners compared, every other second. */
    private static final String[] FLAGS = {
        "--partitions", String.valueOf(PARTITIONS), "--scrub-interval", "2", "--repair-interval", "2"
    };

    private static final String SCRUB = "/v1/cluster/scrub";
    private static final String REPAIR = "/v1/cluster/repair";

    @TempDir
    private Path directory;

    private final Random random = new Random(Long.getLong("gramme.it.seed", 5));
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile int round;

    @Test
    void flipped_bits_are_found_and_healed_and_no_client_sees_a_wrong_value() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, 3, FLAGS)) {
            for (int key = 0; key < KEYS; key++) {
                put(cluster.node(1 + key % 3), key);
            }
            TestNode rotten = cluster.node(1);
            // Closed in order, so that what it holds is in its partitions' files.
            rotten.stop();
            rotten.start();
            rotten.awaitReady();
            Thread reader = Thread.ofPlatform().name("reader").start(() -> readOn(cluster));
            int flipped = 0;
            long findings = 0;
            while (flipped < FLIPS) {
                round++;
                flipped += flip(rotten, FLIPS - flipped);
                for (int key = CHANGING; key < KEYS; key++) {
                    put(cluster.node(1 + key % 3), key);
                }
                awaitScrubbed(rotten);
                awaitHealed(cluster);
                findings = scrubbed(rotten).getLong("findings");
                assertThat(wrong).as("after %d flips", flipped).isEmpty();
            }
            over.set(true);
            reader.join();
            System.out.println(flipped + " bits flipped in " + round + " rounds, " + findings + " findings, "
                    + reads.get() + " reads, " + wrong.size() + " wrong");
            // Of those that nothing was found of, each was in bytes that nobody reads.
            assertThat(findings).isGreaterThan(flipped / 10);
            assertRight(rotten);
            awaitScrubbed(rotten);
            assertThat(scrubbed(rotten).getLong("findings")).isEqualTo(findings);
            rotten.kill9();
            rotten.start();
            rotten.awaitReady();
            awaitHealed(cluster);
            assertRight(rotten);
        }
    }

    private String value(int key, int inRound) {
        String start = "value " + key + (key >= CHANGING ? " of round " + inRound : "");
        return key % 40 == 7 ? start + " big".repeat(1_500) : start + " small".repeat(15);
    }

    private void put(TestNode node, int key) {
        HttpResponse<String> read = node.get("/v1/kv/b/k" + key);
        String context = read.headers().firstValue("Gramme-Context").orElse("");
        String[] headers = context.isEmpty()
                ? new String[] {"Content-Type", "text/plain"}
                : new String[] {"Content-Type", "text/plain", "Gramme-Context", context};
        assertThat(node.put("/v1/kv/b/k" + key, value(key, round), headers).statusCode())
                .isEqualTo(204);
    }

    /** One bit in each of some files, the log's among them. Gives how many. */
    private int flip(TestNode node, int most) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(node.data())) {
            all.filter(file -> file.toString().matches(".*/(partitions/.*\\.mv|log/.*\\.log)"))
                    .sorted()
                    .forEach(files::add);
        }
        Collections.shuffle(files, random);
        int count = 0;
        for (Path file : files.subList(0, Math.min(most, files.size()))) {
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                if (bytes.length() > 0) {
                    long at = random.nextLong(bytes.length());
                    bytes.seek(at);
                    int before = bytes.read();
                    bytes.seek(at);
                    bytes.write(before ^ 1 << random.nextInt(8));
                    count++;
                }
            }
        }
        return count;
    }

    /** What does not change is read from all nodes all the time. */
    private void readOn(TestCluster cluster) {
        Random chosen = new Random(1);
        while (!over.get()) {
            int key = chosen.nextInt(CHANGING);
            TestNode node = cluster.node(1 + chosen.nextInt(3));
            try {
                check(node.get("/v1/kv/b/k" + key), key, node.id());
                reads.incrementAndGet();
            } catch (UncheckedIOException noAnswer) {
                wrong.add("k" + key + " at " + node.id() + ": " + noAnswer);
            }
        }
    }

    private void check(HttpResponse<String> read, int key, String at) {
        if (read.statusCode() != 200 || !read.body().equals(value(key, round))) {
            String start = read.body().substring(0, Math.min(60, read.body().length()));
            wrong.add("k" + key + " at " + at + " in round " + round + ": " + read.statusCode() + " " + start);
        }
    }

    private void assertRight(TestNode node) {
        for (int key = 0; key < KEYS; key++) {
            check(node.get("/v1/kv/b/k" + key), key, node.id());
            check(node.get("/v1/kv/b/k" + key + "?r=1&quorum=strict"), key, node.id() + " alone");
        }
        assertThat(wrong).isEmpty();
    }

    private static JsonObject scrubbed(TestNode node) {
        return new JsonObject(node.get(SCRUB).body());
    }

    /** By itself it reads on and on: until it has gone through all once from its beginning. */
    private static void awaitScrubbed(TestNode node) {
        String first = scrubbed(node).getString("complete");
        String second = awaitComplete(node, first);
        awaitComplete(node, second);
    }

    private static String awaitComplete(TestNode node, String before) {
        return Awaitility.await("all is read")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> scrubbed(node).getString("complete"), complete -> !complete.equals(before));
    }

    /** By the exchanges that run by themselves: each pair of owners has compared each partition since, and found it equal. */
    private static void awaitHealed(TestCluster cluster) {
        String since = Instant.now().toString();
        Awaitility.await("all owners are equal")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> cluster.nodes().stream()
                                .mapToLong(node -> equalSince(node, since))
                                .sum()
                        == 3L * PARTITIONS);
    }

    private static long equalSince(TestNode node, String since) {
        return new JsonObject(node.get(REPAIR).body())
                .getJsonArray("last").stream()
                        .map(JsonObject.class::cast)
                        .filter(last -> last.getString("result").equals("equal")
                                && last.getString("ended").compareTo(since) > 0)
                        .count();
    }
}
