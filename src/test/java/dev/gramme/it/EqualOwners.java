package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** Waits for the exchanges that run by themselves. */
final class EqualOwners {
    private static final String REPAIR = "/v1/cluster/repair";

    private EqualOwners() {}

    /** Until each pair of owners has compared each partition from now on, and found it equal. */
    static void await(TestCluster cluster, int pairs) {
        String since = Instant.now().toString();
        Awaitility.await("all owners are equal")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(unequal(cluster, pairs, since))
                        .as("pairs of owners that have not been found equal since %s", since)
                        .isEmpty());
    }

    /** The last exchanges of those pairs of owners. */
    private static List<String> unequal(TestCluster cluster, int pairs, String since) {
        List<String> unequal = new ArrayList<>();
        int left = pairs;
        for (TestNode node : cluster.nodes()) {
            JsonArray last = new JsonObject(node.get(REPAIR).body()).getJsonArray("last");
            left -= last.size();
            last.stream()
                    .map(JsonObject.class::cast)
                    .filter(one -> !one.getString("result").equals("equal")
                            || one.getString("ended").compareTo(since) <= 0)
                    .forEach(one -> unequal.add(node.id() + " " + one.encode()));
        }
        if (left > 0) {
            unequal.add(left + " pairs have not compared yet");
        }
        return unequal;
    }
}
