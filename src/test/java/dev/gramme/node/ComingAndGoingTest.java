package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.node.ControlCluster.Process;
import dev.gramme.node.ControlCluster.Setup;
import dev.gramme.ring.Claim;
import dev.gramme.ring.Liveness.State;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.wire.MemberRecord.Standing;
import dev.gramme.wire.Probe;
import dev.gramme.wire.RingTable;
import dev.gramme.wire.StagedChange;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How nodes find a cluster, leave it for a moment, and come back somewhere else. */
class ComingAndGoingTest {
    private final ControlCluster cluster = new ControlCluster(5, 3);

    @Test
    void a_node_finds_the_cluster_by_any_seed_that_lives() {
        cluster.startAll();
        cluster.run(1_000);
        cluster.kill(2);
        Process sixth = cluster.start(6, Setup.UNLISTED);
        sixth.does(
                new Event.SeedsResolved(List.of("127.0.0.1:9", ControlCluster.address(2), ControlCluster.address(4))));
        cluster.run(1_500);
        assertEquals(State.UP, sixth.snapshot("n1").liveness());
        assertEquals(5, sixth.plane.view().ring().members().size());
        assertEquals(List.of(), sixth.snapshot().problems());
        assertEquals(State.UP, cluster.at(1).snapshot("n6").liveness());
    }

    @Test
    void seeds_that_do_not_answer_are_named() {
        Process first = cluster.start(6, Setup.UNLISTED);
        first.does(new Event.SeedsResolved(List.of("127.0.0.1:9", "127.0.0.1:10")));
        cluster.run(2_900);
        assertEquals(List.of(), first.snapshot().problems());
        cluster.run(500);
        assertTrue(first.snapshot().problems().get(0).contains("none of the seeds [127.0.0.1:9, 127.0.0.1:10]"));
    }

    @Test
    void seeds_that_lead_only_back_are_told_from_others() {
        Process first = cluster.start(6, Setup.UNLISTED);
        first.does(new Event.SeedsResolved(List.of(ControlCluster.address(6))));
        cluster.run(3_500);
        assertTrue(first.snapshot().problems().get(0).contains("lead to this node itself"));
    }

    @Test
    void a_node_of_another_cluster_is_told_so_and_stays_out() {
        cluster.startAll();
        cluster.run(12_000);
        Process sixth = cluster.start(6, new Setup("other", 32, 3, 100, false));
        sixth.does(new Event.SeedsResolved(List.of(ControlCluster.address(1))));
        cluster.run(2_000);
        assertTrue(sixth.snapshot().problems().stream().anyMatch(p -> p.contains("it is of cluster 'other'")));
        assertTrue(cluster.at(1).snapshot().problems().stream().anyMatch(p -> p.contains("node n6: refused")));
        assertEquals(5, cluster.at(1).snapshot().members().size());
        assertEquals(4, cluster.at(1).peers.size());
        cluster.run(3_000);
        assertEquals(1, sixth.stops.size());
    }

    @Test
    void a_node_alone_joins_by_command_and_gives_up_its_ring_only_then() {
        ControlCluster one = new ControlCluster(1, 5);
        Process first = one.start(1);
        Process second = one.startAt(1, "127.0.0.1:8001", Setup.USUAL, null);
        second.dead = true;
        Process lonely = one.start(2, new Setup("test", 32, 3, 100, false));
        one.run(500);
        join(lonely, "127.0.0.1:9");
        one.run(1_000);
        assertNull(lonely.answer());
        one.run(5_000);
        assertTrue(error(lonely).contains("none of the seeds [127.0.0.1:9] has answered"), error(lonely));
        join(lonely, ControlCluster.address(2));
        one.run(1_500);
        assertTrue(error(lonely).contains("lead to this node itself"), error(lonely));
        join(lonely, ControlCluster.address(1));
        one.run(1_500);
        assertEquals("", error(lonely));
        assertEquals(1, lonely.plane.view().ring().members().size());
        assertEquals(State.UP, first.snapshot("n2").liveness());
    }

