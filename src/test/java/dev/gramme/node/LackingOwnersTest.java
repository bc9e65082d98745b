package dev.gramme.node;

import static dev.gramme.node.MiniCluster.options;
import static dev.gramme.node.MiniCluster.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Claim;
import dev.gramme.ring.Key;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.Topology;
import dev.gramme.version.CausalContext;
import dev.gramme.wire.Failure;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Probe;
import dev.gramme.wire.ReplicaStatus;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An owner that may have lost something counts for no read until it has compared with all other owners; then it counts again. */
@Timeout(60)
class LackingOwnersTest {
    private static final Key KEY = Key.of("b", "k");

    private final MiniCluster three = new MiniCluster(3, 3);
    private final int partition = three.ring.partitionOf(KEY);
    private final NodeId a = three.owners(KEY).get(0);
    private final NodeId b = three.owners(KEY).get(1);
    private final NodeId c = three.owners(KEY).get(2);

    private void wipe(NodeId node) {
        MemoryDisk disk = three.disks.get(node);
        for (int p = 0; p < three.ring.partitions(); p++) {
            disk.apply(new Mutation.DropPartition(p));
            disk.losses.lost(p);
        }
        disk.renewActor();
        three.start(node);
    }

    private boolean isLacking(NodeId node) {
        return three.disks.get(node).losses.isLacking(partition);
    }

    private void withoutExchanges() {
        three.lost = flight -> flight.message() instanceof Message.RepairRequest;
    }

    /** At W = 2 by a and b; c knows nothing of it. */
    private void writtenAtTwo() {
        three.down(c);
        three.put(a, KEY, CausalContext.EMPTY, "v");
        three.disks.values().forEach(disk -> disk.hints.clear());
        withoutExchanges();
        three.publish(c, Liveness.UP);
    }

    @Test
    void a_wiped_owner_that_is_back_under_its_name_does_not_hide_what_it_had_acknowledged() {
        writtenAtTwo();
        wipe(a);
        for (NodeId asked : three.ids) {
            assertEquals(List.of("v"), texts(three.get(asked, KEY).versions()), "read at " + asked);
            three.disks.get(c).apply(new Mutation.DropPartition(partition));
        }
        assertTrue(three.count(Probe.READ_OF_LACKING) > 0);
    }

    @Test
    void it_is_whole_when_it_has_compared_with_every_other_owner_and_not_before() {
        writtenAtTwo();
        wipe(a);
        three.heal();
        three.down(b);
        three.pass(20_000);
        assertTrue(isLacking(a), "b, which alone holds the write, was away");
        three.heal();
        three.pass(20_000);
        assertFalse(isLacking(a));
        assertEquals(List.of("v"), texts(three.held(a, KEY)));
        assertTrue(three.count(Probe.PARTITION_MENDED) > 0);
    }

    @Test
    void where_all_owners_lack_something_all_are_whole_when_all_have_compared() {
        three.put(a, KEY, CausalContext.EMPTY, "v");
        withoutExchanges();
        three.ids.forEach(this::wipe);
        GetOutcome nobody = three.get(b, KEY, options(2, 0, true, 1_000));
        assertEquals(
                Failure.UNAVAILABLE,
                assertInstanceOf(GetOutcome.Failed.class, nobody).failure());
        three.heal();
        three.pass(20_000);
        three.ids.forEach(node -> assertFalse(isLacking(node), node + " is lacking"));
        three.put(a, KEY, CausalContext.EMPTY, "again");
        assertEquals(List.of("again"), texts(three.get(b, KEY).versions()));
    }

    @Test
    void a_sloppy_read_finds_what_lacking_owners_still_have_and_a_strict_one_does_not_count_them() {
        three.put(a, KEY, CausalContext.EMPTY, "v");
        withoutExchanges();
        three.ids.forEach(node -> three.disks.get(node).losses.lost(partition));
        three.disks.get(b).apply(new Mutation.DropPartition(partition));
        three.disks.get(c).apply(new Mutation.DropPartition(partition));
        for (NodeId asked : three.ids) {
            assertEquals(List.of("v"), texts(three.get(asked, KEY).versions()), "read at " + asked);
            assertInstanceOf(GetOutcome.Failed.class, three.get(asked, KEY, options(1, 0, true, 1_000)));
        }
    }

