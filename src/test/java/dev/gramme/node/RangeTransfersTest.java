package dev.gramme.node;

import static dev.gramme.node.MiniCluster.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.version.CausalContext;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How a node that comes to own partitions gets what is in them: n4 comes into the ring of n1, n2, n3. */
class RangeTransfersTest {
    private static final int KEYS = 120;
    private static final int PAGE_BYTES = 700;
    private static final long UNBOUNDED = 0;

    private final List<MiniCluster.Flight> pulls = new ArrayList<>();
    private ChangingCluster four = cluster(UNBOUNDED);
    private MiniCluster nodes = four.nodes;
    private final NodeId newcomer = four.id(4);

    private static ChangingCluster cluster(long bytesPerSecond) {
        return ChangingCluster.of(
                4, 3, NodeSettings.defaults(new NodeId("n"), 1).withPulls(2, PAGE_BYTES, bytesPerSecond));
    }

    private void fill() {
        for (int i = 0; i < KEYS; i++) {
            nodes.send(four.id(1), nodes.command(Key.of("b", "key" + i), CausalContext.EMPTY, "value" + i));
        }
        nodes.lost = f -> isPull(f) && !pulls.add(f);
    }

    private void begin() {
        four.propose(nodes.ids);
        four.all(Phase.PREPARED, true);
    }

    private BitSet received() {
        BitSet received = new BitSet();
        nodes.told(newcomer, Effect.RangeReceived.class).forEach(r -> received.set(r.partition()));
        return received;
    }

    /** Everything of the partitions that the newcomer gains, as their settled owners have it. */
    private void assertHoldsAll() {
        SortedMap<Key, VersionSet> all = new TreeMap<>();
        for (int i = 0; i < KEYS; i++) {
            Key key = Key.of("b", "key" + i);
            NodeId owner = four.settled.owners(four.settled.partitionOf(key)).get(0);
            all.put(key, nodes.held(owner, key));
        }
        assertHolds(all);
    }

    /** Of {@code all}, what is in the partitions that the newcomer gains. */
    private void assertHolds(SortedMap<Key, VersionSet> all) {
        assertEquals(four.gains(newcomer), received());
        assertFalse(all.isEmpty());
        all.forEach((key, state) -> {
            boolean gained = four.gains(newcomer).get(four.settled.partitionOf(key));
            assertEquals(gained ? state : VersionSet.EMPTY, nodes.held(newcomer, key), key.toString());
        });
    }

    private long pulled() {
        return nodes.told(newcomer, Effect.RangePulled.class).stream()
                .mapToLong(Effect.RangePulled::bytes)
                .sum();
    }

    private long asked(Class<?> request) {
        return pulls.stream().filter(f -> request.isInstance(f.message())).count();
    }

    /** Replicas that compare their trees ask about partitions too. */
    private static boolean isPull(MiniCluster.Flight f) {
        return f.message() instanceof Message.PullRange || f.message() instanceof Message.PullKeys;
    }

    @Test
    void a_newcomer_takes_over_each_partition_it_gains_page_by_page() {
        fill();
        begin();
        nodes.pass(200);
        assertHoldsAll();
        assertTrue(asked(Message.PullRange.class) > four.gains(newcomer).cardinality(), "more than a page each");
        assertEquals(0, asked(Message.PullKeys.class));
        long bytes = nodes.told(newcomer, Effect.RangeReceived.class).stream()
                .mapToLong(Effect.RangeReceived::bytes)
                .sum();
        assertEquals(bytes, pulled());
    }

    @Test
    void it_begins_when_all_are_prepared_and_tells_of_empty_partitions_too() {
        four.propose(nodes.ids);
        four.all(Phase.PREPARED, false);
        nodes.pass(200);
        assertTrue(received().isEmpty());
        four.all(Phase.PREPARED, true);
        nodes.pass(200);
        assertEquals(four.gains(newcomer), received());
        nodes.pass(2_000);
        assertEquals(
                received().cardinality(),
                nodes.told(newcomer, Effect.RangeReceived.class).size(),
                "each is told once");
    }

