package dev.gramme.runtime;

import dev.gramme.antientropy.Collected;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the rounds of collection that this node led have come to, since its start. Safe to use from any thread. */
public final class CollectionFigures {
    private final SortedMap<Integer, Collected> last = new TreeMap<>();
    /** By partition, since when no round of it has been committed though there were some. */
    private final SortedMap<Integer, Long> heldUpSinceMillis = new TreeMap<>();

    private long keys;

    /** Gives whether something is held up from now on, and nothing was before. */
    public synchronized boolean add(Collected collected) {
        boolean none = heldUpSinceMillis.isEmpty();
        last.put(collected.partition(), collected);
        if (collected.committed()) {
            keys += collected.keys();
            heldUpSinceMillis.remove(collected.partition());
        } else {
            heldUpSinceMillis.putIfAbsent(collected.partition(), collected.atMillis());
        }
        return none && !collected.committed();
    }

    /** The last round of each partition of which there was one, in this order. */
    public synchronized List<Collected> last() {
        return List.copyOf(last.values());
    }

    /** Keys of which all had only deletes, and that were forgotten. */
    public synchronized long keys() {
        return keys;
    }

    /** Partitions whose last round was given up. */
    public synchronized int heldUp() {
        return heldUpSinceMillis.size();
    }

    /** Wall-clock time since when the one that was held up first is; 0 if none is. */
    public synchronized long heldUpSinceMillis() {
        return heldUpSinceMillis.values().stream()
                .mapToLong(Long::longValue)
                .min()
                .orElse(0);
    }
}
