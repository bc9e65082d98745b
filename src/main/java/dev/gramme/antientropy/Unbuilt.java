package dev.gramme.antientropy;

import dev.gramme.wire.Admission;
import java.util.BitSet;

/** Trees that are asked of and are not built: each tick builds a slice of the first that is over anything. */
public final class Unbuilt {
    /** Of reading a slice of a partition, in bytes of states that cost as much. */
    private static final int SLICE_COST_BYTES = 32 << 10;
    /** In one tick, as long as they are over nothing: a new cluster compares all its partitions at once. */
    private static final int MAX_BUILT = 64;

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
        for (int built = 0; built < MAX_BUILT; built++) {
            int partition = partitions.nextSetBit(0);
            if (partition < 0 || !admission.isOpen(nowNanos) || !buildsNothing(partition, nowNanos)) {
                return;
            }
        }
    }

    /** Gives whether the tree is ready and over nothing: then it cost nothing. */
    private boolean buildsNothing(int partition, long nowNanos) {
        try {
            if (!trees.isReady(partition)) {
                trees.build(partition);
            }
            partitions.set(partition, !trees.isReady(partition));
            if (trees.isReady(partition) && trees.root(partition) == 0) {
                return true;
            }
            admission.took(SLICE_COST_BYTES, nowNanos);
            return false;
        } catch (UnreadableException e) {
            // The store has reported it; who asks again is told.
            partitions.clear(partition);
            return false;
        }
    }
}