    @Test
    void who_hears_of_a_collection_from_its_source_alone_promises_before_it_takes_anything() {
        fill();
        for (NodeId owner : four.settled.members().keySet()) {
            for (int p = 0; p < four.settled.partitions(); p++) {
                nodes.disks.get(owner).apply(new Mutation.Promise(p, 9));
                nodes.disks.get(owner).apply(new Mutation.Collect(p, 9, List.of()));
            }
            nodes.start(owner);
        }
        begin();
        nodes.pass(5_000);

        assertHoldsAll();
        four.gains(newcomer).stream()
                .forEach(p -> assertEquals(9, nodes.disks.get(newcomer).promised(p)));
        long keys = nodes.told(newcomer, Effect.RangeReceived.class).stream()
                .mapToLong(Effect.RangeReceived::keys)
                .sum();
        assertEquals(nodes.disks.get(newcomer).owned.size(), keys, "nothing of it came twice");
    }

    @Test
    void what_was_received_before_a_restart_is_not_asked_for_again() {
        fill();
        begin();
        BitSet all = four.gains(newcomer);
        four.at(newcomer, Phase.PREPARED, true, all);
        nodes.told.clear();
        pulls.clear();
        nodes.start(newcomer);
        nodes.pass(200);
        assertTrue(received().isEmpty());
        assertTrue(pulls.isEmpty());
    }

    @Test
    void a_receiver_that_restarts_in_the_middle_is_offered_the_rest_and_fetches_only_what_it_lacks() {
        fill();
        begin();
        nodes.pass(200);
        long whole = pulled();
        int lost = forgetAFew();
        nodes.told.clear();
        pulls.clear();
        nodes.start(newcomer);
        nodes.pass(200);
        assertHoldsAll();
        assertTrue(asked(Message.PullKeys.class) > 0);
        assertTrue(pulled() > 0 && pulled() < whole / 2, pulled() + " of " + whole + " bytes for " + lost + " keys");
    }

    /** As a crash would lose what was not forced. */
    private int forgetAFew() {
        MemoryDisk disk = nodes.disks.get(newcomer);
        SortedMap<Key, VersionSet> kept = new TreeMap<>(disk.owned);
        int lost = kept.size() / 5;
        for (int i = 0; i < lost; i++) {
            kept.remove(kept.lastKey());
        }
        four.gains(newcomer).stream().forEach(p -> disk.apply(new Mutation.DropPartition(p)));
        kept.forEach((key, state) -> disk.apply(new Mutation.SetState(four.settled.partitionOf(key), key, state)));
        return lost;
    }

    @Test
    void a_write_in_the_middle_of_a_transfer_is_kept_and_does_not_make_it_longer() {
        fill();
        begin();
        Key key = four.moving(newcomer, null);
        nodes.put(four.id(1), key, CausalContext.EMPTY, "concurrent");
        nodes.pass(200);
        assertTrue(texts(nodes.held(newcomer, key)).contains("concurrent"));
        assertEquals(0, asked(Message.PullKeys.class), "one key does not make a partition worth offering");
        assertHoldsAll();
    }

    @Test
    void no_more_partitions_are_under_way_at_once_than_the_bound() {
        fill();
        nodes.lost = f -> isPull(f) && pulls.add(f);
        begin();
        nodes.pass(100);
        TreeSet<Integer> partitions = new TreeSet<>();
        pulls.forEach(f -> partitions.add(((Message.PartitionRequest) f.message()).partition()));
        assertEquals(2, partitions.size());
    }

    @Test
    void a_page_that_is_lost_is_asked_for_again() {
        fill();
        int[] pages = new int[1];
        nodes.lost = f -> f.message() instanceof Message.RangePage && ++pages[0] % 3 == 0;
        begin();
        nodes.pass(200_000);
        assertHoldsAll();
    }

