package dev.gramme.storage;

import dev.gramme.replica.ReplicaStore;
import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What this node holds as an owner: unapplied states in memory over a cache over the partitions' files. */
final class StateStore implements ReplicaStore {
    private final PartitionStores files;
    private final ConcurrentHashMap<Key, Unapplied>[] unapplied;
    private final StateCache[] caches;
    private final AtomicLong unappliedBytes;
    private final BooleanSupplier writable;

    /** @param unappliedBytes counted up and down here and elsewhere */
    StateStore(PartitionStores files, StorageSettings settings, AtomicLong unappliedBytes, BooleanSupplier writable) {
        this.files = files;
        this.unappliedBytes = unappliedBytes;
        this.writable = writable;
        this.unapplied = tables(settings.partitions());
        this.caches = new StateCache[settings.loops()];
        for (int i = 0; i < caches.length; i++) {
            caches[i] = new StateCache(settings.cacheBytes() / caches.length);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static ConcurrentHashMap<Key, Unapplied>[] tables(int partitions) {
        ConcurrentHashMap<Key, Unapplied>[] tables = new ConcurrentHashMap[partitions];
        for (int i = 0; i < partitions; i++) {
            tables[i] = new ConcurrentHashMap<>(0);
        }
        return tables;
    }

    @Override
    public VersionSet read(int partition, Key key) {
        Unapplied newest = unapplied[partition].get(key);
        if (newest != null && newest.state != null) {
            return newest.state;
        }
        StateCache cache = caches[partition % caches.length];
        VersionSet cached = cache.get(key);
        if (cached != null) {
            return cached;
        }
        VersionSet stored = files.read(partition, RecordKeys.of(key));
        if (stored == null) {
            return VersionSet.EMPTY;
        }
        cache.put(key, new Unapplied(key.name().size(), stored));
        return stored;
    }

    @Override
    public Page scan(int partition, @Nullable Key after, int maxBytes) {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public boolean holds(int partition) {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public boolean isWritable() {
        return writable.getAsBoolean();
    }

    /** Visible when this returns. */
    void set(int partition, Key key, VersionSet state) {
        Unapplied entry = new Unapplied(key.name().size(), state);
        Unapplied before = unapplied[partition].put(key, entry);
        unappliedBytes.addAndGet(entry.bytes - (before == null ? 0 : before.bytes));
        caches[partition % caches.length].put(key, entry);
    }

    /** Brings the partition's file up to date. Throws what MVStore throws; then nothing is lost from memory. */
    boolean apply(int partition) {
        ConcurrentHashMap<Key, Unapplied> table = unapplied[partition];
        if (table.isEmpty()) {
            return false;
        }
        Map<Key, Unapplied> snapshot = new LinkedHashMap<>(table);
        // In the order of the file: neighbours change the same page.
        Map<byte[], Unapplied> records = new TreeMap<>(PageType.BYTES);
        snapshot.forEach((key, entry) -> records.put(RecordKeys.of(key), entry));
        files.apply(partition, records);
        // Only now: until it is forced, a state leaves memory at the risk of being forgotten when the file is closed by
        // a failure.
        snapshot.forEach((key, entry) -> {
            if (table.remove(key, entry)) {
                unappliedBytes.addAndGet(-entry.bytes);
            }
        });
        return true;
    }
}
