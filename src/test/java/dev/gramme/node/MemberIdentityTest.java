package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.node.ControlCluster.Process;
import dev.gramme.node.ControlCluster.Setup;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.Liveness.State;
import dev.gramme.wire.Gossip;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.Rumour;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may be which member, and who must stop. */
class MemberIdentityTest {
    private final ControlCluster cluster = new ControlCluster(5, 11);

    @Test
    void a_node_restarted_at_once_is_taken_over_without_a_refusal() {
        for (int pauseMillis = 0; pauseMillis < 3_000; pauseMillis += 190) {
            ControlCluster fresh = new ControlCluster(5, pauseMillis);
            fresh.startAll();
            fresh.run(2_000);
            fresh.kill(2);
            fresh.run(pauseMillis);
            Process restarted = fresh.start(2);
            fresh.run(1_500);
            assertEquals(List.of(), restarted.stops);
            for (Process process : fresh.running()) {
                assertEquals(State.UP, process.sees("n2"));
                assertEquals(State.UP, restarted.sees(process.id.name()));
                assertEquals("", process.snapshot("n2").problem());
            }
        }
    }

    @Test
    void a_second_process_with_a_members_id_stops_and_the_first_goes_on() {
        cluster.startAll();
        cluster.run(2_000);
        Process second = cluster.startElsewhere(2, Setup.USUAL);
        cluster.run(6_000);
        assertEquals(1, second.stops.size());
        assertTrue(second.stops.get(0).contains("a node with this id is already running"), second.stops.get(0));
        assertEquals(5, cluster.running().size());
        for (Process process : cluster.running()) {
            assertEquals(List.of(), process.stops);
            assertFalse(process.effects.stream().anyMatch(new Effect.Observed(Probe.MEMBER_DOWN, 1)::equals));
        }
        assertAllSeeAllUp();
    }

    @Test
    void an_old_process_that_was_replaced_while_cut_off_reaches_nobody_and_shows_why() {
        cluster.startAll();
        cluster.run(12_000);
        Process old = cluster.at(2);
        old.paused = true;
        cluster.run(4_000);
        Process replacement = cluster.start(2);
        cluster.run(2_000);
        old.paused = false;
        cluster.run(9_000);
        assertEquals(List.of(), replacement.stops);
        assertEquals(State.UP, cluster.at(1).sees("n2"));
        assertEquals(State.DOWN, old.sees("n1"));
        assertTrue(old.snapshot("n1").problem().contains("refuses this node"));
    }

    @Test
    void a_node_with_another_q_is_refused_with_the_reason_and_stops_alone() {
        Setup wrong = new Setup("test", 64, 3, 100, true);
        for (int i = 1; i < 5; i++) {
            cluster.start(i);
        }
        Process misconfigured = cluster.start(5, wrong);
        cluster.run(6_000);
        assertEquals(1, misconfigured.stops.size());
        assertTrue(misconfigured.stops.get(0).contains("it has Q = 64 partitions, this cluster 32"));
        cluster.run(6_000);
        assertEquals(4, cluster.running().size());
        cluster.running().forEach(p -> assertEquals(State.DOWN, p.sees("n5")));
    }

    @Test
    void a_node_of_another_cluster_or_n_is_never_up() {
        cluster.startAll();
        cluster.run(12_000);
        cluster.kill(5);
        cluster.start(5, new Setup("other", 32, 3, 100, true));
        cluster.run(2_600);
        assertEquals(State.DOWN, cluster.at(1).sees("n5"));
        assertTrue(cluster.at(1).snapshot("n5").problem().contains("it is of cluster 'other'"));
        cluster.kill(5);
        cluster.start(5, new Setup("test", 32, 2, 100, true));
        cluster.run(2_600);
        assertEquals(State.DOWN, cluster.at(1).sees("n5"));
        assertTrue(cluster.at(1).snapshot("n5").problem().contains("it has N = 2 replicas"));
    }

