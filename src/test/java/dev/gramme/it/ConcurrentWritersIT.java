package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Siblings over REST, on a real cluster of five. */
class ConcurrentWritersIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = TestCluster.start(directory, 5);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void two_writers_with_one_context_give_two_siblings_on_every_replica_and_a_merge_leaves_one() throws IOException {
        String path = "/v1/kv/carts/two-writers";
        cluster.node(1).put(path, "start");
        String context = context(cluster.node(2).get(path));
        assertThat(cluster.node(1).put(path, "left", "Gramme-Context", context).statusCode())
                .isEqualTo(204);
        assertThat(cluster.node(3).put(path, "right", "Gramme-Context", context).statusCode())
                .isEqualTo(204);

        awaitSiblingsOnEveryReplica("carts/two-writers", 2);
        HttpResponse<String> both = cluster.node(5).get(path);
        assertThat(both.statusCode()).isEqualTo(300);
        assertThat(values(both)).containsExactlyInAnyOrder("left", "right");

        cluster.node(4).put(path, "merged", "Gramme-Context", context(both));
        awaitSiblingsOnEveryReplica("carts/two-writers", 1);
        HttpResponse<String> one = cluster.node(2).get(path);
        assertThat(one.statusCode()).isEqualTo(200);
        assertThat(one.body()).isEqualTo("merged");
    }

    @Test
    void a_put_without_context_makes_a_sibling_where_siblings_are_kept() throws IOException {
        String path = "/v1/kv/carts/blind";
        cluster.node(1).put(path, "one");
        cluster.node(2).put(path, "two");
        awaitSiblingsOnEveryReplica("carts/blind", 2);
        assertThat(values(cluster.node(3).get(path))).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void a_put_without_context_overwrites_where_the_last_write_wins() throws IOException {
        HttpResponse<String> set = cluster.node(1)
                .put(
                        "/v1/buckets/sessions",
                        "{\"conflictPolicy\":\"last-write-wins\"}",
                        "Content-Type",
                        "application/json");
        assertThat(set.statusCode()).as(set.body()).isBetween(200, 204);
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            for (TestNode node : cluster.nodes()) {
                assertThat(node.get("/v1/buckets/sessions").body()).contains("last-write-wins");
            }
        });
        String path = "/v1/kv/sessions/s1";
        cluster.node(2).put(path, "one");
        cluster.node(3).put(path, "two");
        awaitSiblingsOnEveryReplica("sessions/s1", 1);
        assertThat(cluster.node(4).get(path).body()).isEqualTo("two");
    }

    @Test
    void a_deleted_key_is_gone_on_every_node_and_can_be_written_again() throws IOException {
        String path = "/v1/kv/carts/deleted";
        cluster.node(1).put(path, "value");
        String context = context(cluster.node(2).get(path));
        HttpResponse<String> deleted = cluster.node(3)
                .send(path, r -> r.header("Gramme-Context", context).DELETE());
        assertThat(deleted.statusCode()).isEqualTo(204);
        for (TestNode node : cluster.nodes()) {
            assertThat(node.get(path).statusCode()).isEqualTo(404);
        }
        String seen = context(cluster.node(4).get(path));
        cluster.node(4).put(path, "again", "Gramme-Context", seen);
        assertThat(cluster.node(5).get(path).body()).isEqualTo("again");
    }

    @Test
    void a_retried_put_with_one_idempotency_key_is_one_version() throws IOException {
        String path = "/v1/kv/carts/retried";
        for (TestNode node : cluster.nodes()) {
            assertThat(node.put(path, "once", "Idempotency-Key", "order-17").statusCode())
                    .isEqualTo(204);
        }
        awaitSiblingsOnEveryReplica("carts/retried", 1);
        assertThat(cluster.node(1).get(path).body()).isEqualTo("once");
    }

    private static String context(HttpResponse<String> response) {
        return response.headers().firstValue("Gramme-Context").orElseThrow();
    }

    private static List<String> values(HttpResponse<String> response) throws IOException {
        List<String> values = new ArrayList<>();
        for (JsonNode sibling : JSON.readTree(response.body()).path("siblings")) {
            values.add(sibling.path("text").asText());
        }
        return values;
    }

    private static void awaitSiblingsOnEveryReplica(String key, int siblings) {
        Awaitility.await("siblings of " + key).atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            JsonNode explained =
                    JSON.readTree(cluster.node(1).get("/v1/explain/" + key).body());
            int owners = 0;
            for (JsonNode replica : explained.path("replicas")) {
                if (replica.path("owner").asBoolean()) {
                    owners++;
                    assertThat(replica.path("siblings").size())
                            .as(explained.toPrettyString())
                            .isEqualTo(siblings);
                }
            }
            assertThat(owners).isEqualTo(3);
        });
    }
}