    @Test
    void nobody_who_owns_nothing_of_it_hides_what_lacking_owners_still_have() {
        MiniCluster five = new MiniCluster(5, 3);
        NodeId holder = five.owners(KEY).getLast();
        five.put(holder, KEY, CausalContext.EMPTY, "v");
        five.lost = flight -> flight.message() instanceof Message.RepairRequest;
        for (NodeId owner : five.owners(KEY)) {
            five.disks.get(owner).losses.lost(partition);
            if (!owner.equals(holder)) {
                five.disks.get(owner).apply(new Mutation.DropPartition(partition));
            }
        }
        for (int round = 0; round < 2; round++) {
            for (NodeId asked : five.ids) {
                assertEquals(List.of("v"), texts(five.get(asked, KEY).versions()), "read at " + asked);
            }
        }
    }

    @Test
    void
            a_sloppy_read_waits_for_who_is_silent_no_longer_than_a_put_does_before_it_takes_a_lacking_owner_for_an_answer() {
        three.put(a, KEY, CausalContext.EMPTY, "v");
        withoutExchanges();
        three.disks.get(a).losses.lost(partition);
        three.silentlyDown(c);
        GetOutcome.Read read = assertInstanceOf(GetOutcome.Read.class, three.get(b, KEY, options(2, 0, false, 10_000)));
        assertEquals(List.of("v"), texts(read.versions()));
        long request = three.send(a, new GetCommand(KEY, options(2, 0, false, 60_000)));
        three.pass(2_000);
        assertEquals(List.of("v"), texts(((GetOutcome.Read) three.gets.get(request)).versions()));
    }

    @Test
    void a_newcomer_that_was_wiped_is_lacking_for_those_who_read_from_it_already() {
        NodeId newcomer = new NodeId("n4");
        MiniCluster four = new MiniCluster(4, 3, 3, NodeSettings.defaults(new NodeId("n"), 1));
        Ring target = Claim.change(
                four.ring,
                four.ids.stream()
                        .map(id -> new RingMember(id, "z" + id.name(), RingMember.DEFAULT_WEIGHT))
                        .toList());
        Proposal proposal = new Proposal(1, a, four.ring.version(), target, new TreeSet<>());
        int moved = 0;
        while (!target.owns(newcomer, moved)) {
            moved++;
        }
        Key key = keyOf(four, moved);
        four.disks.get(newcomer).losses.lost(moved);
        four.goBy(newcomer, new Topology(2, four.ring, proposal, null, false, new BitSet()));
        NodeId reader = target.owners(moved).stream()
                .filter(owner -> !owner.equals(newcomer))
                .findFirst()
                .orElseThrow();
        four.goBy(reader, new Topology(2, four.ring, proposal, Phase.READY, false, new BitSet()));
        assertInstanceOf(GetOutcome.Failed.class, four.get(reader, key, options(3, 0, true, 1_000)));
        assertTrue(four.count(Probe.READ_OF_LACKING) > 0);
    }

    private static Key keyOf(MiniCluster cluster, int partition) {
        for (int i = 0; ; i++) {
            if (cluster.ring.partitionOf(Key.of("b", "k" + i)) == partition) {
                return Key.of("b", "k" + i);
            }
        }
    }

    /** a and c alone hold "v"; a is wiped, c is away, and n4 is to take its place. */
    private ChangingCluster whereTheOtherHolderIsExcluded(Key key) {
        ChangingCluster four = ChangingCluster.of(4, 3);
        MiniCluster nodes = four.nodes;
        NodeId one = nodes.owners(key).get(0);
        NodeId two = nodes.owners(key).get(1);
        NodeId gone = nodes.owners(key).get(2);
        nodes.down(two);
        nodes.put(one, key, CausalContext.EMPTY, "v");
        nodes.disks.values().forEach(disk -> disk.hints.clear());
        nodes.heal();
        nodes.down(gone);
        nodes.disks.get(two).apply(new Mutation.DropPartition(nodes.ring.partitionOf(key)));
        nodes.disks.get(one).losses.lost(nodes.ring.partitionOf(key));
        nodes.disks.get(one).apply(new Mutation.DropPartition(nodes.ring.partitionOf(key)));
        List<NodeId> left = List.of(one, two, four.id(4));
        four.propose(left, gone);
        left.forEach(node -> four.at(node, Phase.PREPARED, true, new BitSet()));
        return four;
    }

    @Test
    void an_owner_that_a_change_excludes_is_missed_as_long_as_the_change_may_be_cancelled() {
        ChangingCluster four = whereTheOtherHolderIsExcluded(KEY);
        MiniCluster nodes = four.nodes;
        nodes.pass(20_000);
        NodeId one = nodes.owners(KEY).get(0);
        assertTrue(nodes.disks.get(one).losses.isLacking(partition), "c has been asked by nobody");
        four.withdraw();
        four.all(null, false);
        assertInstanceOf(GetOutcome.Failed.class, nodes.get(one, KEY, options(2, 0, true, 1_000)));
        nodes.heal();
        nodes.pass(20_000);
        assertFalse(nodes.disks.get(one).losses.isLacking(partition));
        assertEquals(List.of("v"), texts(nodes.held(one, KEY)));
    }