    @Test
    void a_refusal_that_names_another_process_stops_nobody() {
        Process first = cluster.start(1);
        first.does(new Event.Tick());
        Message stale = new Message.Refusal(ControlCluster.node(2), first.instance + 1, true, "late");
        for (int i = 0; i < 100; i++) {
            first.does(new Event.Received(ControlCluster.node(2), stale));
            cluster.run(100);
        }
        assertEquals(List.of(), first.stops);
        assertTrue(first.snapshot("n1").problem().contains("another process with this node's id"));
    }

    @Test
    void who_is_refused_by_a_node_of_another_cluster_still_refutes_what_its_own_say_of_it() {
        cluster.startAll();
        cluster.run(1_000);
        Process first = cluster.at(1);
        Message refusal = new Message.Refusal(ControlCluster.node(9), first.instance, true, "it is of cluster 'test'");
        first.does(new Event.Received(ControlCluster.node(9), refusal));
        Rumour accused = new Rumour.Accused(first.id, 2_000_000, true, ControlCluster.node(3));
        Gossip gossip = new Gossip(cluster.at(3).instance, 0, 0, 0, List.of(accused));
        for (int other = 2; other <= 5; other++) {
            cluster.at(other).does(new Event.Received(ControlCluster.node(3), new Message.Rumours(gossip)));
        }
        cluster.run(2_000);
        assertAllSeeAllUp();
    }

    @Test
    void a_refusal_does_not_stop_a_node_that_another_member_accepts() {
        cluster.startAll();
        cluster.run(1_000);
        Process first = cluster.at(1);
        Message refusal = new Message.Refusal(ControlCluster.node(2), first.instance, true, "mistaken");
        for (int i = 0; i < 50; i++) {
            first.does(new Event.Received(ControlCluster.node(2), refusal));
            cluster.run(100);
        }
        assertEquals(List.of(), first.stops);
    }

    @Test
    void different_lists_of_members_are_shown_on_both_sides() {
        for (int i = 1; i < 5; i++) {
            cluster.start(i);
        }
        cluster.start(5, new Setup("test", 32, 3, 900, true));
        cluster.run(1_000);
        assertTrue(cluster.at(1).snapshot("n5").problem().contains("its ring is another"));
        assertTrue(cluster.at(5).snapshot("n1").problem().contains("its ring is another"));
        assertEquals("", cluster.at(1).snapshot("n2").problem());
        assertEquals(State.UP, cluster.at(1).sees("n5"));
    }

    @Test
    void a_node_that_nobody_listed_is_known_to_all_and_in_no_ring() {
        cluster.startAll();
        cluster.run(500);
        Process sixth = cluster.start(6, Setup.UNLISTED);
        sixth.does(new Event.SeedsResolved(List.of(ControlCluster.address(3))));
        cluster.run(1_500);
        for (Process process : cluster.running()) {
            ClusterSnapshot.MemberState state = process.snapshot("n6");
            assertEquals(State.UP, state.liveness());
            assertEquals(0, state.partitions());
            assertEquals(MemberRecord.Standing.IDLE, state.standing());
            assertEquals(List.of(), process.snapshot().problems());
            assertEquals(6, process.peers.size() + 1);
        }
    }

    @Test
    void a_second_process_that_no_refusal_reaches_says_that_nobody_answers_and_stops_by_itself() {
        cluster.refusalsComeBack = false;
        cluster.startAll();
        cluster.run(2_000);
        Process second = cluster.startElsewhere(2, Setup.USUAL);
        cluster.run(3_500);
        assertEquals(1, second.snapshot().problems().size());
        assertTrue(second.snapshot()
                .problems()
                .get(0)
                .contains("the other members can be reached, but none ever answered n2"));
        assertFalse(second.snapshot().joined());
        cluster.run(12_000);
        assertEquals(1, second.stops.size());
        assertTrue(second.stops.get(0).contains("another node with this id already running"));
        cluster.running().forEach(p -> assertEquals(List.of(), p.snapshot().problems()));
        assertAllSeeAllUp();
    }

    @Test
    void a_node_that_is_the_first_to_start_waits_for_the_others_and_does_not_stop() {
        Process first = cluster.start(1);
        cluster.run(40_000);
        assertEquals(List.of(), first.stops);
        for (int i = 2; i <= 5; i++) {
            cluster.start(i);
        }
        cluster.run(1_000);
        assertAllSeeAllUp();
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
