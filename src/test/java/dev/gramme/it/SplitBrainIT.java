package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five nodes in network namespaces of their own are split 3|2 by taking the link between two switches down. Both sides take writes; when the link is back,
 * siblings are exactly what both sides wrote, on every node. And both sides have committed a change of the ring before they wrote: both take writes while it is
 * under way, and one ring comes of it.
 */
class SplitBrainIT {
    private static final int LEFT = 3;
    private static final int NODES = 5;
    private static final int KEYS_OF_A_KIND = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    /** Key to the values it must have when all is over, in order. */
    private final SortedMap<String, List<String>> expected = new TreeMap<>();

    private final SortedMap<String, String> contexts = new TreeMap<>();

    @Test
    void a_split_heals_and_siblings_are_exactly_what_both_sides_wrote_and_two_plans_become_one_ring() throws Exception {
        try (Namespaces network = Namespaces.make(directory, LEFT);
                TestCluster cluster = TestCluster.start(directory, network, NODES)) {
            List<TestNode> left = cluster.nodes().subList(0, LEFT);
            List<TestNode> right = cluster.nodes().subList(LEFT, NODES);
            Members.awaitAllUp(cluster);
            begin(cluster.nodes());

            network.cut();
            awaitEachSideAlone(left, right);
            // First: each side writes while a change is under way that can't end before the split does.
            commitOnBothSides(left.get(1), right.get(1));
            awaitUnderWay(left);
            awaitUnderWay(right);
            writeOnBothSides(left, right);

            network.heal();
            Members.awaitAllUp(cluster);
            Operator.awaitSettled(cluster.nodes(), 2);
            Members.awaitNoHints(cluster);
            Members.awaitWhole(cluster);
            assertSiblings(cluster, "?r=3");
            assertSiblings(cluster, "?r=2&quorum=strict");
            assertOwnersAgree(cluster);
        }
    }

    /** Every kind of key that exists before the split. */
    private void begin(List<TestNode> nodes) {
        for (String kind : List.of("both", "left", "right", "neither", "twice", "merged")) {
            for (int i = 0; i < KEYS_OF_A_KIND; i++) {
                String key = kind + "-" + i;
                contexts.put(key, written(nodes.get(i % NODES), key, "before"));
                expected.put(key, List.of("before"));
            }
        }
    }

    /** Two plans for two rings; neither side knows of the other's. */
    private static void commitOnBothSides(TestNode here, TestNode there) {
        Operator.commit(here, Operator.weight(here, "n1", 200));
        Operator.commit(there, Operator.weight(there, "n5", 300));
    }

    /** From then on writes need owners by both rings. */
    private static void awaitUnderWay(List<TestNode> side) {
        Awaitility.await("a change is under way").atMost(PATIENCE).untilAsserted(() -> {
            for (TestNode node : side) {
                JsonNode change = Operator.status(node).path("change");
                assertThat(change.isObject()).as("at %s: %s", node.id(), change).isTrue();
            }
        });
    }

    private void writeOnBothSides(List<TestNode> left, List<TestNode> right) {
        for (int i = 0; i < KEYS_OF_A_KIND; i++) {
            TestNode here = left.get(i % left.size());
            TestNode there = right.get(i % right.size());
            TestNode otherThere = right.get((i + 1) % right.size());
            replace(here, "left-" + i, "left");
            replace(there, "right-" + i, "right");
            replace(here, "both-" + i, "left");
            replace(there, "both-" + i, "right");
            expect("both-" + i, "left", "right");
            // The second write of a side replaces its first, and nothing of the other side's.
            String twice = "twice-" + i;
            String first = written(here, twice, "left 1", with(contexts.get(twice)));
            replace(there, twice, "right");
            written(left.get((i + 1) % left.size()), twice, "left 2", with(first));
            expect(twice, "left 2", "right");
            // Siblings made and merged on one side, beside a write of the other's.
            String merged = "merged-" + i;
            written(there, merged, "right 1", with(contexts.get(merged)));
            written(otherThere, merged, "right 2", with(contexts.get(merged)));
            HttpResponse<String> both = Repeats.untilAnswered(() -> there.get(path(merged) + "?r=2"));
            assertThat(Values.of(both)).containsExactlyInAnyOrder("right 1", "right 2");
            replace(here, merged, "left");
            written(there, merged, "right 3", with(context(both)));
            expect(merged, "left", "right 3");
            // Keys that are new.
            written(here, "new-left-" + i, "left");
            expect("new-left-" + i, "left");
            written(there, "new-right-" + i, "right");
            expect("new-right-" + i, "right");
            written(here, "new-both-" + i, "left");
            written(there, "new-both-" + i, "right");
            expect("new-both-" + i, "left", "right");
        }
    }