    @Test
    void a_join_that_came_too_early_can_be_asked_for_again_by_the_same_seed() {
        ControlCluster one = new ControlCluster(1, 5);
        RingMember own = new RingMember(ControlCluster.node(2), "", RingMember.DEFAULT_WEIGHT);
        RingTable alone = new RingTable(Claim.first(32, 3, List.of(own)), null, List.of());
        KeptTopology kept = new KeptTopology(alone, null, new BitSet(), new TreeMap<>(), 0);
        Process lonely = one.startAt(2, ControlCluster.address(2), Setup.UNLISTED, kept);
        join(lonely, ControlCluster.address(1));
        one.run(6_000);
        assertTrue(error(lonely).contains("has answered"), error(lonely));
        one.start(1);
        one.run(10_000);
        join(lonely, ControlCluster.address(1));
        one.run(5_500);
        assertEquals("", error(lonely));
        assertEquals(
                List.of(ControlCluster.node(1)),
                List.copyOf(lonely.plane.view().ring().members().keySet()));
    }

    @Test
    void a_node_that_is_in_a_ring_or_holds_something_does_not_join_another() {
        cluster.startAll();
        cluster.run(1_000);
        join(cluster.at(1), "127.0.0.1:9");
        assertTrue(error(cluster.at(1)).contains("in a ring with [n2, n3, n4, n5]"), error(cluster.at(1)));
        Process other = cluster.start(6, Setup.UNLISTED);
        other.does(new Event.Stored(77));
        join(other, ControlCluster.address(1));
        assertTrue(error(other).contains("stores about 77 bytes"), error(other));
        other.does(new Event.Stored(0));
        join(other, "nonsense");
        assertTrue(error(other).contains("'nonsense' is no address"), error(other));
    }

    @Test
    void who_leaves_to_be_started_again_is_down_at_once_and_nobodys_alarm() {
        cluster.startAll();
        cluster.run(2_000);
        cluster.running().forEach(p -> p.effects.clear());
        cluster.at(4).does(new Event.SelfChanged(false, true));
        cluster.run(50);
        cluster.kill(4);
        cluster.run(6_000);
        for (Process process : cluster.running()) {
            assertEquals(State.DOWN, process.sees("n4"));
            assertEquals(Standing.LEAVING_FOR_RESTART, process.snapshot("n4").standing());
            assertEquals("", process.snapshot("n4").problem());
            assertFalse(process.effects.contains(new Effect.Observed(Probe.MEMBER_DOWN, 1)));
        }
        cluster.start(4);
        cluster.run(200);
        cluster.running().forEach(p -> assertEquals(State.UP, p.sees("n4")));
    }

    @Test
    void who_has_left_the_ring_is_an_outsider_and_nobodys_alarm() {
        cluster.startAll();
        cluster.run(1_500);
        cluster.running().forEach(p -> p.effects.clear());
        NodeId fifth = ControlCluster.node(5);
        Process first = cluster.at(1);
        first.does(new Event.Administer(1, new ClusterCommand.Stage(StagedChange.Kind.LEAVE, fifth, 0, null)));
        first.does(new Event.Administer(2, new ClusterCommand.Plan()));
        RingPlan plan = Objects.requireNonNull(first.answer()).plan();
        first.does(new Event.Administer(
                3, new ClusterCommand.Commit(Objects.requireNonNull(plan).id())));
        cluster.run(1_000);
        cluster.running().forEach(ComingAndGoingTest::receivesAll);
        cluster.run(3_000);

        for (Process process : cluster.running()) {
            View view = process.plane.view();
            assertEquals(2, view.topology().settled().version());
            assertFalse(process.effects.contains(new Effect.Observed(Probe.MEMBER_DOWN, 1)), process.id.name());
            if (!process.id.equals(fifth)) {
                assertEquals(Set.of(fifth), view.outsiders());
                assertFalse(view.liveness().containsKey(fifth));
            }
        }
    }

    private static void receivesAll(Process process) {
        Topology topology = process.plane.view().topology();
        Proposal.Id change = Objects.requireNonNull(topology.proposal()).id();
        for (int p = 0; p < topology.settled().partitions(); p++) {
            if (topology.latest().owns(process.id, p) && !topology.settled().owns(process.id, p)) {
                process.does(new Event.RangeReceived(change, p, 0, 0));
            }
        }
    }

