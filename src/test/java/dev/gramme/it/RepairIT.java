package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that has lost its disk and keeps its name is filled by anti-entropy alone: nobody reads. */
class RepairIT {
    private static final int KEYS = 600;
    private static final String REPAIR = "/v1/cluster/repair";

    @TempDir
    private Path directory;

    @Test
    void a_node_whose_disk_was_wiped_holds_everything_again_after_a_repair() throws IOException, InterruptedException {
        try (TestCluster cluster = TestCluster.start(directory, 3)) {
            for (int i = 0; i < KEYS; i++) {
                assertThat(cluster.node(1 + i % 3)
                                .put("/v1/kv/b/k" + i, "value " + i, "Content-Type", "text/plain")
                                .statusCode())
                        .isEqualTo(204);
            }
            TestNode wiped = cluster.node(3);
            wiped.kill9();
            wiped.wipe();
            wiped.start();
            wiped.awaitReady();
            assertThat(wiped.post(REPAIR, "").statusCode()).isEqualTo(202);
            Awaitility.await("all that was asked for is compared")
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> figures(wiped).getInteger("left") == 0);
            JsonObject figures = figures(wiped);
            assertThat(figures.getInteger("keysRepairedHere")).isGreaterThan(0);
            Members.awaitWhole(cluster);
            List<String> missing = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                // Of one replica alone, which asks itself first.
                HttpResponse<String> read = wiped.get("/v1/kv/b/k" + i + "?r=1&quorum=strict");
                if (!read.body().equals("value " + i)) {
                    missing.add("k" + i + ": " + read.statusCode() + " " + read.body());
                }
            }
            assertThat(missing).as("of %s", figures).isEmpty();
            Awaitility.await("a second comparison finds all equal")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> comparesEqual(cluster.node(1)));
            assertThatTheCommandAsksEveryMember(cluster);
        }
    }

    private void assertThatTheCommandAsksEveryMember(TestCluster cluster) throws IOException, InterruptedException {
        List<Integer> before = new ArrayList<>();
        for (int node = 1; node <= 3; node++) {
            before.add(equal(cluster.node(node)));
        }
        int pairs = figures(cluster.node(1)).getJsonArray("last").size();
        Program.Run run = Program.run(
                directory,
                "repair",
                "--now",
                "--watch",
                "--url",
                cluster.node(1).url());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("done, ");
        for (int node = 1; node <= 3; node++) {
            assertThat(run.out()).contains("n" + node + ": ");
            assertThat(equal(cluster.node(node))).isGreaterThan(before.get(node - 1) + pairs / 2);
        }
    }

    /** Exchanges that found nothing to repair. */
    private static int equal(TestNode node) {
        return figures(node).getJsonObject("exchanges").getInteger("equal");
    }

    private static JsonObject figures(TestNode node) {
        return new JsonObject(node.get(REPAIR).body());
    }

    private static boolean comparesEqual(TestNode node) throws InterruptedException {
        JsonObject before = figures(node);
        node.post(REPAIR, "");
        Awaitility.await("a comparison")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> figures(node).getInteger("left") == 0);
        JsonObject after = figures(node);
        return after.getInteger("keysRepairedHere").equals(before.getInteger("keysRepairedHere"))
                && after.getInteger("keysRepairedThere").equals(before.getInteger("keysRepairedThere"))
                && after.getJsonArray("last").stream()
                        .allMatch(
                                last -> ((JsonObject) last).getString("result").equals("equal"));
    }
}
