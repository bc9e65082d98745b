package dev.gramme.handoff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.Topology;
import dev.gramme.version.Now;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A full disk refuses to note that a partition is gone; meanwhile the ring goes on. */
class RangeDroppingTest {
    private static final NodeId SELF = new NodeId("n1");
    private static final NodeId OTHER = new NodeId("n2");
    private static final int PARTITION = 0;

    private final Disk disk = new Disk();
    private final RangeDropping dropping = new RangeDropping(SELF, 0, 1, disk, disk, () -> disk.actors++);
    private long nanos = 1_000_000_000L;
    private long epoch;

    @Test
    void a_refused_drop_is_tried_again_after_a_while_and_not_at_once() {
        settled(2);
        long token = ticksAndDrops();
        refuse(token);
        pass(RangeDropping.RETRY_MILLIS - 1);
        assertEquals(1, disk.drops);
        pass(1);
        keep(ticksAndDrops());
        pass(3 * RangeDropping.RETRY_MILLIS);
        assertEquals(2, disk.drops);
        assertFalse(dropping.isWaitingForDisk());
        assertEquals(2, disk.actors, "each time what was held is forgotten");
    }

    @Test
    void a_drop_that_is_refused_after_the_ring_went_on_is_tried_again() {
        settled(2);
        long token = ticksAndDrops();
        settled(3);
        pass(RangeDropping.RETRY_MILLIS);
        assertEquals(1, disk.drops, "it is under way");
        refuse(token);
        pass(RangeDropping.RETRY_MILLIS);
        ticksAndDrops();
    }

    @Test
    void a_drop_that_is_refused_just_before_the_ring_goes_on_is_tried_again() {
        settled(2);
        refuse(ticksAndDrops());
        settled(3);
        pass(RangeDropping.RETRY_MILLIS);
        ticksAndDrops();
    }

    @Test
    void a_drop_that_is_refused_while_a_change_is_under_way_waits_for_its_end() {
        settled(2);
        long token = ticksAndDrops();
        changing();
        refuse(token);
        pass(2 * RangeDropping.RETRY_MILLIS);
        assertEquals(1, disk.drops);
        settled(2);
        ticksAndDrops();
    }

    @Test
    void a_drop_that_outlasts_a_change_and_is_refused_then_is_tried_again() {
        settled(2);
        long token = ticksAndDrops();
        changing();
        settled(2);
        refuse(token);
        pass(RangeDropping.RETRY_MILLIS);
        assertEquals(2, disk.drops);
    }

    @Test
    void who_comes_to_own_it_meanwhile_keeps_it() {
        settled(2);
        long token = ticksAndDrops();
        dropping.goesBy(Topology.settled(ring(3, SELF)));
        refuse(token);
        pass(2 * RangeDropping.RETRY_MILLIS);
        assertEquals(1, disk.drops);
        assertTrue(disk.holds);
    }

    private void settled(long version) {
        dropping.goesBy(new Topology(++epoch, ring(version, OTHER), null, null, false, new BitSet()));
    }

    private void changing() {
        Ring settled = ring(2, OTHER);
        Proposal proposal = new Proposal(1, OTHER, 2, ring(3, OTHER), new TreeSet<>());
        dropping.goesBy(new Topology(++epoch, settled, proposal, Phase.PREPARED, true, new BitSet()));
    }

    private static Ring ring(long version, NodeId owner) {
        SortedMap<NodeId, RingMember> members = new TreeMap<>();
        List.of(SELF, OTHER).forEach(id -> members.put(id, new RingMember(id, "z", 100)));
        return new Ring(version, 1, members, List.of(List.of(owner)));
    }

    private void pass(long millis) {
        nanos += millis * Moment.NANOS_PER_MILLI;
        dropping.tick(now(), disk);
    }

    /** Gives the token of the drop. */
    private long ticksAndDrops() {
        dropping.tick(now(), disk);
        assertTrue(dropping.isWaitingForDisk());
        assertFalse(disk.holds);
        return disk.tokens;
    }

    private void refuse(long token) {
        disk.holds = true;
        dropping.settled(token, false, now());
    }

    private void keep(long token) {
        dropping.settled(token, true, now());
    }

    private Now now() {
        return new Now(nanos, nanos / Moment.NANOS_PER_MILLI);
    }

    /** Holds one partition, until it is told to drop it, and no hints. */
    private static final class Disk implements OwnedRanges, HintBook, Outbox {
        @Override
        public Losses losses() {
            return Losses.NEVER;
        }

        boolean holds = true;
        int drops;
        int actors;
        long tokens;

        @Override
        public long persist(List<Mutation> mutations) {
            assertEquals(List.of(new Mutation.DropPartition(PARTITION)), mutations);
            holds = false;
            drops++;
            return ++tokens;
        }

        @Override
        public boolean holds(int partition) {
            return holds;
        }

        @Override
        public boolean any(int partition) {
            return false;
        }

        @Override
        public boolean mayComeBack(int partition) {
            return false;
        }

        @Override
        public long bytes(NodeId owner) {
            return 0;
        }

        @Override
        public void observed(Probe probe) {
            assertEquals(Probe.PARTITION_DROPPED, probe);
        }

        @Override
        public void altered(Key key) {
            throw new IllegalStateException("nothing is merged here");
        }

        @Override
        public boolean isWritable() {
            return false;
        }

        @Override
        public Page page(int partition, Key after, int maxBytes) {
            throw notAsked();
        }

        @Override
        public VersionSet own(int partition, Key key) {
            throw notAsked();
        }

        @Override
        public Lacking lacking(int partition, List<Message.RangeEntry> offers) {
            throw notAsked();
        }

        @Override
        public List<Long> merge(int p, List<Message.RangeEntry> entries, Outlook outlook, Now now, Outbox out) {
            throw notAsked();
        }

        @Override
        public VersionSet read(int partition, Key key) {
            throw notAsked();
        }

        @Override
        public VersionSet read(int partition, Key key, NodeId owner) {
            throw notAsked();
        }

        @Override
        public List<Hint> next(NodeId owner, int loop, int loops, int limit, long maxBytes) {
            throw notAsked();
        }

        @Override
        public SortedMap<NodeId, Long> counts() {
            throw notAsked();
        }

        @Override
        public void send(NodeId to, Message message) {
            throw notAsked();
        }

        @Override
        public long nextId() {
            throw notAsked();
        }

        private static IllegalStateException notAsked() {
            return new IllegalStateException("who drops has no reason to ask that");
        }
    }
}
