package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deletes are forgotten by real processes, when all members can agree on it, and what was deleted stays away. */
class CollectionIT {
    private static final int KEYS = 60;

    @TempDir
    private Path directory;

    @Test
    void deleted_keys_are_gone_from_all_stores_and_stay_away_when_a_node_that_was_away_comes_back()
            throws InterruptedException {
        try (TestCluster cluster = TestCluster.start(directory, 3, "--partitions", "16", "--collect-after", "1")) {
            for (int i = 0; i < KEYS; i++) {
                assertThat(cluster.node(1 + i % 3).put(path(i), "value " + i).statusCode())
                        .isEqualTo(204);
            }
            TestNode away = cluster.node(3);
            away.kill9();
            for (int i = 0; i < KEYS; i++) {
                assertThat(cluster.node(1 + i % 2)
                                .send(path(i), r -> r.DELETE())
                                .statusCode())
                        .isEqualTo(204);
            }
            // It holds the values, and nobody forgets what deletes them.
            assertThat(versionsHeld(cluster.node(1))).isEqualTo(2 * KEYS);

            away.start();
            away.awaitReady();
            Awaitility.await("no store holds anything of the deleted keys")
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> versionsHeld(cluster.node(2)) == 0);

            away.kill9();
            away.start();
            away.awaitReady();
            List<String> risen = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                for (int node = 1; node <= 3; node++) {
                    // Of one replica alone, which asks itself first.
                    int status = cluster.node(node)
                            .get(path(i) + "?r=1&quorum=strict")
                            .statusCode();
                    if (status != 404) {
                        risen.add("k" + i + " at n" + node + ": " + status);
                    }
                }
            }
            assertThat(risen).isEmpty();
            assertThat(cluster.node(1).put(path(0), "again").statusCode()).isEqualTo(204);
            assertThat(cluster.node(3).get(path(0)).body()).isEqualTo("again");
        }
    }

    private static String path(int i) {
        return "/v1/kv/b/k" + i;
    }

    /** Of all keys together, at all replicas that answer. */
    private static int versionsHeld(TestNode asked) {
        int versions = 0;
        for (int i = 0; i < KEYS; i++) {
            JsonArray replicas = new JsonObject(asked.get("/v1/explain/b/k" + i).body()).getJsonArray("replicas");
            for (Object replica : replicas) {
                JsonArray siblings = ((JsonObject) replica).getJsonArray("siblings");
                versions += siblings == null ? 0 : siblings.size();
            }
        }
        return versions;
    }
}