    /** By somebody who has seen what was there before the split. */
    private void replace(TestNode node, String key, String value) {
        written(node, key, value, with(contexts.get(key)));
        expect(key, value);
    }

    private void expect(String key, String... values) {
        expected.put(key, List.of(values));
    }

    private static String[] with(String context) {
        return new String[] {"Gramme-Context", context};
    }

    private static String path(String key) {
        return "/v1/kv/split/" + key;
    }

    private static String context(HttpResponse<String> response) {
        return response.headers().firstValue("Gramme-Context").orElseThrow();
    }

    /** Each side takes the other for down. */
    private static void awaitEachSideAlone(List<TestNode> left, List<TestNode> right) {
        Awaitility.await("each side is alone")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .untilAsserted(() -> {
                    for (TestNode here : left) {
                        right.forEach(there -> assertDown(here, there));
                    }
                    for (TestNode here : right) {
                        left.forEach(there -> assertDown(here, there));
                    }
                });
    }

    private static void assertDown(TestNode here, TestNode there) {
        assertThat(Members.liveness(here)).as("at %s", here.id()).containsEntry(there.id(), "down");
    }

    /** As an ordinary client: a write that finds too few nodes for a moment is repeated with its idempotency key. */
    private String written(TestNode node, String key, String value, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Idempotency-Key", key + " " + value));
        HttpResponse<String> response =
                Repeats.untilAnswered(() -> node.put(path(key), value, all.toArray(String[]::new)));
        assertThat(response.statusCode())
                .as("%s at %s: %s", key, node.id(), response.body())
                .isEqualTo(204);
        return context(response);
    }

    private void assertSiblings(TestCluster cluster, String query) {
        SoftAssertions softly = new SoftAssertions();
        expected.forEach((key, values) -> {
            for (TestNode node : cluster.nodes()) {
                softly.assertThat(Values.of(Repeats.untilAnswered(() -> node.get(path(key) + query))))
                        .as("%s at %s with %s", key, node.id(), query)
                        .containsExactlyInAnyOrderElementsOf(values);
            }
        });
        softly.assertAll();
    }

    /** Each owner holds the same versions, by dots: soon, because what a read has found to be behind is repaired after its answer. */
    private void assertOwnersAgree(TestCluster cluster) {
        for (String key : expected.keySet()) {
            Awaitility.await("the owners of " + key + " agree")
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                    .untilAsserted(() -> assertOwnersAgree(cluster.node(1), key));
        }
    }

    private void assertOwnersAgree(TestNode asked, String key) {
        JsonNode explained = Values.json(asked.get("/v1/explain/split/" + key).body());
        List<SortedSet<String>> held = new ArrayList<>();
        for (JsonNode replica : explained.path("replicas")) {
            if (replica.path("owner").asBoolean()) {
                SortedSet<String> dots = new TreeSet<>();
                replica.path("siblings")
                        .forEach(sibling -> dots.add(sibling.path("dot").asText()));
                held.add(dots);
            }
        }
        assertThat(held).as(explained.toPrettyString()).hasSize(3);
        assertThat(Set.copyOf(held)).as(explained.toPrettyString()).hasSize(1);
        assertThat(held.get(0)).as(key).hasSameSizeAs(expected.get(key));
    }
}
