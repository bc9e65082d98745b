package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bits flip in one node's partition files and log while the cluster serves, and in every second round while the node is down: no client sees a wrong value, the node tells of each flip
 * that changes anything ({@link BitFlips}), and is as it should be without anybody's doing. The thousand: {@code -Dgramme.it.flips=1000 -Dgramme.it.keys=3000}.
 */
class FlippedBitsIT {
    private static final int FLIPS = Integer.getInteger("gramme.it.flips", 50);
    private static final int PARTITIONS = 32;
    /** Of owners, of each partition. */
    private static final int PAIRS = 3;

    private static final int KEYS = Integer.getInteger("gramme.it.keys", 500);
    /** Keys from here on are written again and again. */
    private static final int CHANGING = KEYS - 20;

    /** Each part of the disk is read, and each pair of owners compared, every three seconds. */
    private static final String[] FLAGS = {
        "--partitions",
        String.valueOf(PARTITIONS),
        "--scrub-interval",
        "3",
        "--repair-interval",
        "3",
        "--background-pace",
        "unlimited"
    };

    private static final String SCRUB = "/v1/cluster/scrub";

    @TempDir
    private Path directory;

    private final Random random = new Random(Long.getLong("gramme.it.seed", 5));
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final AtomicLong reads = new AtomicLong();
    /** Told so, or not answered at all, by a node that serves: no value, and no wrong one. */
    private final AtomicLong unanswered = new AtomicLong();
    /** Writes that were not taken at once. */
    private final List<String> refused = new ArrayList<>();

    private final AtomicBoolean over = new AtomicBoolean();
    /** The node whose bits flip is stopped, or starts: nobody asks it. */
    private final AtomicBoolean away = new AtomicBoolean();

    private Duration longest = Duration.ZERO;
    private int round;
    /** Of the keys that change. */
    private int version;

    @Test
    void flipped_bits_are_found_and_healed_and_no_client_sees_a_wrong_value() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, 3, FLAGS)) {
            for (int key = 0; key < KEYS; key++) {
                put(cluster.node(1 + key % 3), key);
            }
            EqualOwners.await(cluster, PAIRS * PARTITIONS);
            TestNode rotten = cluster.node(1);
            Thread reader = Thread.ofPlatform().name("reader").start(() -> readOn(cluster));
            BitFlips flips = new BitFlips(rotten, PARTITIONS, random);
            Instant begun = Instant.now();
            while (flips.count() < FLIPS) {
                round++;
                flip(cluster, rotten, flips);
            }
            over.set(true);
            reader.join();
            System.out.println(flips + "; " + round + " rounds in "
                    + Duration.between(begun, Instant.now()).toSeconds() + " s, the longest from ready until whole "
                    + longest.toMillis() + " ms; " + reads.get() + " reads, "
                    + unanswered.get() + " of them not answered, " + wrong.size() + " wrong; " + refused.size()
                    + " writes not taken at once: " + refused);
            assertRight(rotten);
        }
    }

    /** A round: bits are flipped, keys written, and then all of the disk is read and all owners compared, by themselves. */
    private void flip(TestCluster cluster, TestNode rotten, BitFlips flips) throws Exception {
        boolean isDown = round % 2 == 0;
        away.set(true);
        if (isDown) {
            rotten.kill9();
        } else {
            // Closed in order, so that what it holds is in its partitions' files, and read from there.
            rotten.stop();
        }
        int before = rotten.log().length();
        if (isDown) {
            flips.flip(FLIPS - flips.count());
        }
        rotten.start();
        rotten.awaitReady();
        away.set(false);
        Instant begun = Instant.now();
        if (!isDown) {
            writeChanging(cluster);
            flips.flip(FLIPS - flips.count());
        }
        writeChanging(cluster);
        awaitScrubbed(rotten);
        EqualOwners.await(cluster, PAIRS * PARTITIONS);
        Duration took = Duration.between(begun, Instant.now());
        longest = took.compareTo(longest) > 0 ? took : longest;
        flips.account(rotten.log().substring(before), scrubbed(rotten));
        assertThat(wrong).as("after %d flips", flips.count()).isEmpty();
    }

    private void writeChanging(TestCluster cluster) {
        version++;
        for (int key = CHANGING; key < KEYS; key++) {
            put(cluster.node(1 + key % 3), key);
            TestNode other = cluster.node(1 + (key + 1) % 3);
            check(other.get("/v1/kv/b/k" + key), key, other.id());
        }
    }

    private String value(int key) {
        String start = "value " + key + (key >= CHANGING ? " in version " + version : "");
        return key % 40 == 7 ? start + " big".repeat(1_500) : start + " small".repeat(15);
    }

    private void put(TestNode node, int key) {
        HttpResponse<String> read = Awaitility.await("k" + key + " is read")
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .until(() -> node.get("/v1/kv/b/k" + key), this::isAnswered);
        if (version > 0 && read.statusCode() != 200) {
            wrong.add("k" + key + " before it is written at " + node.id() + " in round " + round + ": " + read.body());
        }
        String context = read.headers().firstValue("Gramme-Context").orElse("");
        List<String> headers =
                new ArrayList<>(List.of("Content-Type", "text/plain", "Idempotency-Key", "k" + key + "-" + version));
        if (!context.isEmpty()) {
            headers.addAll(List.of("Gramme-Context", context));
        }
        Awaitility.await("k" + key + " is written")
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .until(() -> isTaken(
                        node.put("/v1/kv/b/k" + key, value(key), headers.toArray(String[]::new)), key, node.id()));
    }

    /** What is written without the context of a read would become a sibling. */
    private boolean isAnswered(HttpResponse<String> read) {
        reads.incrementAndGet();
        unanswered.addAndGet(read.statusCode() < 500 ? 0 : 1);
        return read.statusCode() < 500;
    }

    private boolean isTaken(HttpResponse<String> answer, int key, String at) {
        if (answer.statusCode() != 204) {
            refused.add("k" + key + " at " + at + " in round " + round + ": " + answer.body());
        }
        return answer.statusCode() == 204;
    }

    /** What does not change is read from all nodes all the time. */
    private void readOn(TestCluster cluster) {
        Random chosen = new Random(1);
        while (!over.get()) {
            int key = chosen.nextInt(CHANGING);
            boolean mayAskAll = !away.get();
            TestNode node = cluster.node(mayAskAll ? 1 + chosen.nextInt(3) : 2 + chosen.nextInt(2));
            try {
                HttpResponse<String> read = node.get("/v1/kv/b/k" + key);
                if (read.statusCode() < 500) {
                    check(read, key, node.id());
                } else {
                    unanswered.addAndGet(mayAskAll && away.get() ? 0 : 1);
                }
                reads.incrementAndGet();
            } catch (UncheckedIOException noAnswer) {
                unanswered.addAndGet(mayAskAll && away.get() ? 0 : 1);
            }
        }
    }

    private void check(HttpResponse<String> read, int key, String at) {
        if (read.statusCode() != 200 || !read.body().equals(value(key))) {
            String start = read.body().substring(0, Math.min(600, read.body().length()));
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
}