    @Test
    void a_source_that_can_not_be_reached_or_is_down_is_waited_for() {
        fill();
        four.propose(nodes.ids);
        NodeId source = four.id(1);
        nodes.refused = f -> f.to().equals(source) && isPull(f);
        four.all(Phase.PREPARED, true);
        nodes.pass(1_000);
        assertFalse(received().equals(four.gains(newcomer)));
        nodes.down(source);
        nodes.pass(20_000);
        assertFalse(received().equals(four.gains(newcomer)));
        nodes.heal();
        nodes.pass(100);
        assertHoldsAll();
    }

    @Test
    void a_source_that_does_not_go_by_the_proposal_gives_nothing_yet() {
        fill();
        four.propose(nodes.ids);
        four.at(newcomer, Phase.PREPARED, true, new BitSet());
        nodes.pass(1_000);
        assertTrue(received().isEmpty());
        four.all(Phase.PREPARED, true);
        nodes.pass(20_000);
        assertHoldsAll();
    }

    @Test
    void a_source_that_restarts_or_whose_store_cannot_be_read_for_a_while_is_asked_again() {
        fill();
        nodes.disks.get(four.id(2)).broken = true;
        begin();
        nodes.pass(300);
        assertFalse(received().equals(four.gains(newcomer)));
        nodes.disks.get(four.id(2)).broken = false;
        nodes.start(four.id(2));
        nodes.pass(20_000);
        assertHoldsAll();
    }

    @Test
    void a_source_that_can_not_read_its_store_for_long_is_told_of_and_all_the_others_stand_in_for_it() {
        fill();
        NodeId broken = four.id(2);
        nodes.disks.get(broken).broken = true;
        begin();
        nodes.pass(10_000);
        assertFalse(received().equals(four.gains(newcomer)), "it may be read again in a moment");
        List<Effect.RangeRefused> told = nodes.told(newcomer, Effect.RangeRefused.class);
        assertTrue(told.stream()
                .allMatch(u -> u.source().equals(broken)
                        && u.proposal().equals(four.proposal.id())
                        && four.proposal.target().owns(newcomer, u.partition())));
        assertFalse(told.isEmpty());
        nodes.pass(200_000);
        nodes.disks.get(broken).broken = false;
        assertHoldsAll();
    }

    /** It has lost all that it held, and can't get it again: there is no room. */
    private void forgetsAndIsFull(NodeId node) {
        MemoryDisk disk = nodes.disks.get(node);
        for (int p = 0; p < four.settled.partitions(); p++) {
            disk.losses.lost(p);
            disk.apply(new Mutation.DropPartition(p));
        }
        disk.writable = false;
    }

    @Test
    void from_a_full_source_that_lacks_something_all_owners_together_give_what_they_have_left() {
        fill();
        SortedMap<Key, VersionSet> all = new TreeMap<>(nodes.disks.get(four.id(1)).owned);
        NodeId full = four.id(2);
        forgetsAndIsFull(full);
        begin();
        nodes.pass(10_000);
        assertFalse(received().equals(four.gains(newcomer)), "it may be whole in a moment");
        nodes.pass(200_000);
        assertHolds(all);
        List<Effect.RangeRefused> told = nodes.told(newcomer, Effect.RangeRefused.class);
        assertFalse(told.isEmpty());
        assertTrue(told.stream().allMatch(r -> r.source().equals(full) && r.why() == ReplicaStatus.LACKING));
        assertTrue(nodes.disks.get(full).losses.isLacking(0));
    }

    @Test
    void where_every_owner_lacks_something_and_is_full_what_any_of_them_has_left_is_taken_over() {
        fill();
        MemoryDisk last = nodes.disks.get(four.id(2));
        SortedMap<Key, VersionSet> left = new TreeMap<>(last.owned);
        four.settled.members().keySet().forEach(this::forgetsAndIsFull);
        left.forEach((key, state) -> last.apply(new Mutation.SetState(four.settled.partitionOf(key), key, state)));
        begin();
        nodes.pass(400_000);
        assertHolds(left);
    }

