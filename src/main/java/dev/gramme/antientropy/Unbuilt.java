package dev.gramme.antientropy;

import java.util.BitSet;

/** Trees that are asked of and are not built: each tick builds a slice of the first. */
public final class Unbuilt {
    private final Trees trees;
    private final BitSet partitions = new BitSet();

    public Unbuilt(Trees trees) {
        this.trees = trees;
    }

    void add(int partition) {
        partitions.set(partition);
    }

    void tick() {
        int partition = partitions.nextSetBit(0);
        if (partition < 0) {
            return;
        }
        try {
            if (!trees.isReady(partition)) {
                trees.build(partition);
            }
            partitions.set(partition, !trees.isReady(partition));
        } catch (UnreadableException e) {
            // The store has reported it; who asks again is told.
            partitions.clear(partition);
        }
    }
}
