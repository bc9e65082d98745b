package dev.gramme.node;

import dev.gramme.wire.Losses;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a node in memory has lost: nothing, until a test says so. */
final class MemoryLosses implements Losses {
    private final SortedMap<Integer, Long> losses = new TreeMap<>();
    private long last;

    @Override
    public long of(int partition) {
        return losses.getOrDefault(partition, NONE);
    }

    @Override
    public void lost(int partition) {
        losses.put(partition, ++last);
    }

    @Override
    public void lostAll(long epoch) {
        throw new IllegalStateException("only a control plane finds a ring that was forgotten, and there is none");
    }

    @Override
    public void mended(int partition, long loss, long epoch) {
        losses.remove(partition, loss);
    }
}
