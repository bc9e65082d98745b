package dev.gramme.storage;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * By partition, the highest stamp that this node has promised to go by ({@link dev.gramme.wire.Mutation.Promise}). One is in the log with all that came before it, hints that were
 * dropped among it; so it must not reach the checkpoint's mark before the log has told that it is forced, as it is whatever durability clients were promised.
 */
final class Promises {
    /** As a restart will find it, or hopes to. */
    private final AtomicLongArray shown;
    /** The log is forced as far. */
    private final AtomicLongArray told;

    /** @param kept by partition, as the mark has it */
    Promises(int partitions, SortedMap<Integer, Long> kept) {
        this.shown = new AtomicLongArray(partitions);
        this.told = new AtomicLongArray(partitions);
        kept.forEach((partition, stamp) -> {
            show(partition, stamp);
            told(partition, stamp);
        });
    }

    long of(int partition) {
        return shown.get(partition);
    }

    void show(int partition, long stamp) {
        shown.accumulateAndGet(partition, stamp, Math::max);
    }

    void told(int partition, long stamp) {
        told.accumulateAndGet(partition, stamp, Math::max);
    }

    /** Those that the log has told of, by partition; without those that are 0. */
    SortedMap<Integer, Long> told() {
        SortedMap<Integer, Long> all = new TreeMap<>();
        for (int partition = 0; partition < told.length(); partition++) {
            if (told.get(partition) > 0) {
                all.put(partition, told.get(partition));
            }
        }
        return all;
    }
}
