package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every node of a cluster is stopped in order (SIGTERM) and started again, one after the other, under load. No client sees an error. What a client may
 * see, and is none: a connection that is refused, or closed before an answer, once for one request. That is what an ordinary client or load balancer
 * clears by asking another node at once; an answer that says 503 or 504 is an error here, and so is a second refusal. Clients are sent to nodes that are
 * ready, as a load balancer sends them that asks for readiness twenty times a second.
 */
class RollingRestartIT {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(25);
    private static final int ENOUGH = 150;

    @TempDir
    private Path directory;

    private final StringBuilder drained = new StringBuilder(
            "| node | exit | seconds | readiness seen (0: no answer) | Connection: close |\n|---|---|---|---|---|\n");

    @Test
    void a_rolling_restart_under_load_shows_no_error_and_each_node_starts_as_the_one_it_was() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, 3);
                Load load = Load.start(cluster, "", 12, 60, "warm-up")) {
            load.awaitRequests(3 * ENOUGH);
            load.period("before");
            load.awaitRequests(2 * ENOUGH);
            LoadPeriod rolling = load.period("rolling restart");
            for (TestNode node : List.copyOf(cluster.nodes())) {
                restart(cluster, node, load, rolling);
            }
            List<Acknowledged> acknowledged = load.stop();
            Figures.show("rolling-restart", drained + "\n" + load.table());
            assertThat(load.wrong()).isEmpty();
            assertThat(rolling.repeats().keySet()).isSubsetOf(Set.of("connection refused", "connection closed"));
            assertThat(rolling.longestRun()).isLessThanOrEqualTo(1);
            assertThat(rolling.operations()).isGreaterThan(6 * ENOUGH);
            Members.awaitNoHints(cluster);
            ReadBack.everywhere(cluster.nodes(), acknowledged, "?r=2");
        }
    }

    private void restart(TestCluster cluster, TestNode node, Load load, LoadPeriod rolling)
            throws InterruptedException {
        Draining draining = Draining.of(cluster, node);
        drained.append("| %s | %d | %.1f | %s | %d |%n"
                .formatted(
                        node.id(),
                        draining.exit(),
                        draining.took().toMillis() / 1e3,
                        draining.readiness(),
                        draining.connectionClose()));
        assertThat(draining.exit()).isIn(0, 143);
        assertThat(draining.took()).isLessThan(STOPS_WITHIN);
        assertThat(draining.readiness()).as("it drains before it ends").containsKey(503);
        assertThat(draining.connectionClose())
                .as("answers with Connection: close")
                .isPositive();
        load.awaitRequests((int) rolling.operations() + ENOUGH);
        node.start().awaitReady();
        cluster.remember(node);
        Members.awaitAllUp(cluster);
        load.awaitRequests((int) rolling.operations() + ENOUGH);
        assertThat(starts(node)).hasSize(2);
        assertThat(starts(node).get(1)).doesNotContain("new actor");
    }

    private static List<String> starts(TestNode node) {
        return node.log().lines().filter(line -> line.contains("is up:")).toList();
    }
}
