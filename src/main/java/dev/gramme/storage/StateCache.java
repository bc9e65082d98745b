package dev.gramme.storage;

import dev.gramme.ring.Key;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The states read or written last, decoded, up to a number of bytes. One per loop: its lock is hardly ever contended. */
final class StateCache {
    private final LinkedHashMap<Key, Unapplied> entries = new LinkedHashMap<>(256, 0.75f, true);
    private final long capacityBytes;
    private long bytes;

    StateCache(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    synchronized @Nullable Unapplied get(Key key) {
        return entries.get(key);
    }

    synchronized void put(Key key, Unapplied entry) {
        Unapplied before = entries.put(key, entry);
        bytes += entry.bytes - (before == null ? 0 : before.bytes);
        Iterator<Map.Entry<Key, Unapplied>> eldest = entries.entrySet().iterator();
        while (bytes > capacityBytes && eldest.hasNext()) {
            bytes -= eldest.next().getValue().bytes;
            eldest.remove();
        }
    }

    synchronized void remove(Key key) {
        Unapplied before = entries.remove(key);
        bytes -= before == null ? 0 : before.bytes;
    }

    /** Looks at all there is: seldom needed. */
    synchronized void forget(int partition) {
        Iterator<Unapplied> all = entries.values().iterator();
        while (all.hasNext()) {
            Unapplied entry = all.next();
            if (entry.partition == partition) {
                bytes -= entry.bytes;
                all.remove();
            }
        }
    }
}