    @Test
    void a_source_that_is_whole_in_the_end_is_enough_whatever_became_of_those_who_were_to_stand_in_for_it() {
        fill();
        SortedMap<Key, VersionSet> all = new TreeMap<>(nodes.disks.get(four.id(1)).owned);
        MemoryDisk source = nodes.disks.get(four.id(2));
        nodes.disks.get(four.id(1)).broken = true;
        for (int p = 0; p < four.settled.partitions(); p++) {
            source.losses.lost(p);
        }
        begin();
        nodes.pass(100_000);
        assertFalse(received().equals(four.gains(newcomer)), "one can't be read, and one lacks something");
        for (int p = 0; p < four.settled.partitions(); p++) {
            source.losses.mended(p, source.losses.of(p), 0);
        }
        nodes.pass(300_000);
        assertHolds(all);
    }

    @Test
    void who_lacks_something_does_not_stand_in_for_one_that_can_not_read_its_store() {
        fill();
        SortedMap<Key, VersionSet> all = new TreeMap<>(nodes.disks.get(four.id(2)).owned);
        nodes.disks.get(four.id(2)).broken = true;
        forgetsAndIsFull(four.id(1));
        forgetsAndIsFull(four.id(3));
        begin();
        nodes.pass(200_000);
        assertFalse(received().equals(four.gains(newcomer)), "what two had may be lost to both");
        nodes.disks.get(four.id(2)).broken = false;
        nodes.pass(200_000);
        assertHolds(all);
    }

    @Test
    void what_only_one_of_two_lost_owners_may_have_held_is_waited_for() {
        fill();
        NodeId broken = four.id(2);
        nodes.disks.get(broken).broken = true;
        NodeId gone = four.id(3);
        nodes.down(gone);
        four.propose(nodes.ids, gone);
        for (NodeId node : List.of(four.id(1), broken, newcomer)) {
            four.at(node, Phase.PREPARED, true, new BitSet());
        }
        nodes.pass(200_000);
        assertFalse(received().equals(four.gains(newcomer)));
        nodes.disks.get(broken).broken = false;
        nodes.pass(20_000);
        assertEquals(four.gains(newcomer), received());
    }

    @Test
    void who_is_excluded_from_a_change_under_way_makes_it_begin_anew_and_it_ends() {
        fill();
        NodeId gone = four.id(3);
        nodes.refused = f -> f.to().equals(gone) && isPull(f);
        begin();
        nodes.pass(2_000);
        BitSet before = received();
        assertFalse(before.equals(four.gains(newcomer)), "the dead one was a source");
        nodes.down(gone);
        four.proposal = four.proposal.without(new TreeSet<>(List.of(gone)));
        pulls.clear();
        List<NodeId> left = List.of(four.id(1), four.id(2), newcomer);
        four.at(newcomer, Phase.PREPARED, true, before);
        nodes.pass(2_000);
        assertEquals(before, received(), "the others have not heard of it");
        left.forEach(node -> four.at(node, Phase.PREPARED, true, before));
        nodes.pass(20_000);
        assertHoldsAll();
        assertTrue(
                pulls.stream()
                        .map(f -> (Message.PartitionRequest) f.message())
                        .noneMatch(request -> before.get(request.partition())),
                "what was received is not asked for again");
        assertTrue(pulls.stream().noneMatch(f -> f.to().equals(gone)));
    }

    @Test
    void a_receiver_whose_disk_is_full_waits_and_what_was_not_durable_is_written_again() {
        fill();
        nodes.refusingDisk = newcomer::equals;
        begin();
        nodes.pass(1_000);
        assertTrue(received().isEmpty(), "what is visible only is not received");
        nodes.disks.get(newcomer).writable = false;
        pulls.clear();
        nodes.pass(20_000);
        assertTrue(pulls.isEmpty(), "nothing is asked for that can't be kept");
        nodes.refusingDisk = node -> false;
        nodes.disks.get(newcomer).writable = true;
        nodes.pass(20_000);
        assertHoldsAll();
    }

