package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
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

    /** The last exchanges of those pairs of owners. Whoever lacks something begins exchanges that are the other's to begin at all other times. */
    private static List<String> unequal(TestCluster cluster, int pairs, String since) {
        SortedMap<String, JsonObject> last = new TreeMap<>();
        for (TestNode node : cluster.nodes()) {
            new JsonObject(node.get(REPAIR).body())
                    .getJsonArray("last").stream()
                            .map(JsonObject.class::cast)
                            .forEach(one -> last.merge(pair(node.id(), one), one, EqualOwners::later));
        }
        List<String> unequal = new ArrayList<>();
        last.forEach((pair, one) -> {
            if (!one.getString("result").equals("equal")
                    || one.getString("ended").compareTo(since) <= 0) {
                unequal.add(pair + " " + one.encode());
            }
        });
        if (last.size() < pairs) {
            unequal.add(pairs - last.size() + " pairs have not compared yet");
        }
        return unequal;
    }

    private static String pair(String node, JsonObject exchange) {
        String peer = exchange.getString("peer");
        return exchange.getInteger("partition") + " "
                + (node.compareTo(peer) < 0 ? node + " " + peer : peer + " " + node);
    }

    private static JsonObject later(JsonObject one, JsonObject other) {
        return one.getString("ended").compareTo(other.getString("ended")) < 0 ? other : one;
    }
}
