package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of every node under load: what was acknowledged under {@code sync} is there afterwards. */
class KillAllIT {
    private static final int WRITERS = 24;
    private static final int ENOUGH = 3_000;

    @TempDir
    private Path directory;

    @Test
    void every_acknowledged_write_is_there_after_all_nodes_were_killed() throws InterruptedException {
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        try (TestCluster cluster = TestCluster.start(directory, 5, "--durability", "sync")) {
            AtomicBoolean stopped = new AtomicBoolean();
            try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < WRITERS; i++) {
                    int writer = i;
                    writers.execute(() -> write(cluster, writer, acknowledged, stopped));
                }
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> acknowledged.size() >= ENOUGH);
                for (TestNode node : cluster.nodes()) {
                    node.kill9();
                }
                stopped.set(true);
            }
            cluster.nodes().forEach(TestNode::start);
            cluster.awaitReady();
            List<String> missing = new ArrayList<>();
            int turn = 0;
            for (String key : acknowledged) {
                HttpResponse<String> read = cluster.nodes().get(turn++ % 5).get("/v1/kv/load/" + key + "?r=2");
                if (read.statusCode() != 200 || !read.body().equals("value of " + key)) {
                    missing.add(key + ": " + read.statusCode() + " " + read.body());
                }
            }
            assertThat(missing).isEmpty();
        }
    }

    private static void write(TestCluster cluster, int writer, Queue<String> acknowledged, AtomicBoolean stopped) {
        for (int i = 0; !stopped.get(); i++) {
            String key = writer + "-" + i;
            try {
                HttpResponse<String> response =
                        cluster.nodes().get((writer + i) % 5).put("/v1/kv/load/" + key, "value of " + key);
                if (response.statusCode() == 204) {
                    acknowledged.add(key);
                }
            } catch (UncheckedIOException e) {
                // The node was killed under this request: it was not acknowledged, and nothing is claimed of it.
            }
        }
    }
}
