package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** Changes the ring over REST, as people and orchestrators do. */
final class Operator {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Operator() {}

    /** Stages a change; the plan of all that is staged. */
    static JsonNode stage(TestNode at, String command, String json) {
        HttpResponse<String> answer = at.post("/v1/cluster/" + command, json);
        assertThat(answer.statusCode())
                .as("%s %s: %s", command, json, answer.body())
                .isEqualTo(200);
        return Values.json(answer.body());
    }

    static JsonNode leave(TestNode at, String node) {
        return stage(at, "leave", "{\"node\":\"" + node + "\"}");
    }

    static JsonNode replace(TestNode at, String old, String successor) {
        return stage(at, "replace", "{\"old\":\"" + old + "\",\"new\":\"" + successor + "\"}");
    }

    static JsonNode weight(TestNode at, String node, int weight) {
        return stage(at, "weight", "{\"node\":\"" + node + "\",\"weight\":" + weight + "}");
    }

    /** Starts the plan that was shown. */
    static void commit(TestNode at, JsonNode plan) {
        HttpResponse<String> answer =
                at.post("/v1/cluster/commit", "{\"plan\":\"" + plan.path("plan").asText() + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** Commits the plan that brings in just these, which have asked for it; a plan that is stale by the time it is committed is looked at again. */
    static JsonNode commitJoins(TestNode at, String... joining) {
        AtomicReference<JsonNode> committed = new AtomicReference<>();
        Awaitility.await("a plan with " + List.of(joining)).atMost(PATIENCE).until(() -> {
            HttpResponse<String> plan = at.get("/v1/cluster/plan");
            if (plan.statusCode() != 200 || !changes(plan).equals(Set.of(joining))) {
                return false;
            }
            JsonNode shown = Values.json(plan.body());
            committed.set(shown);
            return at.post(
                                    "/v1/cluster/commit",
                                    "{\"plan\":\"" + shown.path("plan").asText() + "\"}")
                            .statusCode()
                    == 200;
        });
        return committed.get();
    }

    private static Set<String> changes(HttpResponse<String> plan) {
        Set<String> nodes = new TreeSet<>();
        Values.json(plan.body())
                .path("changes")
                .forEach(change -> nodes.add(change.path("node").asText()));
        return nodes;
    }

    /** Every node goes by the ring of this version, the same one, and no change is under way. */
    static void awaitSettled(List<TestNode> nodes, long version) {
        Awaitility.await("ring " + version + " is settled")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    Set<String> rings = new TreeSet<>();
                    for (TestNode node : nodes) {
                        JsonNode status = status(node);
                        assertThat(status.path("change").isNull()
                                        || status.path("change").isMissingNode())
                                .as("a change is under way: %s", status.toPrettyString())
                                .isTrue();
                        rings.add(status.path("ring").path("version").asLong() + " "
                                + status.path("ring").path("hash").asText());
                    }
                    assertThat(rings).hasSize(1);
                    assertThat(rings.iterator().next()).startsWith(version + " ");
                });
    }

    /** Version and hash of the settled ring, as {@code node} knows it. */
    static String ring(TestNode node) {
        JsonNode ring = status(node).path("ring");
        return ring.path("version").asText() + " " + ring.path("hash").asText();
    }

    static JsonNode status(TestNode node) {
        HttpResponse<String> answer = node.get("/v1/cluster/status");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Values.json(answer.body());
    }

    /** What a plan moves, for people. */
    static String summary(String what, JsonNode plan) {
        return "%s: %d moves (least %d), about %d bytes%n"
                .formatted(
                        what,
                        plan.path("moves").asInt(),
                        plan.path("leastMoves").asInt(),
                        plan.path("bytesToMove").asLong());
    }
}
