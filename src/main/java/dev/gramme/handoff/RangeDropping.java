package dev.gramme.handoff;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.version.Now;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Probe;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Drops what this node holds of partitions that it does not own, when no change of the ring is under way: after one, when the new owners have all that it has;
 * and what a change that was withdrawn had left here. A few at a time, and none as long as hints are kept that may say no more than "what I hold".
 */
public final class RangeDropping {
    static final int DROPPED_AT_ONCE = 8;
    /** What could not be written down is tried again after this. */
    static final int RETRY_MILLIS = 10_000;

    /** What was held is forgotten: the owner's store mints by another actor from now on. */
    public interface Forgetting {
        void renewActor();
    }

    private final NodeId self;
    private final int loop;
    private final int loops;
    private final OwnedRanges ranges;
    private final HintBook hints;
    private final Forgetting forgetting;
    private final BitSet toDrop = new BitSet();
    private final Map<Long, Integer> underWay = new HashMap<>();
    private @Nullable Topology topology;
    private long resumeNanos;
    private boolean failed;

    public RangeDropping(NodeId self, int loop, int loops, OwnedRanges ranges, HintBook hints, Forgetting forgetting) {
        this.self = self;
        this.loop = loop;
        this.loops = loops;
        this.ranges = ranges;
        this.hints = hints;
        this.forgetting = forgetting;
    }

    /** To be told of each topology, the first among them. A node that knows no ring yet may own all it holds. */
    public void goesBy(Topology next) {
        if (topology != null && topology.epoch() == next.epoch()) {
            return;
        }
        topology = next;
        toDrop.clear();
        for (int p = loop; p < next.settled().partitions(); p += loops) {
            toDrop.set(p, isDroppable(p) && ranges.holds(p));
        }
    }

    private boolean isDroppable(int partition) {
        return topology != null
                && topology.target() == null
                && topology.settled().version() > 0
                && !topology.settled().owns(self, partition);
    }

    public void tick(Now now, Outbox out) {
        if (toDrop.isEmpty() || (failed && now.nanos() - resumeNanos < 0)) {
            return;
        }
        failed = false;
        int dropped = 0;
        for (int p = toDrop.nextSetBit(0); p >= 0 && dropped < DROPPED_AT_ONCE; p = toDrop.nextSetBit(p + 1)) {
            if (!hints.any(p)) {
                toDrop.clear(p);
                underWay.put(out.persist(List.of(new Mutation.DropPartition(p))), p);
                out.observed(Probe.PARTITION_DROPPED);
                dropped++;
            }
        }
        if (dropped > 0) {
            forgetting.renewActor();
        }
    }

    /** A write of this node is durable, or never will be: a disk too full to note that something is gone is asked again. */
    public void settled(long token, boolean durable, Now now) {
        Integer partition = underWay.remove(token);
        if (partition != null && !durable && isDroppable(partition)) {
            toDrop.set(partition);
            failed = true;
            resumeNanos = now.nanos() + RETRY_MILLIS * Moment.NANOS_PER_MILLI;
        }
    }

    /** Whether drops are not durable yet. */
    public boolean isWaitingForDisk() {
        return !underWay.isEmpty();
    }
}
