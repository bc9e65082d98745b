package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.node.ControlCluster.Process;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.Liveness.State;
import dev.gramme.wire.Probe;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlPlaneTest {
    private final ControlCluster cluster = new ControlCluster(5, 11);

    @Test
    void the_first_view_has_this_node_up_and_all_others_down() {
        Process first = cluster.start(1);
        List<Effect> effects = first.does(new Event.Tick());
        assertEquals(cluster.at(1).peers.keySet().size(), 4);
        assertTrue(effects.contains(new Effect.PublishView(first.plane.view())));
        assertEquals(State.UP, first.sees("n1"));
        assertEquals(State.DOWN, first.sees("n2"));
        assertFalse(first.snapshot().joined());
    }

    @Test
    void nodes_that_start_find_each_other_within_two_periods() {
        cluster.startAll();
        cluster.run(500);
        assertAllSeeAllUp();
        cluster.running().forEach(p -> assertTrue(p.snapshot().joined()));
    }

    @Test
    void a_node_at_peace_says_little() {
        cluster.startAll();
        cluster.run(2_000);
        for (int i = 0; i < 100; i++) {
            List<Effect> effects = cluster.at(1).does(new Event.Tick());
            assertTrue(effects.stream().filter(Effect.Send.class::isInstance).count() <= 1);
            cluster.run(5);
        }
    }

    @Test
    void a_killed_node_is_down_for_everybody_soon_and_nobody_else_is() {
        cluster.startAll();
        cluster.run(2_000);
        cluster.kill(3);
        cluster.run(500);
        cluster.running().forEach(p -> assertEquals(State.SUSPECT, p.sees("n3"), "routed around at once"));
        cluster.run(2_000);
        for (Process process : cluster.running()) {
            assertEquals(State.DOWN, process.sees("n3"));
            assertEquals(State.UP, process.sees("n5"));
            assertTrue(process.effects.contains(new Effect.Observed(Probe.MEMBER_DOWN, 1)));
        }
        cluster.start(3);
        cluster.run(600);
        assertAllSeeAllUp();
    }

    @Test
    void silence_makes_a_suspect_then_down_and_the_first_word_makes_it_up_again() {
        cluster.startAll();
        cluster.run(2_000);
        cluster.isolate(2);
        cluster.run(900);
        for (int i = 3; i <= 5; i++) {
            assertEquals(State.SUSPECT, cluster.at(i).sees("n2"));
        }
        cluster.run(2_600);
        assertEquals(State.DOWN, cluster.at(1).sees("n2"));
        cluster.healLinks();
        cluster.run(1_000);
        assertAllSeeAllUp();
    }

    @Test
    void a_one_way_partition_is_seen_from_both_sides_and_by_nobody_else() {
        cluster.startAll();
        cluster.run(2_000);
        cluster.cut(1, 2);
        cluster.run(1_500);
        for (int i = 0; i < 20; i++) {
            cluster.run(100);
            assertEquals(State.SUSPECT, cluster.at(2).sees("n1"), "n1 does not answer n2");
            assertEquals(State.SUSPECT, cluster.at(1).sees("n2"), "what n1 sends to n2 is lost");
            for (int other = 3; other <= 5; other++) {
                assertEquals(State.UP, cluster.at(other).sees("n1"), "n1 is there, and that is nobody's alarm");
                assertEquals(State.UP, cluster.at(other).sees("n2"));
            }
        }
        cluster.healLinks();
        cluster.run(600);
        assertAllSeeAllUp();
    }

    @Test
    void a_node_that_was_paused_does_not_judge_the_others_by_a_silence_it_could_not_hear() {
        cluster.startAll();
        cluster.run(2_000);
        Process paused = cluster.at(2);
        paused.paused = true;
        cluster.run(4_000);
        assertEquals(State.DOWN, cluster.at(1).sees("n2"));
        paused.effects.clear();
        paused.paused = false;
        cluster.run(600);
        assertAllSeeAllUp();
        assertFalse(paused.effects.contains(new Effect.Observed(Probe.MEMBER_DOWN, 1)));
    }

    @Test
    void a_node_that_drains_is_down_for_routing_at_once_and_back_when_it_is_ready() {
        cluster.startAll();
        cluster.run(2_000);
        cluster.at(4).does(new Event.SelfChanged(false, true));
        cluster.run(30);
        assertEquals(State.DOWN, cluster.at(1).sees("n4"));
        assertFalse(cluster.at(1).snapshot("n4").ready());
        cluster.at(4).does(new Event.SelfChanged(true, true));
        cluster.run(30);
        assertAllSeeAllUp();
    }

    @Test
    void a_node_with_a_full_disk_is_read_from_and_not_written_to() {
        cluster.startAll();
        cluster.run(2_000);
        cluster.at(4).does(new Event.SelfChanged(true, false));
        cluster.run(30);
        for (Process process : cluster.running()) {
            Liveness liveness = process.plane.view().liveness().get(ControlCluster.node(4));
            assertEquals(new Liveness(State.UP, false), liveness);
        }
    }

    @Test
    void a_node_that_finds_no_majority_counts_as_joined_after_a_bound() {
        Process alone = cluster.start(1);
        cluster.run(9_000);
        assertFalse(alone.snapshot().joined());
        cluster.run(1_500);
        assertTrue(alone.snapshot().joined());
    }

    @Test
    void the_snapshot_tells_what_members_told() {
        cluster.startAll();
        cluster.run(2_000);
        ClusterSnapshot.MemberState second = cluster.at(1).snapshot("n2");
        assertEquals("http-of-n2", second.http());
        assertEquals("127.0.0.1:7002", second.bridge());
        assertTrue(second.lastHeardMillis() >= 0 && second.lastHeardMillis() < 1_500);
        assertEquals(0, cluster.at(1).snapshot("n1").lastHeardMillis());
        int owned = cluster.at(1).snapshot().members().stream()
                .mapToInt(ClusterSnapshot.MemberState::partitions)
                .sum();
        assertEquals(32 * 3, owned);
    }

    @Test
    void an_event_for_a_data_plane_is_an_error_of_the_surroundings() {
        Process first = cluster.start(1);
        assertThrows(IllegalStateException.class, () -> first.does(new Event.Persisted(1)));
    }

    private void assertAllSeeAllUp() {
        for (Process process : cluster.running()) {
            process.plane
                    .view()
                    .liveness()
                    .forEach((id, l) -> assertEquals(Liveness.UP, l, process.id + " sees " + id));
        }
    }
}
