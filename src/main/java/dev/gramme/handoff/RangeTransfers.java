package dev.gramme.handoff;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.wire.Admission;
import dev.gramme.wire.Message;
import dev.gramme.wire.Throttle;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes over the partitions that a change of the ring gives to this node, of those of one loop: a few at once, each from who holds it. Not thread-safe.
 *
 * <p>What has come is remembered here only; after a restart it is offered again, and only what is missing is sent. What another proposal had this node
 * take over is as good as any other start.
 */
public final class RangeTransfers {
    /**
     * For one loop.
     *
     * @param pullsAtOnce partitions
     * @param pageBytes asked for at once
     * @param bytesPerSecond 0 for no bound
     */
    public record Bounds(int pullsAtOnce, int pageBytes, long bytesPerSecond) {
        /** The part of one loop in what a whole node may do. */
        public static Bounds ofLoop(int loop, int loops, int pullsAtOnce, int pageBytes, long bytesPerSecond) {
            int share = pullsAtOnce / loops + (loop < pullsAtOnce % loops ? 1 : 0);
            long bytes = bytesPerSecond == 0 ? 0 : Math.max(1, bytesPerSecond / loops);
            return new Bounds(Math.max(1, share), pageBytes, bytes);
        }
    }

    /** A source reads from its disk what it is asked for. */
    static final int PULL_TIMEOUT_MILLIS = 5_000;

    /** What an entry costs beside its state, in bytes of states that cost as much: it is merged by itself. */
    static final int ENTRY_COST_BYTES = 64;

    private final NodeId self;
    private final int loop;
    private final int loops;
    private final Bounds bounds;
    private final OwnedRanges ranges;
    private final Throttle throttle;
    private final Admission admission;
    private Proposal.@Nullable Id proposal;
    private boolean begun;
    /** Partitions of which something was here before the change began. */
    private final BitSet heldBefore = new BitSet();

    private final ArrayDeque<Integer> queue = new ArrayDeque<>();
    private final SortedMap<Integer, RangePull> underWay = new TreeMap<>();
    private final Map<Long, RangePull> byRequest = new HashMap<>();
    private final Map<Long, RangePull> byToken = new HashMap<>();

    public RangeTransfers(NodeId self, int loop, int loops, Bounds bounds, OwnedRanges ranges, Admission admission) {
        this.self = self;
        this.loop = loop;
        this.loops = loops;
        this.bounds = bounds;
        this.ranges = ranges;
        this.throttle = new Throttle(bounds.bytesPerSecond());
        this.admission = admission;
    }

    /** To be told of each topology, the first among them. */
    public void goesBy(Topology topology) {
        Ring target = topology.target();
        Proposal committed = topology.proposal();
        Proposal.Id id = target == null || committed == null ? null : committed.id();
        if (!Objects.equals(id, proposal)) {
            abandon();
            proposal = id;
            noteWhatIsHeld(topology);
        }
        if (target != null && topology.transferring() && !begun) {
            begun = true;
            for (int p = loop; p < target.partitions(); p += loops) {
                if (isGained(p, topology) && !topology.received().get(p)) {
                    queue.add(p);
                }
            }
        }
    }

    private void abandon() {
        begun = false;
        queue.clear();
        underWay.clear();
        byRequest.clear();
        byToken.clear();
        heldBefore.clear();
    }

    /** Now, before the first write that goes to both rings: one key does not make a partition worth offering. */
    private void noteWhatIsHeld(Topology topology) {
        Ring target = topology.target();
        for (int p = loop; target != null && p < target.partitions(); p += loops) {
            heldBefore.set(p, isGained(p, topology) && ranges.holds(p));
        }
    }

    private boolean isGained(int partition, Topology topology) {
        Ring target = topology.target();
        return target != null
                && target.owns(self, partition)
                && !topology.settled().owns(self, partition);
    }

    public void tick(Moment moment) {
        if (queue.isEmpty() && underWay.isEmpty()) {
            return;
        }
        begin(moment);
        for (RangePull pull : List.copyOf(underWay.values())) {
            if (pull.isTimedOut(moment.nanos())) {
                byRequest.remove(pull.request());
                pull.backOff(moment);
            }
            after(pull, moment);
        }
    }

    private void begin(Moment moment) {
        Proposal.Id id = proposal;
        Topology topology = moment.outlook().view().topology();
        while (id != null && underWay.size() < bounds.pullsAtOnce() && !queue.isEmpty()) {
            int partition = queue.remove();
            List<NodeId> sources = topology.sources(partition, self);
            if (sources.isEmpty()) {
                // Nobody held it.
                RangePull.received(partition, ranges.losses().of(partition), ranges.losses(), moment);
                moment.out().rangeReceived(id, partition, 0, 0);
            } else {
                RangePull pull = new RangePull(
                        partition,
                        id,
                        sources,
                        topology.otherSources(partition, self),
                        topology.remaining(partition),
                        heldBefore.get(partition),
                        ranges);
                underWay.put(partition, pull);
                after(pull, moment);
            }
        }
    }

    /** What each step of a pull is followed by: it is over, or asks on when it may. */
    private void after(RangePull pull, Moment moment) {
        if (pull.isDone()) {
            underWay.remove(pull.partition);
            begin(moment);
        } else if (pull.isToAsk(moment.nanos())) {
            if (!moment.outlook().view().isReadable(pull.source())) {
                pull.sourceIsAway();
            } else if (ranges.isWritable() && throttle.isOpen(moment.nanos()) && admission.isOpen(moment.nanos())) {
                long id = moment.out().nextId();
                throttle.take(bounds.pageBytes(), moment.nanos());
                byRequest.put(id, pull);
                pull.ask(id, admission.sliceBytes(bounds.pageBytes()), PULL_TIMEOUT_MILLIS, moment);
            }
        }
    }

    public void replied(NodeId from, Message.RangePage page, Moment moment) {
        RangePull pull = byRequest.get(page.id());
        if (pull == null || !pull.isWaitingFor(page.id(), from)) {
            return;
        }
        byRequest.remove(page.id());
        long bytes = pull.replied(page, moment);
        throttle.giveBack(bounds.pageBytes() - bytes);
        admission.took(bytes + (long) page.entries().size() * ENTRY_COST_BYTES, moment.nanos());
        pull.tokens().forEach(token -> byToken.put(token, pull));
        after(pull, moment);
    }

    public void undeliverable(NodeId to, long id, Moment moment) {
        RangePull pull = byRequest.get(id);
        if (pull != null && pull.isWaitingFor(id, to)) {
            byRequest.remove(id);
            throttle.giveBack(bounds.pageBytes());
            pull.backOff(moment);
        }
    }

    /** A write of this node is durable, or never will be. */
    public void settled(long token, boolean durable, Moment moment) {
        RangePull pull = byToken.remove(token);
        if (pull != null) {
            pull.settled(token, durable, moment);
            after(pull, moment);
        }
    }

    /** Whether writes are waited for: else nobody need be told that one is durable. */
    public boolean isWaitingForDisk() {
        return !byToken.isEmpty();
    }
}
