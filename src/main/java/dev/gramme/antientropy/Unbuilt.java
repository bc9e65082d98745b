package dev.gramme.antientropy;

import dev.gramme.wire.Admission;
import java.util.BitSet;

/** Trees that are asked of and are not built: each tick builds a slice of the first. */
public final class Unbuilt {
    /** Of reading a slice of a partition, in bytes of states that cost as much. */
    private static final int SLICE_COST_BYTES = 32 << 10;

    private final Trees trees;
    private final Admission admission;
    private final BitSet partitions = new BitSet();

    public Unbuilt(Trees trees, Admission admission) {
        this.trees = trees;
        this.admission = admission;
    }

    void add(int partition) {
        partitions.set(partition);
    }

    void tick(long nowNanos) {
        int partition = partitions.nextSetBit(0);
        if (partition < 0 || !admission.isOpen(nowNanos)) {
            return;
        }
        try {
            if (!trees.isReady(partition)) {
                trees.build(partition);
                admission.took(SLICE_COST_BYTES, nowNanos);
            }
            partitions.set(partition, !trees.isReady(partition));
        } catch (UnreadableException e) {
            // The store has reported it; who asks again is told.
            partitions.clear(partition);
        }
    }
}
