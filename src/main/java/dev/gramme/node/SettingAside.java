package dev.gramme.node;

import dev.gramme.antientropy.Memory;
import dev.gramme.handoff.HintBook;
import dev.gramme.replica.Replica;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.StateCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes and what stays where a node finds that its disk has forgotten a promise. A record of it is so small that the queue of a busy log has room for it: one that is refused again and
 * again would leave what is too old where it is.
 */
final class SettingAside {
    private static final System.Logger LOG = System.getLogger(SettingAside.class.getName());

    /** Of states that stay in one record, and as many of hints: an eighth each of what may wait for the log by default. */
    static final int MAX_MUTATIONS = 4_096;

    /** Of states looked at at once. */
    private static final int PAGE_BYTES = 64 << 10;
    /** Hints taken out of the book at first. */
    private static final int FIRST_HINTS = 256;

    private final int partitions;
    private final Replica replica;
    private final ReplicaStore store;
    private final HintBook hints;
    private final long maxBytes;

    /** @param maxBytes of states that stay in one record, and as many of hints */
    SettingAside(int partitions, Replica replica, ReplicaStore store, HintBook hints, long maxBytes) {
        this.partitions = partitions;
        this.replica = replica;
        this.store = store;
        this.hints = hints;
        this.maxBytes = maxBytes;
    }

    /** Mutations up to the bounds; one, however large. */
    private final class Bounded {
        final List<Mutation> mutations = new ArrayList<>();
        private long bytes;

        /** Gives whether there was room. */
        boolean add(Mutation mutation, Key key, VersionSet state) {
            bytes += key.name().size() + StateCodec.sizeHint(state);
            boolean room = mutations.isEmpty() || (bytes <= maxBytes && mutations.size() < MAX_MUTATIONS);
            if (room) {
                mutations.add(mutation);
            }
            return room;
        }
    }

    /** See {@link Memory#mintedInThisLife}. */
    @Nullable
    List<Mutation> mintedInThisLife(int partition) {
        Bounded kept = new Bounded();
        if (!replica.hasMinted()) {
            return kept.mutations;
        }
        try {
            Key after = null;
            while (true) {
                ReplicaStore.Page page = store.scan(partition, after, PAGE_BYTES);
                for (ReplicaStore.Entry entry : page.entries()) {
                    VersionSet minted = replica.mintedInThisLife(entry.state());
                    if (!minted.isEmpty()
                            && !kept.add(new Mutation.SetState(partition, entry.key(), minted), entry.key(), minted)) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "of partition {0}, which is set aside, more was written here than {1} keys or {2} bytes: the rest goes with it, and is kept in the quarantine",
                                partition,
                                MAX_MUTATIONS,
                                maxBytes);
                        return kept.mutations;
                    }
                }
                if (page.complete() || page.entries().isEmpty()) {
                    return kept.mutations;
                }
                after = page.entries().getLast().key();
            }
        } catch (StoreBrokenException e) {
            // The store itself tells where it is broken.
            return null;
        }
    }

    /** See {@link Memory#withoutHints}. */
    Memory.HintDrops withoutHints(int partition, long stamp, boolean minted) {
        Bounded drops = new Bounded();
        boolean all = !hints.mayComeBack(partition);
        for (NodeId owner : hints.counts().keySet()) {
            if (!takeHints(owner, partition, stamp, minted, drops)) {
                return new Memory.HintDrops(drops.mutations, false);
            }
        }
        return new Memory.HintDrops(drops.mutations, all);
    }

    /** Gives whether there was room for all of the owner's. */
    private boolean takeHints(NodeId owner, int partition, long stamp, boolean minted, Bounded drops) {
        int seen = 0;
        // The book has no place to go on from.
        for (int limit = FIRST_HINTS; ; limit *= 2) {
            List<HintBook.Hint> kept = hints.next(owner, partition, partitions, limit, Long.MAX_VALUE);
            for (HintBook.Hint hint : kept.subList(seen, kept.size())) {
                boolean pointer = hint.state().isEmpty();
                boolean young = !pointer && replica.isHintNoOlder(hint.key(), stamp);
                VersionSet stays = minted ? replica.mintedInThisLife(hint.state()) : VersionSet.EMPTY;
                boolean goes = pointer || (!young && !stays.equals(hint.state()));
                if (goes && !drops.add(drop(hint, stays), hint.key(), stays)) {
                    return false;
                }
            }
            if (kept.size() < limit) {
                return true;
            }
            seen = kept.size();
        }
    }

    private static Mutation drop(HintBook.Hint hint, VersionSet stays) {
        return stays.isEmpty()
                ? new Mutation.DropHint(hint.partition(), hint.key(), hint.owner())
                : new Mutation.SetHint(hint.partition(), hint.key(), hint.owner(), stays);
    }
}
