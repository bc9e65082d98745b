package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;
import dev.gramme.wire.StagedChange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often members tell each other a table of the ring that has changed: it is thousands of owners to write and to read, beside clients' requests. */
class RingTablesToldTest {
    private static final int MEMBERS = 5;
    private static final long SETTLED_MILLIS = 10_000;

    private final ControlCluster cluster = new ControlCluster(MEMBERS, 5);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void one_change_of_five_members_tables_is_told_each_of_them_about_once(long seed) {
        ControlCluster other = new ControlCluster(MEMBERS, seed);
        other.startAll();
        other.run(SETTLED_MILLIS);
        long before = tables(other);
        stageALeave(other);
        other.run(SETTLED_MILLIS);
        assertAllKnow(other);
        long told = tables(other) - before;
        assertTrue(told <= 2 * (MEMBERS - 1), "told " + told + " times");
    }

    @Test
    void a_member_that_only_who_changed_it_can_not_reach_learns_it_from_the_others() {
        cluster.startAll();
        cluster.run(SETTLED_MILLIS);
        cluster.cut(1, 4);
        stageALeave(cluster);
        cluster.run(SETTLED_MILLIS);
        assertAllKnow(cluster);
    }

    private static void stageALeave(ControlCluster cluster) {
        NodeId last = ControlCluster.node(MEMBERS);
        cluster.at(1).does(new Event.Administer(1, new ClusterCommand.Stage(StagedChange.Kind.LEAVE, last, 0, null)));
    }

    private static void assertAllKnow(ControlCluster cluster) {
        for (ControlCluster.Process process : cluster.running()) {
            assertEquals(1, process.snapshot().ring().staged().size(), process.id + " knows what is staged");
        }
    }

    private static long tables(ControlCluster cluster) {
        return cluster.running().stream()
                .flatMap(process -> process.effects.stream())
                .filter(e -> e instanceof Effect.Send(NodeId to, Message.Exchange exchange) && exchange.ring() != null)
                .count();
    }
}
