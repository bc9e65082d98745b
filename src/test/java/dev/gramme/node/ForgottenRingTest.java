package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.membership.Timings;
import dev.gramme.ring.Claim;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.version.Now;
import dev.gramme.wire.RingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A node that is a member of a ring of whose making it knows nothing has forgotten what it held, and its disk says so before the node goes by that ring. */
class ForgottenRingTest {
    private static final Now NOW = new Now(1, 1);
    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");

    private final Ring alone = ring(1);
    private final Ring two = Claim.change(alone, members(2));
    private final Ring three = Claim.change(two, members(3));

    private static List<RingMember> members(int count) {
        List<RingMember> members = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            members.add(new RingMember(new NodeId("n" + i), "", 100));
        }
        return members;
    }

    private static Ring ring(int count) {
        return Claim.first(16, 3, members(count));
    }

    /** @param initial what it is configured with */
    private static RingKeeper keeper(@Nullable Ring initial, @Nullable KeptTopology kept) {
        ControlSettings settings = new ControlSettings(
                N1, 1, "test", 16, 3, "", 100, "b", "h", "test", 1, Timings.DEFAULT, initial, new TreeMap<>());
        return new RingKeeper(settings, kept);
    }

    private static Effect.KeepTopology toKeep(RingKeeper keeper) {
        for (Effect effect : keeper.effects()) {
            if (effect instanceof Effect.KeepTopology keep) {
                return keep;
            }
        }
        throw new AssertionError("nothing is to be kept");
    }

    private static void kept(RingKeeper keeper, Effect.KeepTopology keep) {
        keeper.handle(new Event.TopologyKept(keep.sequence(), ""), NOW);
    }

    private RingKeeper firstOfAll() {
        RingKeeper wiped = keeper(alone, null);
        Effect.KeepTopology begun = toKeep(wiped);
        assertEquals(0, begun.lostBefore(), "who begins a cluster has lost nothing that it could know of");
        kept(wiped, begun);
        assertEquals(alone, wiped.topology().settled());
        return wiped;
    }

    @Test
    void the_first_node_of_a_grown_cluster_that_begins_it_once_more_has_lost_all_before_it_goes_by_the_grown_ring() {
        RingKeeper wiped = firstOfAll();
        long before = wiped.topology().epoch();
        assertEquals("", wiped.merge(new RingTable(three, null, List.of()), 0, N2));
        Effect.KeepTopology keep = toKeep(wiped);
        assertTrue(keep.lostBefore() > before);
        assertEquals(alone, wiped.topology().settled(), "nobody goes by it before the disk says what is lost");
        kept(wiped, keep);
        assertEquals(three, wiped.topology().settled());
        assertTrue(wiped.topology().epoch() >= keep.lostBefore());
    }

    @Test
    void what_could_not_be_written_down_is_written_with_the_next() {
        RingKeeper wiped = firstOfAll();
        wiped.merge(new RingTable(three, null, List.of()), 0, N2);
        Effect.KeepTopology keep = toKeep(wiped);
        wiped.handle(new Event.TopologyKept(keep.sequence(), "the disk is full"), NOW);
        wiped.progress(new Now(2_000_000_000L, 2_000));
        Effect.KeepTopology again = toKeep(wiped);
        assertEquals(keep.lostBefore(), again.lostBefore());
        kept(wiped, again);
        wiped.merge(new RingTable(three, proposal(three, 4), List.of()), 0, N2);
        assertEquals(0, toKeep(wiped).lostBefore());
    }

    private static Proposal proposal(Ring base, int members) {
        Ring target = Claim.change(base, members(members));
        return new Proposal(1, N2, base.version(), target, new TreeSet<>());
    }

    @Test
    void who_takes_part_in_a_change_loses_nothing_however_late_it_hears_that_it_is_settled() {
        RingKeeper member = firstOfAll();
        member.merge(new RingTable(alone, proposal(alone, 2), List.of()), 0, N2);
        Effect.KeepTopology changing = toKeep(member);
        assertEquals(0, changing.lostBefore());
        kept(member, changing);
        RingKeeper again = keeper(alone, changing.topology());
        again.merge(new RingTable(two, proposal(two, 3), List.of()), 0, N2);
        assertEquals(0, toKeep(again).lostBefore());
    }

    @Test
    void who_comes_without_memory_into_a_ring_that_has_it_has_lost_all_and_who_is_in_none_has_not() {
        RingKeeper wiped = keeper(null, null);
        wiped.merge(new RingTable(three, null, List.of()), 0, N2);
        assertTrue(toKeep(wiped).lostBefore() > 0);
        Ring without = Claim.change(three, List.of(members(3).get(1), members(3).get(2)));
        RingKeeper stranger = keeper(null, null);
        stranger.merge(new RingTable(without, null, List.of()), 0, N2);
        assertEquals(0, toKeep(stranger).lostBefore());
    }

    @Test
    void who_has_forgotten_and_comes_into_the_middle_of_a_change_holds_fast_to_it() {
        RingKeeper wiped = firstOfAll();
        Proposal underWay = proposal(three, 4);
        wiped.merge(new RingTable(three, underWay, List.of()), 0, N2);
        kept(wiped, toKeep(wiped));
        Proposal rival = new Proposal(2, N2, three.version(), Claim.change(three, members(5)), new TreeSet<>());
        wiped.merge(new RingTable(three, rival, List.of()), 0, new NodeId("n3"));
        assertEquals(underWay, wiped.topology().proposal());
    }
}
