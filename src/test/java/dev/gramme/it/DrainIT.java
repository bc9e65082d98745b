package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM of one node under load: it ends in order, nobody waits for it, and it starts as the one it was. */
class DrainIT {
    private static final int WRITERS = 12;
    private static final int BEFORE = 1_000;
    private static final int AFTER = 500;
    private static final int TRIES = 5;
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(25);

    @TempDir
    private Path directory;

    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();

    @Test
    void a_node_that_is_told_to_stop_ends_in_order_and_starts_as_the_one_it_was() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, 3);
                ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.execute(() -> write(cluster, writer));
            }
            try {
                awaitAcknowledged(BEFORE);
                long told = System.nanoTime();
                assertThat(cluster.node(3).stop()).isIn(0, 143);
                assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(STOPS_WITHIN);
                awaitAcknowledged(acknowledged.size() + AFTER);
                cluster.node(3).start().awaitReady();
                awaitAcknowledged(acknowledged.size() + AFTER);
            } finally {
                stopped.set(true);
            }
            writers.close();
            assertThat(wrong).isEmpty();
            assertThat(starts(cluster.node(3))).hasSize(2);
            assertThat(starts(cluster.node(3)).get(1)).doesNotContain("new actor");
            readBack(cluster);
        }
    }

    private void awaitAcknowledged(int enough) {
        Awaitility.await(enough + " writes")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> acknowledged.size() >= enough || !wrong.isEmpty());
        assertThat(wrong).isEmpty();
    }

    /** One key after the other, each tried at the next node until it is written. */
    private void write(TestCluster cluster, int writer) {
        for (int i = 0; !stopped.get() && wrong.isEmpty(); i++) {
            String key = writer + "-" + i;
            boolean written = false;
            for (int attempt = 0; attempt < TRIES && !written; attempt++) {
                written = put(cluster.nodes().get((writer + i + attempt) % 3), key);
            }
            if (written) {
                acknowledged.add(key);
            } else {
                wrong.add(key + " was not written by " + TRIES + " tries");
            }
        }
    }

    private boolean put(TestNode node, String key) {
        try {
            HttpResponse<String> response =
                    node.put("/v1/kv/drained/" + key, "value of " + key, "Idempotency-Key", key);
            if (response.statusCode() != 204 && response.statusCode() != 503) {
                wrong.add(key + " at " + node.id() + ": " + response.statusCode() + " " + response.body());
            }
            return response.statusCode() == 204;
        } catch (UncheckedIOException e) {
            // A connection refused or closed is how a stopping node may end a request; silence is not, nor is any other
            // node's.
            if (e.getCause() instanceof HttpTimeoutException || !node.id().equals("n3")) {
                wrong.add(key + " at " + node.id() + ": " + e.getCause());
            }
            return false;
        }
    }

    private static List<String> starts(TestNode node) {
        return node.log().lines().filter(line -> line.contains("is up:")).toList();
    }

    private void readBack(TestCluster cluster) {
        int turn = 0;
        for (String key : acknowledged) {
            HttpResponse<String> read = cluster.nodes().get(turn++ % 3).get("/v1/kv/drained/" + key + "?r=2");
            assertThat(read.statusCode()).as("%s: %s", key, read.body()).isEqualTo(200);
            assertThat(read.body()).isEqualTo("value of " + key);
        }
    }
}