    @Test
    void nothing_is_received_before_it_is_durable() {
        fill();
        nodes.stuckDisk = newcomer::equals;
        begin();
        nodes.pass(1_000);
        assertEquals(
                four.gains(newcomer).cardinality() - emptyGains(),
                four.gains(newcomer).cardinality() - received().cardinality());
    }

    /** Of those that are under way or done before the first that is stuck. */
    private int emptyGains() {
        int empty = 0;
        for (int p : received().stream().toArray()) {
            NodeId owner = four.settled.owners(p).get(0);
            empty += nodes.disks.get(owner).holds(p) ? 0 : 1;
        }
        return empty;
    }

    @Test
    void the_bytes_of_a_second_are_bounded() {
        long bytesPerSecond = 4_000;
        four = cluster(bytesPerSecond);
        nodes = four.nodes;
        fill();
        begin();
        nodes.pass(1_000);
        assertTrue(pulled() > 0);
        assertTrue(pulled() <= bytesPerSecond + 4 * PAGE_BYTES, pulled() + " in the first second");
        nodes.pass(10_000);
        assertHoldsAll();
    }

    @Test
    void another_proposal_makes_it_begin_anew_and_a_withdrawal_ends_it() {
        fill();
        nodes.lost = f -> isPull(f) && pulls.add(f);
        begin();
        nodes.pass(100);
        int before = pulls.size();
        four.withdraw();
        four.all(Phase.PREPARED, true);
        nodes.pass(20_000);
        assertEquals(before, pulls.size());
        nodes.lost = f -> false;
        begin();
        nodes.pass(200);
        assertHoldsAll();
        nodes.told(newcomer, Effect.RangeReceived.class).forEach(r -> assertEquals(four.proposal.id(), r.proposal()));
    }

    @Test
    void a_page_of_an_abandoned_proposal_is_ignored() {
        fill();
        List<MiniCluster.Flight> pages = new ArrayList<>();
        nodes.lost = f -> f.message() instanceof Message.RangePage && pages.add(f);
        begin();
        nodes.pass(10);
        four.withdraw();
        four.all(null, false);
        nodes.lost = f -> false;
        pages.forEach(f -> nodes.deliver(f.from(), f.to(), f.message()));
        assertTrue(nodes.disks.get(newcomer).owned.isEmpty());
    }

    @Test
    void in_the_place_of_one_that_is_gone_for_good_all_that_are_left_are_sources() {
        NodeId gone = four.id(3);
        fill();
        Key onlyAtTwo = Key.of("b", "key0");
        VersionSet newer = nodes.held(four.id(2), onlyAtTwo);
        nodes.disks.get(four.id(1)).apply(new Mutation.DropPartition(four.settled.partitionOf(onlyAtTwo)));
        nodes.silentlyDown(gone);
        four.propose(List.of(four.id(1), four.id(2), newcomer), gone);
        for (NodeId node : List.of(four.id(1), four.id(2), newcomer)) {
            four.at(node, Phase.PREPARED, true, new BitSet());
        }
        nodes.pass(400);
        assertEquals(four.gains(newcomer), received());
        assertEquals(newer, nodes.held(newcomer, onlyAtTwo), "the first source has lost it, the second has not");
    }

    @Test
    void ranges_are_given_to_nobody_else() {
        fill();
        begin();
        nodes.pass(200);
        List<Message> answers = new ArrayList<>();
        nodes.lost = f -> f.message() instanceof Message.RangePage && answers.add(f.message());
        NodeId stranger = new NodeId("stranger");
        Message.PullRange pull = new Message.PullRange(1, 0, four.proposal.id(), null, false, 10);
        nodes.deliver(stranger, four.id(1), pull);
        nodes.deliver(four.id(2), newcomer, new Message.PullKeys(1, 0, four.proposal.id(), List.of()));
        nodes.deliver(newcomer, four.id(1), new Message.PullRange(1, 8, four.proposal.id(), null, false, 10));
        assertEquals(3, answers.size());
        answers.forEach(a -> assertEquals(ReplicaStatus.NOT_OWNER, ((Message.RangePage) a).status()));
    }
}
