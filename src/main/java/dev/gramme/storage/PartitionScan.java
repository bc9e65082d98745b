package dev.gramme.storage;

import dev.gramme.ring.Key;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One page of a partition in the order of keys: the states in memory over those of the file.
 *
 * <p>It takes from memory no more than a page, and then walks file and memory side by side, so a page costs what is on it, however large the
 * partition. A file's state is not even read where memory has a newer one: a checkpoint may be replacing it just now.
 *
 * @param <P> the page
 */
final class PartitionScan<P> {
    /** A page while it is filled. */
    interface Filling<P> {
        boolean isFull();

        /** Whether the keys that are wanted end before {@code key}. */
        boolean endsBefore(Key key);

        /** @param entry may say that the key is gone, which takes no room on a page */
        void add(Key key, Unapplied entry);

        void add(Key key, RecordFile.Cursor stored);

        P page(boolean complete);
    }

    private record Fresh(Key key, Unapplied entry) {}

    private final List<Fresh> fresh;
    private final boolean freshComplete;
    private final @Nullable Key after;
    private final Supplier<Filling<P>> blank;

    private PartitionScan(List<Fresh> fresh, boolean freshComplete, @Nullable Key after, Supplier<Filling<P>> blank) {
        this.fresh = fresh;
        this.freshComplete = freshComplete;
        this.after = after;
        this.blank = blank;
    }

    /** @param blank an empty page */
    static <P> PartitionScan<P> of(
            ConcurrentNavigableMap<Key, Unapplied> unapplied, @Nullable Key after, Supplier<Filling<P>> blank) {
        Iterator<Map.Entry<Key, Unapplied>> following = (after == null ? unapplied : unapplied.tailMap(after, false))
                .entrySet()
                .iterator();
        List<Fresh> fresh = new ArrayList<>();
        Filling<P> page = blank.get();
        while (following.hasNext()) {
            if (page.isFull()) {
                return new PartitionScan<>(fresh, false, after, blank);
            }
            Map.Entry<Key, Unapplied> next = following.next();
            if (page.endsBefore(next.getKey())) {
                break;
            }
            fresh.add(new Fresh(next.getKey(), next.getValue()));
            page.add(next.getKey(), next.getValue());
        }
        return new PartitionScan<>(fresh, true, after, blank);
    }

    /** Where there is no file. */
    P alone() {
        Filling<P> page = blank.get();
        fresh.forEach(next -> page.add(next.key, next.entry));
        return page.page(freshComplete);
    }

    /** @throws dev.gramme.replica.StoreBrokenException if the file can't be read */
    P over(PartitionFile file) {
        RecordFile.Cursor cursor = file.cursor(after == null ? new byte[0] : RecordKeys.after(after));
        Filling<P> page = blank.get();
        Key stored = next(cursor, page);
        int taken = 0;
        while (taken < fresh.size() || stored != null) {
            if (page.isFull()) {
                return page.page(false);
            }
            int order = order(taken, stored);
            if (order <= 0) {
                Fresh next = fresh.get(taken++);
                page.add(next.key, next.entry);
            } else if (stored != null) {
                page.add(stored, cursor);
            }
            stored = order >= 0 ? next(cursor, page) : stored;
        }
        return page.page(freshComplete);
    }

    /** The file's next key that is wanted; null if there is none. */
    private static @Nullable Key next(RecordFile.Cursor cursor, Filling<?> page) {
        byte[] record = cursor.next();
        Key key = record == null ? null : RecordKeys.key(record);
        return key == null || page.endsBefore(key) ? null : key;
    }

    /** Below 0: the next in memory comes first; above: the file's; 0: they are the same key's. */
    private int order(int taken, @Nullable Key stored) {
        if (stored == null) {
            return -1;
        }
        return taken == fresh.size() ? 1 : fresh.get(taken).key().compareTo(stored);
    }
}
