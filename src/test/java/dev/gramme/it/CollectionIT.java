package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deletes are forgotten by real processes, when all members can agree on it, and what was deleted stays away, also where an old backup still has it. */
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
            awaitForgotten(cluster);

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

    @Test
    void a_backup_from_before_deletes_that_are_forgotten_is_refused_and_brings_them_back_only_if_asked_to()
            throws IOException, InterruptedException {
        try (TestCluster cluster = TestCluster.start(directory, 3, "--partitions", "8", "--collect-after", "1")) {
            for (int i = 0; i < KEYS; i++) {
                assertThat(cluster.node(1 + i % 3).put(path(i), "value " + i).statusCode())
                        .isEqualTo(204);
            }
            assertThat(run(cluster, "backup", "--to").status()).isZero();
            for (int i = 0; i < KEYS; i++) {
                assertThat(cluster.node(1 + i % 3)
                                .send(path(i), r -> r.DELETE())
                                .statusCode())
                        .isEqualTo(204);
            }
            awaitForgotten(cluster);

            Program.Run refused = run(cluster, "restore", "--from");
            assertThat(refused.status()).as(refused.out() + refused.err()).isEqualTo(4);
            assertThat(refused.err()).contains("has forgotten deletes", "--return-deleted");
            assertThat(versionsHeld(cluster.node(1))).isZero();

            assertThat(run(cluster, "restore", "--return-deleted", "--from").status())
                    .isZero();
            assertThat(cluster.node(2).get(path(7)).body()).isEqualTo("value 7");

            // A newer backup is as old as what was forgotten before it.
            assertThat(cluster.node(1).put(path(7), "other").statusCode()).isEqualTo(204);
            assertThat(run(cluster, "backup", "--to").status()).isZero();
            assertThat(run(cluster, "restore", "--from").status()).isZero();
        }
    }

    /** @param last what the directory of backups follows */
    private Program.Run run(TestCluster cluster, String... last) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(last));
        words.addAll(List.of(directory.resolve("backup").toString(), "--url", cluster.urls()));
        return Program.run(directory, words.toArray(String[]::new));
    }

    private static void awaitForgotten(TestCluster cluster) {
        Awaitility.await("no store holds anything of the deleted keys")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> versionsHeld(cluster.node(2)) == 0);
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