    @Test
    void a_node_that_moved_is_the_same_member_at_its_new_address() {
        for (int seed = 0; seed < 10; seed++) {
            ControlCluster fresh = new ControlCluster(5, seed);
            fresh.startAll();
            fresh.run(1_500 + 100 * seed);
            KeptTopology kept = kept(fresh.at(3));
            fresh.kill(3);
            fresh.run(300 * seed);
            Process moved = fresh.startAt(3, "127.0.0.1:9003", Setup.UNLISTED, kept);
            fresh.run(3_000);
            assertEquals(List.of(), moved.stops);
            for (Process process : fresh.running()) {
                assertEquals(State.UP, process.sees("n3"), "seed " + seed);
                assertEquals("127.0.0.1:9003", process.snapshot("n3").bridge());
                assertEquals(5, process.snapshot().members().size());
                assertEquals(State.UP, moved.sees(process.id.name()));
            }
        }
    }

    @Test
    void a_whole_cluster_that_was_restarted_finds_itself_by_what_it_kept() {
        cluster.startAll();
        cluster.run(1_500);
        List<KeptTopology> kept =
                cluster.running().stream().map(ComingAndGoingTest::kept).toList();
        for (int i = 1; i <= 5; i++) {
            cluster.kill(i);
        }
        cluster.run(500);
        for (int i = 1; i <= 5; i++) {
            cluster.startAt(i, ControlCluster.address(i), Setup.UNLISTED, kept.get(i - 1));
        }
        cluster.run(1_000);
        for (Process process : cluster.running()) {
            assertTrue(process.snapshot().joined());
            process.plane.view().liveness().forEach((id, l) -> assertEquals(State.UP, l.state()));
        }
    }

    @Test
    void a_node_whose_joining_was_cancelled_asks_to_come_in_again() {
        cluster.startAll();
        cluster.run(1_000);
        Process sixth = cluster.start(6, Setup.UNLISTED);
        sixth.does(new Event.SeedsResolved(List.of(ControlCluster.address(1))));
        cluster.run(2_000);
        assertEquals(1, cluster.at(1).snapshot().ring().staged().size());
        cluster.at(1).does(new Event.Administer(8, new ClusterCommand.Cancel()));
        cluster.run(2_000);
        assertEquals(List.of(), sixth.snapshot().ring().staged());

        join(sixth, ControlCluster.address(1));
        assertEquals("", error(sixth));
        cluster.run(2_000);
        assertEquals(
                StagedChange.Kind.JOIN,
                cluster.at(1).snapshot().ring().staged().get(0).kind());
    }

    private static KeptTopology kept(Process process) {
        RingTable table = new RingTable(process.plane.view().ring(), null, List.of());
        return new KeptTopology(table, null, new BitSet(), new TreeMap<>(process.peers), 0);
    }

    private static void join(Process process, String... seeds) {
        process.effects.clear();
        process.does(new Event.Administer(9, new ClusterCommand.Join(List.of(seeds))));
    }

    private static String error(Process process) {
        ClusterAnswer answer = process.answer();
        assertNotNull(answer);
        return answer.error();
    }

    @Test
    void two_clusters_that_meet_stay_two_though_one_is_further_and_they_have_a_member_of_one_name() {
        ControlCluster one = new ControlCluster(3, 5);
        one.startAll();
        one.run(1_000);
        RingMember fourth = new RingMember(ControlCluster.node(4), "", RingMember.DEFAULT_WEIGHT);
        RingMember third = new RingMember(ControlCluster.node(3), "", RingMember.DEFAULT_WEIGHT);
        Ring founding = Claim.first(32, 3, List.of(fourth));
        RingTable grown = new RingTable(Claim.change(founding, List.of(fourth, third)), null, List.of());
        TreeMap<NodeId, String> bridges = new TreeMap<>();
        bridges.put(ControlCluster.node(1), ControlCluster.address(1));
        KeptTopology kept = new KeptTopology(grown, null, new BitSet(), bridges, founding.lineage());
        Process foreign = one.startAt(4, ControlCluster.address(4), Setup.UNLISTED, kept);
        Ring ring = one.at(1).plane.view().ring();
        one.run(10_000);
        assertEquals(grown.settled(), foreign.plane.view().ring());
        assertEquals(ring, one.at(1).plane.view().ring());
        assertTrue(foreign.snapshot("n1").problem().contains("another cluster of the same name"));
        assertTrue(one.at(1).snapshot("n4").problem().contains("came of another first ring"));
    }
}
