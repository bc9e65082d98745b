package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that comes back at another address is the member it was. */
class NewAddressIT {
    private static final int ENOUGH = 200;

    @TempDir
    private Path directory;

    @Test
    void a_node_that_moves_is_the_same_member_and_the_ring_stays() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, 3);
                Load load = Load.start(cluster, "", 6, 40, "before")) {
            String ring = Operator.ring(cluster.node(1));
            load.awaitRequests(2 * ENOUGH);
            load.period("one moves after an orderly stop");
            move(cluster, "n3", false);
            load.awaitRequests(ENOUGH);
            load.period("another moves after a crash");
            move(cluster, "n1", true);
            load.awaitRequests(ENOUGH);
            List<Acknowledged> acknowledged = load.stop();
            Figures.show("new-address", load.table());
            assertThat(load.wrong()).isEmpty();
            Members.awaitNoHints(cluster);
            for (TestNode node : cluster.nodes()) {
                assertThat(Operator.ring(node)).isEqualTo(ring);
                assertThat(Members.liveness(node)).hasSize(3);
            }
            ReadBack.everywhere(cluster.nodes(), acknowledged, "?r=2");
        }
    }

    private static void move(TestCluster cluster, String id, boolean crash) throws InterruptedException {
        TestNode mover = cluster.node(id);
        if (crash) {
            mover.kill9();
        } else {
            mover.stop();
        }
        mover.moveTo(Place.onLoopback()).start().awaitReady();
        Awaitility.await("all know the new address")
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> cluster.nodes().stream()
                        .allMatch(node -> node.get("/v1/cluster/members").body().contains(mover.bridge())));
        Members.awaitAllUp(cluster);
    }
}
