package dev.gramme.replica;

import dev.gramme.ring.Key;
import dev.gramme.version.Now;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;

/** Takes over many keys of one partition at a time, as an owner would take them one by one. */
public final class Ranges {
    /**
     * @param keys that are not held as offered
     * @param underWay tokens of writes of the others that are not durable yet
     */
    public record Lacking(List<Key> keys, List<Long> underWay) {}

    private final LocalState local;
    private final Absorption absorption;

    Ranges(LocalState local, Absorption absorption) {
        this.local = local;
        this.absorption = absorption;
    }

    /** @throws StoreBrokenException if the partition's store can't be read */
    public Lacking lacking(int partition, List<Message.RangeEntry> offers) {
        List<Key> keys = new ArrayList<>();
        List<Long> underWay = new ArrayList<>();
        for (Message.RangeEntry offer : offers) {
            VersionSet owned = local.owned(partition, offer.key());
            if (StateDigest.of(owned) != offer.digest() || !local.isKept(offer.key(), null)) {
                keys.add(offer.key());
            } else {
                waitFor(offer.key(), underWay);
            }
        }
        return new Lacking(keys, underWay);
    }

    private void waitFor(Key key, List<Long> underWay) {
        Long token = local.tokenUnderWay(key, null);
        if (token != null && !underWay.contains(token)) {
            underWay.add(token);
        }
    }

    /**
     * Merges these states into the own ones, in one write. A key that is none of the partition's is left out.
     *
     * @return the tokens of the writes to wait for
     * @throws StoreBrokenException if the partition's store can't be read; then nothing was done
     */
    public List<Long> merge(int partition, List<Message.RangeEntry> entries, Outlook outlook, Now now, Outbox out) {
        List<Mutation> mutations = new ArrayList<>(entries.size());
        List<Long> underWay = new ArrayList<>();
        for (Message.RangeEntry entry : entries) {
            Key key = entry.key();
            if (outlook.partitionOf(key) != partition) {
                continue;
            }
            absorption.observe(entry.state(), now);
            VersionSet owned = local.owned(partition, key);
            VersionSet merged = absorption.absorb(owned, key, entry.state(), outlook, out);
            if (owned.equals(merged) && local.isKept(key, null)) {
                waitFor(key, underWay);
            } else {
                mutations.add(new Mutation.SetState(partition, key, merged));
            }
        }
        if (!mutations.isEmpty()) {
            underWay.add(local.write(mutations, out));
        }
        return underWay;
    }
}
