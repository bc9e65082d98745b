package dev.gramme.node;

import dev.gramme.antientropy.OwnStates;
import dev.gramme.handoff.OwnedRanges;
import dev.gramme.replica.Ranges;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.version.Now;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The replica of this plane, as transfers and exchanges use it. A broken store is told by the store itself; here it is the null of the contract. */
final class LocalRanges implements OwnedRanges, OwnStates {
    private final Ranges ranges;
    private final ReplicaStore store;
    private final Losses losses;

    LocalRanges(Ranges ranges, ReplicaStore store, Losses losses) {
        this.ranges = ranges;
        this.store = store;
        this.losses = losses;
    }

    @Override
    public @Nullable Page page(int partition, @Nullable Key after, int maxBytes) {
        try {
            ReplicaStore.Page page = store.scan(partition, after, maxBytes);
            List<Message.RangeEntry> entries = new ArrayList<>(page.entries().size());
            for (ReplicaStore.Entry entry : page.entries()) {
                entries.add(new Message.RangeEntry(entry.key(), StateDigest.of(entry.state()), entry.state()));
            }
            return new Page(entries, page.complete());
        } catch (StoreBrokenException e) {
            return null;
        }
    }

    @Override
    public @Nullable VersionSet own(int partition, Key key) {
        try {
            return store.read(partition, key);
        } catch (StoreBrokenException e) {
            return null;
        }
    }

    @Override
    public boolean holds(int partition) {
        return store.holds(partition);
    }

    @Override
    public Losses losses() {
        return losses;
    }

    @Override
    public boolean isWritable() {
        return store.isWritable();
    }

    @Override
    public @Nullable Lacking lacking(int partition, List<Message.RangeEntry> offers) {
        try {
            Ranges.Lacking lacking = ranges.lacking(partition, offers);
            return new Lacking(lacking.keys(), lacking.underWay());
        } catch (StoreBrokenException e) {
            return null;
        }
    }

    @Override
    public @Nullable List<Long> merge(
            int partition, List<Message.RangeEntry> entries, Outlook outlook, Now now, Outbox out) {
        try {
            return ranges.merge(partition, entries, outlook, now, out);
        } catch (StoreBrokenException e) {
            return null;
        }
    }
}
