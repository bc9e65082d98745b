package dev.gramme.storage;

import dev.gramme.replica.ReplicaStore;
import dev.gramme.replica.ReplicaStore.Entry;
import dev.gramme.replica.ReplicaStore.Page;
import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.StateCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keys with their states: up to about so many bytes, each counted as {@link ReplicaStore#LEAST_ENTRY_BYTES} at least, and at least one. */
final class StatePage implements PartitionScan.Filling<Page> {
    private final List<Entry> entries = new ArrayList<>();
    private final int maxBytes;
    private long bytes;

    StatePage(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean isFull() {
        return !entries.isEmpty() && bytes >= maxBytes;
    }

    @Override
    public boolean endsBefore(Key key) {
        return false;
    }

    @Override
    public void add(Key key, Unapplied entry) {
        if (entry.state != null) {
            add(key, entry.state);
        }
    }

    @Override
    public void add(Key key, RecordFile.Cursor stored) {
        add(key, stored.state());
    }

    private void add(Key key, VersionSet state) {
        entries.add(new Entry(key, state));
        bytes += Math.max(ReplicaStore.LEAST_ENTRY_BYTES, key.name().size() + StateCodec.sizeHint(state));
    }

    @Override
    public Page page(boolean complete) {
        return new Page(Collections.unmodifiableList(entries), complete);
    }
}
