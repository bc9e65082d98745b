package dev.gramme.generators;

import dev.gramme.replica.ReplicaStore;
import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.StateCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Pages of keys as a store hands them out, for stores that are maps. */
public final class Pages {
    private Pages() {}

    public static ReplicaStore.Page scan(SortedMap<Key, VersionSet> keys, @Nullable Key after, int maxBytes) {
        List<ReplicaStore.Entry> entries = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<Key, VersionSet> entry : (after == null ? keys : keys.tailMap(after)).entrySet()) {
            if (after != null && entry.getKey().equals(after)) {
                continue;
            }
            if (!entries.isEmpty() && bytes >= maxBytes) {
                return new ReplicaStore.Page(entries, false);
            }
            bytes += Math.max(ReplicaStore.LEAST_ENTRY_BYTES, StateCodec.sizeHint(entry.getValue()));
            entries.add(new ReplicaStore.Entry(entry.getKey(), entry.getValue()));
        }
        return new ReplicaStore.Page(entries, true);
    }
}
