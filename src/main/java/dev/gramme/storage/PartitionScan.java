package dev.gramme.storage;

import dev.gramme.replica.ReplicaStore.Entry;
import dev.gramme.replica.ReplicaStore.Page;
import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.StateCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * One page of a partition in the order of keys: the states in memory over those of the file.
 *
 * <p>It takes from memory no more than a page, and then walks file and memory side by side, so a page costs what is on it, however large the
 * partition. A file's state is not even read where memory has a newer one: a checkpoint may be replacing it just now.
 */
final class PartitionScan {
    private final List<Fresh> fresh;
    private final boolean freshComplete;
    private final @Nullable Key after;
    private final int maxBytes;

    /** @param state null if the key is gone */
    private record Fresh(Key key, @Nullable VersionSet state) {}

    private PartitionScan(List<Fresh> fresh, boolean freshComplete, @Nullable Key after, int maxBytes) {
        this.fresh = fresh;
        this.freshComplete = freshComplete;
        this.after = after;
        this.maxBytes = maxBytes;
    }

    static PartitionScan of(ConcurrentNavigableMap<Key, Unapplied> unapplied, @Nullable Key after, int maxBytes) {
        Iterator<Map.Entry<Key, Unapplied>> following = (after == null ? unapplied : unapplied.tailMap(after, false))
                .entrySet()
                .iterator();
        List<Fresh> fresh = new ArrayList<>();
        Filling states = new Filling(maxBytes);
        while (!states.isFull() && following.hasNext()) {
            Map.Entry<Key, Unapplied> next = following.next();
            VersionSet state = next.getValue().state;
            fresh.add(new Fresh(next.getKey(), state));
            states.add(next.getKey(), state);
        }
        return new PartitionScan(fresh, !following.hasNext(), after, maxBytes);
    }

    /** Where there is no file. */
    Page alone() {
        Filling page = new Filling(maxBytes);
        fresh.forEach(next -> page.add(next.key, next.state));
        return page(page.entries, freshComplete);
    }

    /** @throws dev.gramme.replica.StoreBrokenException if the file can't be read */
    Page over(PartitionFile file) {
        RecordFile.Cursor cursor = file.cursor(after == null ? new byte[0] : RecordKeys.after(after));
        Filling page = new Filling(maxBytes);
        byte[] stored = cursor.next();
        int taken = 0;
        while (taken < fresh.size() || stored != null) {
            if (page.isFull()) {
                return page(page.entries, false);
            }
            int order = order(taken, stored);
            if (order <= 0) {
                Fresh next = fresh.get(taken++);
                page.add(next.key, next.state);
            } else if (stored != null) {
                page.add(RecordKeys.key(stored), cursor.state());
            }
            stored = order >= 0 ? cursor.next() : stored;
        }
        return page(page.entries, freshComplete);
    }

    /** Below 0: the next in memory comes first; above: the file's; 0: they are the same key's. */
    private int order(int taken, byte @Nullable [] stored) {
        if (stored == null) {
            return -1;
        }
        return taken == fresh.size()
                ? 1
                : Arrays.compareUnsigned(RecordKeys.of(fresh.get(taken).key()), stored);
    }

    private static Page page(List<Entry> entries, boolean complete) {
        return new Page(Collections.unmodifiableList(entries), complete);
    }

    /** Entries up to about so many bytes, and at least one. */
    private static final class Filling {
        private final List<Entry> entries = new ArrayList<>();
        private final int maxBytes;
        private long bytes;

        Filling(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        boolean isFull() {
            return !entries.isEmpty() && bytes >= maxBytes;
        }

        /** @param state null if the key is gone, which takes no room on a page */
        void add(Key key, @Nullable VersionSet state) {
            if (state != null) {
                entries.add(new Entry(key, state));
                bytes += key.name().size() + StateCodec.sizeHint(state);
            }
        }
    }
}
