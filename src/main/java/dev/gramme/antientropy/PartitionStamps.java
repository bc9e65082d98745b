package dev.gramme.antientropy;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.wire.Stamps;
import java.util.SortedMap;
import java.util.TreeMap;

/** The stamps that one loop goes by. Those that it has promised are on the disk, those above in memory alone: a restart goes back to what was promised. */
public final class PartitionStamps implements Stamps {
    private final NodeId self;
    private final Memory memory;
    /** Gone by without a promise. */
    private final long[] raised;
    /** Promised, on the disk or on its way there. */
    private final long[] asked;
    /** Promised, and on the disk. */
    private final long[] kept;
    /** What is older is being forgotten, and a promise of that written in the same record; 0 if none is. */
    private final long[] forgetting;
    /** What may be taken as an owner while {@link StampQuestions} are open, besides the epoch; 0 if none are. */
    private final long[] ownFloor;
    /** And as no owner. */
    private final long[] hintFloor;
    /** Collections that were heard of, and for which there is no promise. */
    private SortedMap<Integer, Long> unknown = new TreeMap<>();

    private Topology topology;

    public PartitionStamps(NodeId self, Topology topology, Memory memory) {
        int partitions = topology.settled().partitions();
        this.self = self;
        this.topology = topology;
        this.memory = memory;
        this.raised = new long[partitions];
        this.asked = new long[partitions];
        this.kept = new long[partitions];
        this.forgetting = new long[partitions];
        this.ownFloor = new long[partitions];
        this.hintFloor = new long[partitions];
        for (int partition = 0; partition < partitions; partition++) {
            asked[partition] = memory.promised(partition);
            kept[partition] = asked[partition];
        }
    }

    /** What was gone by without a promise is not, where this node comes to own: it had not confirmed anything. */
    void goesBy(Topology next) {
        for (int partition = 0; partition < raised.length; partition++) {
            boolean owned =
                    topology.settled().owns(self, partition) && next.settled().owns(self, partition);
            if (!owned && next.owns(self, partition)) {
                raised[partition] = 0;
            }
        }
        topology = next;
    }

    @Override
    public long stamp(int partition) {
        return Math.max(raised[partition], asked[partition]);
    }

    @Override
    public long promised(int partition) {
        return Math.max(asked[partition], forgetting[partition]);
    }

    @Override
    public long keepsFrom(int partition) {
        return Math.max(promised(partition), hintFloor[partition]);
    }

    @Override
    public long epoch(int partition) {
        return memory.epoch(partition);
    }

    @Override
    public long takesFrom(int partition) {
        return Math.max(memory.epoch(partition), ownFloor[partition]);
    }

    /**
     * A stamp that anybody goes by is one for which all owners had confirmed: so who owns nothing of the partition may go by it at once. An owner may not: it may have
     * forgotten what it had confirmed.
     */
    @Override
    public void heard(int partition, long stamp, long epoch) {
        if (partition >= asked.length) {
            return;
        }
        if (isUnknown(partition, epoch) && epoch > forgetting[partition]) {
            unknown.merge(partition, epoch, Math::max);
        }
        if (stamp > raised[partition] && !topology.owns(self, partition)) {
            raised[partition] = stamp;
        }
    }

    /** Whether somebody has collected up to {@code epoch}, and this node knows of no such promise on its disk. */
    boolean isUnknown(int partition, long epoch) {
        return epoch > kept[partition];
    }

    /** What was heard since this was last asked. */
    SortedMap<Integer, Long> takeUnknown() {
        SortedMap<Integer, Long> taken = unknown;
        if (!taken.isEmpty()) {
            unknown = new TreeMap<>();
        }
        return taken;
    }

    void raise(int partition, long stamp) {
        raised[partition] = Math.max(raised[partition], stamp);
    }

    /** It is about to be written, and is true already. */
    void promising(int partition, long stamp) {
        asked[partition] = Math.max(asked[partition], stamp);
    }

    void kept(int partition, long stamp) {
        promising(partition, stamp);
        kept[partition] = Math.max(kept[partition], stamp);
    }

    /** What is older is about to be forgotten, as soon as that is written; until then it may come back. */
    void forgetting(int partition, long stamp) {
        forgetting[partition] = stamp;
    }

    /** @param durable else all is as it was */
    void forgotten(int partition, long stamp, boolean durable) {
        forgetting[partition] = 0;
        if (durable) {
            kept(partition, stamp);
        }
    }

    /**
     * This node does not know yet what was collected.
     *
     * @param newcomer it was no member: what it has promised says nothing. Else nobody has collected what it has not promised.
     */
    void learns(int partition, boolean newcomer) {
        ownFloor[partition] = newcomer ? NOTHING : promised(partition);
        hintFloor[partition] = newcomer ? NOTHING : 0;
    }

    /** Nothing was collected by then that is younger. */
    void learnt(int partition, long stamp) {
        ownFloor[partition] = Math.min(ownFloor[partition], stamp);
        hintFloor[partition] = Math.min(hintFloor[partition], stamp);
    }

    boolean takesNothing(int partition) {
        return hintFloor[partition] == NOTHING;
    }

    void knows(int partition) {
        ownFloor[partition] = 0;
        hintFloor[partition] = 0;
    }
}