    @Test
    void who_misses_only_excluded_owners_gives_to_who_takes_their_places_and_is_whole_when_they_are_gone() {
        ChangingCluster four = whereTheOtherHolderIsExcluded(KEY);
        MiniCluster nodes = four.nodes;
        NodeId newcomer = four.id(4);
        nodes.pass(20_000);
        assertEquals(
                four.gains(newcomer).cardinality(),
                nodes.told(newcomer, Effect.RangeReceived.class).size());
        four.settle();
        nodes.pass(20_000);
        NodeId one = nodes.owners(KEY).get(0);
        assertFalse(nodes.disks.get(one).losses.isLacking(partition));
    }

    @Test
    void a_loss_during_the_exchanges_needs_them_all_once_more() {
        writtenAtTwo();
        wipe(a);
        three.heal();
        three.down(b);
        three.pass(20_000);
        wipe(a);
        three.down(c);
        three.publish(b, Liveness.UP);
        three.heal();
        three.down(c);
        three.pass(20_000);
        assertTrue(isLacking(a), "c was compared with before the second loss alone");
    }

    @Test
    void a_write_through_it_replaces_what_its_writer_had_seen_and_nothing_else() {
        CausalContext seen = three.put(b, KEY, CausalContext.EMPTY, "v").context();
        withoutExchanges();
        wipe(a);
        three.put(a, KEY, CausalContext.EMPTY, "beside");
        assertEquals(List.of("beside", "v"), texts(three.get(b, KEY).versions()));
        three.put(a, KEY, seen, "after v");
        assertEquals(List.of("after v", "beside"), texts(three.get(c, KEY).versions()));
        assertTrue(isLacking(a));
    }

    @Test
    void a_backup_is_refused_by_it_and_explain_says_why_it_does_not_answer() {
        three.put(a, KEY, CausalContext.EMPTY, "v");
        withoutExchanges();
        wipe(a);
        assertEquals(
                ReplicaStatus.LACKING,
                three.backUp(a, partition, BackupPart.STATES, null).status());
        assertEquals(
                ReplicaStatus.OK,
                three.backUp(b, partition, BackupPart.STATES, null).status());
        for (NodeId asked : three.ids) {
            assertEquals(
                    "lacking",
                    three.explain(asked, KEY).replicas().stream()
                            .filter(replica -> replica.node().equals(a))
                            .findFirst()
                            .orElseThrow()
                            .answer());
        }
    }

    @Test
    void pointers_to_what_was_lost_keep_no_other_hint_waiting() {
        three.down(c);
        three.put(a, KEY, CausalContext.EMPTY, "v");
        withoutExchanges();
        MemoryDisk disk = three.disks.get(a);
        disk.losses.lost(partition);
        disk.apply(new Mutation.DropPartition(partition));
        three.publish(c, Liveness.UP);
        three.pass(20_000);
        Key another = keyOf(three, (partition + 1) % three.ring.partitions());
        three.lost = flight -> flight.message() instanceof Message.RepairRequest
                || (flight.message() instanceof Message.ReplicaPut
                        && flight.to().equals(c));
        three.send(a, three.command(another, CausalContext.EMPTY, "v"));
        while (disk.hint(another, c) == null) {
            three.pass(DataPlane.TICK_MILLIS);
        }
        withoutExchanges();
        three.pass(1_000);
        assertEquals(Set.of(KEY), disk.hints.get(c).keySet());
    }

    @Test
    void what_a_pointer_points_to_is_told_when_it_has_come_back() {
        three.down(c);
        three.put(a, KEY, CausalContext.EMPTY, "v");
        three.lost = flight -> flight.message() instanceof Message.RepairRequest
                || (flight.message() instanceof Message.ReplicaPut
                        && flight.from().equals(b));
        assertTrue(three.hints() > 0);
        MemoryDisk disk = three.disks.get(a);
        disk.losses.lost(partition);
        disk.apply(new Mutation.DropPartition(partition));
        three.publish(c, Liveness.UP);
        three.pass(1_000);
        assertTrue(three.hints() > 0, "the hint points to what a has lost, and b still has");
        three.heal();
        three.pass(20_000);
        assertEquals(0, three.hints());
        assertEquals(List.of("v"), texts(three.held(c, KEY)));
    }
}
