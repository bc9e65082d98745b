package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.awaitility.Awaitility;

/** What each node says of the members. */
final class Members {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Members() {}

    /** Every node that clients know takes every other one for up. */
    static void awaitAllUp(TestCluster cluster) {
        Awaitility.await("all see all up")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .untilAsserted(() -> {
                    for (TestNode node : cluster.nodes()) {
                        assertThat(liveness(node))
                                .as("at %s", node.id())
                                .hasSizeGreaterThanOrEqualTo(cluster.nodes().size())
                                .allSatisfy((id, state) -> assertThat(state).isEqualTo("up"));
                    }
                });
    }

    /** Member to what {@code node} takes it for: up, suspect, down. */
    static SortedMap<String, String> liveness(TestNode node) {
        SortedMap<String, String> liveness = new TreeMap<>();
        for (JsonNode member : members(node)) {
            liveness.put(member.path("id").asText(), member.path("liveness").asText());
        }
        return liveness;
    }

    /** Everything that was kept for somebody else has been delivered. */
    static void awaitNoHints(TestCluster cluster) {
        Awaitility.await("hints drain to zero")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .untilAsserted(() -> {
                    for (TestNode node : cluster.nodes()) {
                        for (JsonNode member : members(node)) {
                            assertThat(member.path("hints").asLong())
                                    .as("%s at %s", member, node.id())
                                    .isZero();
                        }
                    }
                });
    }

    /** No node lacks anything: strict reads are answered. */
    static void awaitWhole(TestCluster cluster) {
        Awaitility.await("all are whole")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .untilAsserted(() -> {
                    for (TestNode node : cluster.nodes()) {
                        assertThat(lacking(node)).as("at %s", node.id()).isZero();
                    }
                });
    }

    /** How many partitions {@code node} owns and may lack something of. */
    static int lacking(TestNode node) {
        return Values.json(node.get("/v1/cluster/status").body())
                .path("partitionsLacking")
                .asInt(-1);
    }

    private static JsonNode members(TestNode node) {
        return Values.json(node.get("/v1/cluster/members").body()).path("members");
    }

    /** The partitions that {@code node} owns, as it says. */
    static SortedSet<Integer> owned(TestNode node) {
        SortedSet<Integer> owned = new TreeSet<>();
        int partition = 0;
        for (JsonNode owners : Values.json(node.get("/v1/cluster/ring").body()).path("owners")) {
            for (JsonNode owner : owners) {
                if (owner.asText().equals(node.id())) {
                    owned.add(partition);
                }
            }
            partition++;
        }
        return owned;
    }
}
