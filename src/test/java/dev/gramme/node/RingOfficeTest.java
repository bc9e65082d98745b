package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.membership.Timings;
import dev.gramme.ring.Claim;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.version.Now;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.RingProgress;
import dev.gramme.wire.RingTable;
import dev.gramme.wire.StagedChange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RingOfficeTest {
    private static final Now NOW = new Now(1, 1);
    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final NodeId N4 = new NodeId("n4");
    private static final NodeId N5 = new NodeId("n5");
    private static final NodeId N6 = new NodeId("n6");

    private final TreeMap<NodeId, MemberRecord> records = new TreeMap<>();
    private final TreeMap<NodeId, Liveness> liveness = new TreeMap<>();
    private final Ring first;
    private final RingKeeper keeper;

    RingOfficeTest() {
        List<RingMember> members = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            NodeId id = new NodeId("n" + i);
            members.add(new RingMember(id, "zone-" + i % 3, 100));
            up(id, "zone-" + i % 3, 100);
        }
        first = Claim.first(64, 3, members);
        keeper = keeper(null);
        keeper.peerHeard();
        carryOut();
    }

    private RingKeeper keeper(@Nullable KeptTopology kept) {
        return new RingKeeper(
                new ControlSettings(
                        N1,
                        1,
                        "test",
                        64,
                        3,
                        "zone-1",
                        100,
                        "b",
                        "h",
                        "test",
                        1,
                        Timings.DEFAULT,
                        first,
                        new TreeMap<>()),
                kept);
    }

    private void up(NodeId id, String zone, int weight) {
        tells(id, zone, weight, RingProgress.NONE);
        liveness.put(id, Liveness.UP);
    }

    private void tells(NodeId id, String zone, int weight, RingProgress progress) {
        records.put(
                id,
                new MemberRecord(
                        id,
                        1,
                        1,
                        MemberRecord.Standing.SERVING,
                        "b",
                        "h",
                        zone,
                        weight,
                        true,
                        1,
                        "test",
                        48_000,
                        progress));
    }

    private void down(NodeId id) {
        liveness.put(id, Liveness.DOWN);
    }

    /** Every write to the disk succeeds, every loop catches up. */
    private void carryOut() {
        keeper.handle(new Event.LoopCaughtUp(0, keeper.topology().epoch()), NOW);
        for (Effect.KeepTopology keep = toKeep(keeper); keep != null; keep = toKeep(keeper)) {
            keeper.handle(new Event.TopologyKept(keep.sequence(), ""), NOW);
            keeper.handle(new Event.LoopCaughtUp(0, keeper.topology().epoch()), NOW);
        }
    }

    private static Effect.@Nullable KeepTopology toKeep(RingKeeper keeper) {
        Effect.KeepTopology keep = null;
        for (Effect effect : keeper.effects()) {
            keep = effect instanceof Effect.KeepTopology found ? found : keep;
        }
        return keep;
    }

    private static Effect.KeepTopology kept(RingKeeper keeper) {
        Effect.KeepTopology keep = toKeep(keeper);
        if (keep == null) {
            throw new AssertionError("nothing is to be kept");
        }
        return keep;
    }

    private ClusterAnswer ask(ClusterCommand command) {
        ClusterAnswer answer = keeper.administer(command, records, liveness);
        keeper.members(records);
        carryOut();
        return answer;
    }

    private String stage(StagedChange.Kind kind, NodeId node, int weight, @Nullable NodeId successor) {
        return ask(new ClusterCommand.Stage(kind, node, weight, successor)).error();
    }

    private RingPlan plan() {
        ClusterAnswer answer = ask(new ClusterCommand.Plan());
        RingPlan plan = answer.plan();
        if (plan == null) {
            throw new AssertionError(answer.error());
        }
        return plan;
    }

    private RingPlan commit() {
        RingPlan plan = plan();
        assertEquals("", ask(new ClusterCommand.Commit(plan.id())).error());
        return plan;
    }

    private Proposal proposal() {
        Proposal proposal = keeper.topology().proposal();
        if (proposal == null) {
            throw new AssertionError("no change is under way");
        }
        return proposal;
    }

    private void allTell(Phase phase, NodeId... but) {
        for (NodeId node : keeper.topology().needed()) {
            if (!List.of(but).contains(node) && !node.equals(N1)) {
                tells(node, "zone-1", 100, new RingProgress(1, proposal().id(), phase, 0, 0, 0, 0));
            }
        }
        keeper.members(records);
        carryOut();
    }

    private static void assertSays(String said, String... parts) {
        for (String part : parts) {
            assertTrue(said.contains(part), "'" + part + "' is not in: " + said);
        }
    }

    @Test
    void a_join_is_planned_with_shares_moves_and_bytes() {
        up(N5, "zone-2", 100);
        assertEquals("", stage(StagedChange.Kind.JOIN, N5, 0, null));
        RingPlan plan = plan();
        RingPlan.Share newcomer = plan.shares().get(4);
        assertEquals(0, newcomer.before());
        assertEquals(newcomer.after(), newcomer.gains());
        assertEquals(plan.after().share(N5), newcomer.after());
        assertEquals(2, plan.after().version());
        assertTrue(plan.moves() >= plan.leastMoves() && plan.leastMoves() > 0, plan.moves() + " moves");
        // Four members of 48 of 192 places hold 48,000 bytes each.
        assertEquals(1_000L * plan.moves(), plan.bytesToMove());
        assertNull(keeper.topology().proposal());
    }

    @Test
    void a_commit_starts_what_was_shown_and_nothing_else() {
        assertSays(ask(new ClusterCommand.Plan()).error(), "nothing is staged", "gramme cluster join");
        assertEquals("", stage(StagedChange.Kind.WEIGHT, N2, 200, null));
        RingPlan shown = plan();
        assertEquals("", stage(StagedChange.Kind.WEIGHT, N2, 50, null));
        assertSays(ask(new ClusterCommand.Commit(shown.id())).error(), "stale plan", "gramme cluster plan");
        assertNull(keeper.topology().proposal());
        RingPlan committed = commit();
        assertEquals(committed.after(), proposal().target());
        assertSays(ask(new ClusterCommand.Commit(committed.id())).error(), "under way already");
        assertEquals(proposal(), keeper.table().proposal());
    }

    @Test
    void a_second_commit_contains_the_first_and_withdraws_it() {
        assertEquals("", stage(StagedChange.Kind.WEIGHT, N2, 200, null));
        commit();
        Proposal one = proposal();
        up(N5, "zone-2", 100);
        assertEquals("", stage(StagedChange.Kind.JOIN, N5, 0, null));
        RingPlan second = commit();
        assertEquals(2, second.changes().size());
        assertEquals(200, second.after().members().get(N2).weight());
        assertTrue(proposal().id().supersedes(one.id()));
    }

    @Test
    void a_leave_is_refused_if_fewer_than_n_would_be_left() {
        assertEquals("", stage(StagedChange.Kind.LEAVE, N4, 0, null));
        assertSays(stage(StagedChange.Kind.LEAVE, N2, 0, null), "n2 can't leave: 2 members would be left", "N = 3");
        up(N5, "zone-1", 100);
        assertEquals("", stage(StagedChange.Kind.JOIN, N5, 0, null));
        assertEquals("", stage(StagedChange.Kind.LEAVE, N2, 0, null));
        assertEquals(3, plan().after().members().size());
    }

    @Test
    void a_leave_counts_on_nobody_who_is_to_join_and_is_down() {
        assertEquals("", stage(StagedChange.Kind.LEAVE, N4, 0, null));
        up(N5, "zone-1", 100);
        assertEquals("", stage(StagedChange.Kind.JOIN, N5, 0, null));
        assertEquals("", stage(StagedChange.Kind.LEAVE, N2, 0, null));
        RingPlan shown = plan();
        down(N5);
        assertSays(ask(new ClusterCommand.Commit(shown.id())).error(), "can't leave: 2 members would be left");
        assertSays(stage(StagedChange.Kind.LEAVE, N2, 0, null), "n2 can't leave: 2 members would be left", "N = 3");
        assertNull(keeper.topology().proposal());
    }

    @Test
    void who_is_alive_is_neither_removed_nor_replaced() {
        up(N5, "zone-1", 100);
        assertSays(stage(StagedChange.Kind.REMOVE, N2, 0, null), "n2 is alive", "gramme cluster leave n2");
        assertSays(stage(StagedChange.Kind.REPLACE, N2, 0, N5), "n2 is alive", "let n5 join and n2 leave");
        down(N2);
        assertEquals("", stage(StagedChange.Kind.REMOVE, N2, 0, null));
        RingPlan plan = plan();
        assertEquals(new TreeSet<>(List.of(N2)), plan.excluded());
        assertSays(plan.warnings().toString(), "n2 is given up for gone");
        liveness.put(N2, Liveness.UP);
        assertSays(ask(new ClusterCommand.Commit(plan.id())).error(), "n2 is alive", "gramme cluster cancel");
        assertNull(keeper.topology().proposal());
    }

    @Test
    void a_successor_takes_exactly_the_places_of_who_is_gone() {
        down(N4);
        assertSays(stage(StagedChange.Kind.REPLACE, N4, 0, N2), "n2 is in the ring already");
        assertSays(stage(StagedChange.Kind.REPLACE, N4, 0, N4), "n4 is in the ring already");
        assertSays(stage(StagedChange.Kind.REPLACE, N4, 0, null), "by whom");
        assertSays(stage(StagedChange.Kind.REPLACE, N4, 0, N6), "n6 is not known here", "--seeds");
        assertSays(stage(StagedChange.Kind.REPLACE, N6, 0, N5), "n6 is not in ring 1");
        up(N5, "zone-1", 300);
        assertEquals("", stage(StagedChange.Kind.JOIN, N5, 0, null));
        assertEquals("", stage(StagedChange.Kind.REPLACE, N4, 0, N5));
        RingPlan plan = plan();
        for (int p = 0; p < 64; p++) {
            List<NodeId> before = first.owners(p);
            List<NodeId> expected =
                    before.stream().map(id -> id.equals(N4) ? N5 : id).toList();
            assertEquals(expected, plan.after().owners(p));
        }
        assertEquals(100, plan.after().members().get(N5).weight());
        assertEquals(plan.leastMoves(), plan.moves());
        assertEquals(1, plan.changes().size());
    }

    @Test
    void a_successor_in_another_zone_is_taken_with_a_warning() {
        down(N4);
        up(N5, "zone-2", 100);
        assertEquals("", stage(StagedChange.Kind.REPLACE, N4, 0, N5));
        assertSays(plan().warnings().toString(), "in fewer zones than the 3 that are possible");
    }

    @Test
    void nonsense_is_refused_with_what_to_do() {
        assertSays(stage(StagedChange.Kind.WEIGHT, N2, 0, null), "the weight of n2 must be 1 to 1000");
        assertSays(stage(StagedChange.Kind.WEIGHT, N2, 1_001, null), "must be 1 to 1000", "not 1001");
        assertSays(stage(StagedChange.Kind.WEIGHT, N6, 100, null), "n6 is not in ring 1", "[n1, n2, n3, n4]");
        assertSays(stage(StagedChange.Kind.LEAVE, N6, 0, null), "n6 is not in ring 1");
        assertSays(stage(StagedChange.Kind.JOIN, N2, 0, null), "n2 is in the ring already");
        up(N5, "a zone\nof two lines", 100);
        assertSays(stage(StagedChange.Kind.JOIN, N5, 0, null), "the zone of n5");
        up(N6, "zone-1", 0);
        assertSays(stage(StagedChange.Kind.JOIN, N6, 0, null), "the weight of n6 must be 1 to 1000");
        assertEquals("", stage(StagedChange.Kind.WEIGHT, N2, 100, null));
        assertSays(ask(new ClusterCommand.Plan()).error(), "nothing would change");
        assertSays(ask(new ClusterCommand.Join(List.of())).error(), "n1 is in a cluster");
    }

    @Test
    void a_cancel_forgets_what_is_staged_and_withdraws_what_is_under_way() {
        assertSays(ask(new ClusterCommand.Cancel()).error(), "nothing to cancel");
        assertEquals("", stage(StagedChange.Kind.WEIGHT, N2, 200, null));
        assertEquals("", ask(new ClusterCommand.Cancel()).error());
        assertSays(ask(new ClusterCommand.Plan()).error(), "nothing is staged");
        assertEquals("", stage(StagedChange.Kind.WEIGHT, N2, 200, null));
        commit();
        Proposal one = proposal();
        assertEquals("", ask(new ClusterCommand.Cancel()).error());
        assertNull(keeper.topology().proposal());
        Proposal withdrawal = keeper.table().proposal();
        assertTrue(withdrawal != null && withdrawal.isWithdrawal() && withdrawal.compareTo(one) > 0);
    }

    @Test
    void what_is_locked_can_only_stop_waiting_for_the_dead() {
        assertEquals("", stage(StagedChange.Kind.WEIGHT, N2, 130, null));
        commit();
        allTell(Phase.PREPARED);
        for (int p = 0; p < 64; p++) {
            keeper.handle(new Event.RangeReceived(proposal().id(), p, 1, 1), NOW);
        }
        carryOut();
        allTell(Phase.RECEIVED);
        assertEquals(Phase.LOCKED, keeper.topology().phase());
        Proposal locked = proposal();
        assertSays(ask(new ClusterCommand.Cancel()).error(), "about to complete");
        assertEquals("", stage(StagedChange.Kind.WEIGHT, N2, 300, null));
        assertSays(ask(new ClusterCommand.Plan()).error(), "about to complete", "remove --force");
        allTell(Phase.LOCKED, N4);
        assertEquals(Phase.LOCKED, keeper.topology().phase());
        down(N4);
        assertSays(waitingFor(), "n4 (down)", "gramme cluster remove --force n4");
        assertEquals("", stage(StagedChange.Kind.REMOVE, N4, 0, null));
        assertSays(commit().warnings().toString(), "completes without waiting for [n4]", "n4 is in ring 2");
        assertTrue(proposal().id().isSameChange(locked.id()));
        assertNotEquals(locked.id(), proposal().id());
        assertEquals(Phase.LOCKED, keeper.topology().phase());
        allTell(Phase.LOCKED, N4);
        assertEquals(Phase.READY, keeper.topology().phase());
        allTell(Phase.READY, N4);
        assertEquals(2, keeper.topology().settled().version());
        assertEquals(locked.target(), keeper.topology().settled());
    }

    private String waitingFor() {
        return keeper.status(records, liveness, NOW).waitingFor().toString();
    }

    @Test
    void the_status_says_what_the_change_waits_for() {
        up(N5, "zone-2", 100);
        assertEquals("", stage(StagedChange.Kind.JOIN, N5, 0, null));
        commit();
        assertSays(waitingFor(), "n5 has not acknowledged ring 2 yet");
        down(N5);
        assertSays(waitingFor(), "n5 (down) has not acknowledged ring 2: bring it back, or `gramme cluster remove");
        liveness.put(N5, Liveness.UP);
        allTell(Phase.PREPARED);
        tells(N5, "zone-2", 100, new RingProgress(1, proposal().id(), Phase.PREPARED, 77, 40, 0, 0));
        keeper.members(records);
        carryOut();
        assertSays(waitingFor(), "transfers: n5 has 40 of 77 partitions");
    }

    @Test
    void the_status_says_who_can_not_read_what_this_node_is_to_take_over() {
        assertEquals("", stage(StagedChange.Kind.WEIGHT, N1, 200, null));
        commit();
        for (int partition = 10; partition < 20; partition++) {
            keeper.handle(new Event.RangeRefused(proposal().id(), partition, N2, ReplicaStatus.STORAGE_BROKEN), NOW);
        }
        keeper.handle(new Event.RangeRefused(new Proposal.Id(99, N4, 1), 30, N4, ReplicaStatus.STORAGE_BROKEN), NOW);
        keeper.handle(new Event.RangePulled(proposal().id(), 10, 5), NOW);
        keeper.handle(new Event.RangeReceived(proposal().id(), 11, 5, 5), NOW);
        assertSays(
                waitingFor(),
                "n2 can't read its store of partitions [12, 13, 14, 15, 16, 17, 18, 19],",
                "gramme cluster remove --force n2");
        for (int partition = 20; partition < 23; partition++) {
            keeper.handle(new Event.RangeRefused(proposal().id(), partition, N2, ReplicaStatus.STORAGE_BROKEN), NOW);
        }
        assertSays(waitingFor(), "[12, 13, 14, 15, 16, 17, 18, 19] and 3 more");
        keeper.handle(new Event.RangeRefused(proposal().id(), 12, N4, ReplicaStatus.LACKING), NOW);
        assertSays(waitingFor(), "n4 may have lost some of partitions [12],", "room on its disk");
        assertEquals(
                "",
                keeper.administer(new ClusterCommand.Cancel(), records, liveness)
                        .error());
        assertEquals("[]", waitingFor());
    }

    @Test
    void a_disk_that_keeps_nothing_holds_the_phase_back_and_is_tried_again() {
        assertEquals("", stage(StagedChange.Kind.WEIGHT, N2, 200, null));
        RingPlan plan = plan();
        keeper.administer(new ClusterCommand.Commit(plan.id()), records, liveness);
        Effect.KeepTopology keep = kept(keeper);
        keeper.handle(new Event.TopologyKept(keep.sequence(), "the disk is full"), NOW);
        assertNull(toKeep(keeper));
        assertNull(keeper.progress(NOW).proposal());
        assertNull(keeper.table().proposal());
        assertSays(waitingFor(), "this node can't keep the ring on its disk", "the disk is full");
        Now later = new Now(2_000_000_000L, 2_000);
        keeper.progress(later);
        Effect.KeepTopology again = kept(keeper);
        assertTrue(again.sequence() > keep.sequence());
        keeper.handle(new Event.TopologyKept(again.sequence(), ""), later);
        assertEquals(proposal().id(), keeper.progress(later).proposal());
    }

    @Test
    void a_node_goes_on_where_it_was_when_its_process_ended() {
        assertEquals("", stage(StagedChange.Kind.WEIGHT, N2, 200, null));
        commit();
        allTell(Phase.PREPARED);
        KeptTopology kept = new KeptTopology(
                keeper.table(), Phase.PREPARED, keeper.topology().received(), new TreeMap<>(), keeper.lineage());
        RingKeeper again = keeper(KeptTopologyCodec.decode(KeptTopologyCodec.encode(kept)));
        assertEquals(Phase.PREPARED, again.progress(NOW).phase());
        assertEquals(proposal().id(), again.progress(NOW).proposal());
        assertNull(toKeep(again));
    }

    @Test
    void the_first_ring_is_told_at_once_and_kept_for_a_restart_without_peers() {
        RingKeeper fresh = keeper(null);
        assertEquals(0, fresh.topology().settled().version());
        fresh.peerHeard();
        assertEquals(first, fresh.topology().settled());
        assertEquals(1, fresh.progress(NOW).settled());
        Effect.KeepTopology keep = kept(fresh);
        fresh.handle(new Event.TopologyKept(keep.sequence(), ""), NOW);
        assertNull(toKeep(fresh));
        assertEquals(first, keeper(keep.topology()).topology().settled());
    }

    @Test
    void two_first_rings_that_differ_are_never_merged() {
        Ring other = Claim.first(64, 3, List.of(new RingMember(N1, "", 100), new RingMember(N5, "", 100)));
        assertSays(
                keeper.merge(new RingTable(other, null, List.of()), 0, N5),
                "of the same version 1",
                "make them the same");
        Ring shape = Claim.first(32, 3, first.members().values());
        assertSays(keeper.merge(new RingTable(shape, null, List.of()), 0, N5), "Q = 32", "another cluster");
        assertEquals(first, keeper.topology().settled());
    }

    @Test
    void a_ring_without_a_common_member_is_another_clusters_whatever_its_version() {
        List<RingMember> strangers = List.of(new RingMember(N5, "", 100), new RingMember(N6, "", 100));
        Ring one = Claim.first(64, 3, strangers);
        Ring later = new Ring(7, 3, one.members(), one.owners());
        for (Ring other : List.of(one, later)) {
            String objection = keeper.merge(new RingTable(other, null, List.of()), 0, N5);
            assertSays(objection, "no member in common", "another cluster of the same name");
            assertEquals(first, keeper.topology().settled());
        }
        Ring grown = Claim.change(first, with(first, N5));
        assertEquals("", keeper.merge(new RingTable(grown, null, List.of()), 0, N5));
        carryOut();
        assertEquals(grown, keeper.topology().settled());
    }

    @Test
    void a_ring_of_another_lineage_is_another_clusters_though_they_have_members_in_common() {
        List<RingMember> some = List.of(new RingMember(N1, "", 100), new RingMember(N5, "", 100));
        Ring foreign = Claim.first(64, 3, some);
        Ring later = Claim.change(foreign, with(foreign, N2));
        String objection = keeper.merge(new RingTable(later, null, List.of()), foreign.lineage(), N5);
        assertSays(objection, "came of another first ring", "another cluster of the same name");
        carryOut();
        assertEquals(first, keeper.topology().settled());
        Ring grown = Claim.change(first, with(first, N5));
        assertEquals("", keeper.merge(new RingTable(grown, null, List.of()), first.lineage(), N5));
        carryOut();
        assertEquals(grown, keeper.topology().settled());
    }

    @Test
    void the_lineage_is_that_of_the_first_ring_and_goes_along_with_every_later_one() {
        Ring grown = Claim.change(first, with(first, N5));
        assertEquals(first.lineage(), keeper.lineage());
        keeper.merge(new RingTable(grown, null, List.of()), first.lineage(), N5);
        assertEquals(first.lineage(), keeper.lineage());
        KeptTopology later = new KeptTopology(
                new RingTable(grown, null, List.of()), null, new BitSet(), new TreeMap<>(), keeper.lineage());
        assertEquals(
                first.lineage(),
                keeper(KeptTopologyCodec.decode(KeptTopologyCodec.encode(later)))
                        .lineage());
        RingKeeper fresh = keeper(null);
        fresh.merge(new RingTable(grown, null, List.of()), first.lineage(), N5);
        assertEquals(first.lineage(), fresh.lineage(), "as the others say");
    }

    @Test
    void what_was_kept_before_there_were_lineages_has_that_of_a_first_ring_or_learns_it() {
        KeptTopology kept =
                new KeptTopology(new RingTable(first, null, List.of()), null, new BitSet(), new TreeMap<>(), 0);
        assertEquals(
                first.lineage(),
                keeper(KeptTopologyCodec.decode(KeptTopologyCodec.encode(kept))).lineage());
        Ring grown = Claim.change(first, with(first, N5));
        RingKeeper later =
                keeper(new KeptTopology(new RingTable(grown, null, List.of()), null, new BitSet(), new TreeMap<>(), 0));
        assertEquals(0, later.lineage());
        assertEquals("", later.merge(new RingTable(grown, null, List.of()), first.lineage(), N5));
        assertEquals(first.lineage(), later.lineage());
    }

    private static List<RingMember> with(Ring ring, NodeId more) {
        List<RingMember> members = new ArrayList<>(ring.members().values());
        members.add(new RingMember(more, "", 100));
        return members;
    }
}
