package dev.gramme.storage;

import dev.gramme.ring.Key;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The states read or written last, decoded, up to a number of bytes. One per loop: its lock is hardly ever contended. */
final class StateCache {
    /** @param number higher than that of everything put before */
    private record Cached(Unapplied entry, long number) {}

    private final LinkedHashMap<Key, Cached> entries = new LinkedHashMap<>(256, 0.75f, true);
    /** By partition: the highest number when it was forgotten last. */
    private final Map<Integer, Long> forgotten = new HashMap<>();

    private final long capacityBytes;
    private long bytes;
    private long numbers;

    StateCache(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    synchronized @Nullable Unapplied get(Key key) {
        Cached cached = entries.get(key);
        if (cached == null) {
            return null;
        }
        Long until = forgotten.get(cached.entry.partition);
        if (until != null && cached.number <= until) {
            remove(key);
            return null;
        }
        return cached.entry;
    }

    synchronized void put(Key key, Unapplied entry) {
        Cached before = entries.put(key, new Cached(entry, ++numbers));
        bytes += entry.bytes - (before == null ? 0 : before.entry.bytes);
        Iterator<Cached> eldest = entries.values().iterator();
        while (bytes > capacityBytes && eldest.hasNext()) {
            bytes -= eldest.next().entry.bytes;
            eldest.remove();
        }
    }

    synchronized void remove(Key key) {
        Cached before = entries.remove(key);
        bytes -= before == null ? 0 : before.entry.bytes;
    }

    /**
     * Of everything in a partition. Looks at nothing, since a node drops a hundred partitions at the end of a change, and clients would wait for a hundred looks at all there is: what
     * is forgotten goes when it is asked for or has become the eldest.
     */
    synchronized void forget(int partition) {
        forgotten.put(partition, numbers);
    }
}
