package dev.gramme.sim;

import dev.gramme.wire.Losses;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a simulated disk says of its losses: an empty one lacks everything. */
final class SimLosses implements Losses {
    private final SortedMap<Integer, Long> known = new TreeMap<>();
    /** Of those that are not known. */
    private long general = 1;

    private long last = 1;

    SimLosses() {}

    private SimLosses(SimLosses other) {
        known.putAll(other.known);
        general = other.general;
        last = other.last;
    }

    SimLosses copy() {
        return new SimLosses(this);
    }

    @Override
    public long of(int partition) {
        return known.getOrDefault(partition, general);
    }

    @Override
    public void lost(int partition) {
        known.put(partition, ++last);
    }

    @Override
    public void lostAll(long epoch) {
        known.clear();
        general = ++last;
    }

    @Override
    public void mended(int partition, long loss, long epoch) {
        if (of(partition) == loss) {
            known.put(partition, NONE);
        }
    }
}
