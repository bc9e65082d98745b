package dev.gramme.node;

import dev.gramme.antientropy.Memory;
import dev.gramme.coordinator.Coordinator;
import dev.gramme.handoff.HintBook;
import dev.gramme.replica.DotSource;
import dev.gramme.replica.Replica;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.HybridLogicalClock;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.StateCodec;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** This plane as the collection of deletes sees it: its store, its hint book, and what its coordinator has under way. */
final class LocalMemory implements Memory {
    private static final System.Logger LOG = System.getLogger(LocalMemory.class.getName());
    /** Of states looked at by one step of a pass. */
    private static final int PAGE_BYTES = 64 << 10;
    /** Of what this node minted in this life and keeps when it sets a partition aside: they are one record. */
    private static final long MAX_MINTED_BYTES = 32 << 20;
    /** Hints taken out of the book at once. */
    private static final int HINTS_AT_ONCE = 256;

    private final int partitions;
    private final Replica replica;
    private final ReplicaStore store;
    private final HintBook hints;
    private final DotSource dots;
    private final Coordinator coordinator;
    private final Losses losses;

    LocalMemory(
            int partitions,
            Replica replica,
            ReplicaStore store,
            HintBook hints,
            DotSource dots,
            Coordinator coordinator,
            Losses losses) {
        this.partitions = partitions;
        this.replica = replica;
        this.store = store;
        this.hints = hints;
        this.dots = dots;
        this.coordinator = coordinator;
        this.losses = losses;
    }

    @Override
    public long epoch(int partition) {
        return store.collectedEpoch(partition);
    }

    @Override
    public long promised(int partition) {
        return store.promised(partition);
    }

    @Override
    public boolean isOlderUnderWay(int partition, long stamp) {
        return coordinator.isAnyOlderThan(partition, stamp);
    }

    @Override
    public boolean keepsHints(int partition) {
        return hints.any(partition);
    }

    @Override
    public boolean holds(int partition) {
        return store.holds(partition);
    }

    @Override
    public boolean isLacking(int partition) {
        return losses.isLacking(partition);
    }

    @Override
    public boolean isWritable() {
        return store.isWritable();
    }

    @Override
    public @Nullable Page forgettable(
            int partition, @Nullable Key after, int maxBytes, long wallMillis, long ageMillis) {
        try {
            ReplicaStore.Page page = store.scan(partition, after, maxBytes);
            List<KeyDigest> keys = new ArrayList<>();
            for (ReplicaStore.Entry entry : page.entries()) {
                if (isOver(entry.state(), wallMillis - ageMillis)) {
                    keys.add(new KeyDigest(entry.key(), StateDigest.of(entry.state())));
                }
            }
            boolean isLast = page.complete() || page.entries().isEmpty();
            return new Page(keys, isLast ? null : page.entries().getLast().key());
        } catch (StoreBrokenException e) {
            // The store itself tells where it is broken.
            return null;
        }
    }

    @Override
    public boolean isForgettable(int partition, KeyDigest key, long wallMillis, long ageMillis) {
        try {
            VersionSet state = store.read(partition, key.key());
            return isOver(state, wallMillis - ageMillis)
                    && StateDigest.of(state) == key.digest()
                    && replica.isDurable(key.key());
        } catch (StoreBrokenException e) {
            return false;
        }
    }

    /** Whether all its versions are deletes made before then, or values that had expired. */
    private static boolean isOver(VersionSet state, long millis) {
        for (Version version : state.siblings()) {
            boolean over = version.content().tombstone()
                    ? HybridLogicalClock.millis(version.time()) <= millis
                    : version.content().isExpired(millis);
            if (!over) {
                return false;
            }
        }
        return !state.siblings().isEmpty();
    }

    @Override
    public boolean loses(int partition) {
        try {
            losses.lost(partition);
        } catch (RuntimeException notWritten) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "partition " + partition + " may hold what was deleted, and can't be set aside now",
                    notWritten);
            return false;
        }
        dots.renewActor();
        return true;
    }

    @Override
    public boolean hasJustWritten() {
        return replica.hasJustWritten();
    }

    @Override
    public @Nullable List<Mutation> mintedInThisLife(int partition) {
        List<Mutation> kept = new ArrayList<>();
        if (!replica.hasMinted()) {
            return kept;
        }
        long bytes = 0;
        try {
            Key after = null;
            while (true) {
                ReplicaStore.Page page = store.scan(partition, after, PAGE_BYTES);
                for (ReplicaStore.Entry entry : page.entries()) {
                    VersionSet minted = replica.mintedInThisLife(entry.state());
                    if (!minted.isEmpty()) {
                        bytes += entry.key().name().size() + StateCodec.sizeHint(minted);
                        if (bytes > MAX_MINTED_BYTES) {
                            LOG.log(
                                    System.Logger.Level.WARNING,
                                    "of partition {0}, which is set aside, more was written here than {1} bytes: the rest goes with it, and is kept in the quarantine",
                                    partition,
                                    MAX_MINTED_BYTES);
                            return kept;
                        }
                        kept.add(new Mutation.SetState(partition, entry.key(), minted));
                    }
                }
                if (page.complete() || page.entries().isEmpty()) {
                    return kept;
                }
                after = page.entries().getLast().key();
            }
        } catch (StoreBrokenException e) {
            // The store itself tells where it is broken.
            return null;
        }
    }

    @Override
    public void cameBack(int partition) {
        // It is lacking on the disk already: this is another loss, and no more is written.
        if (losses.isLacking(partition)) {
            losses.lost(partition);
        }
    }

    @Override
    public void forgetHintAges() {
        replica.forgetHintAges();
    }

    @Override
    public List<Mutation> withoutHints(int partition, long stamp, boolean minted) {
        List<Mutation> drops = new ArrayList<>();
        for (NodeId owner : hints.counts().keySet()) {
            int limit = HINTS_AT_ONCE;
            List<HintBook.Hint> kept = hints.next(owner, partition, partitions, limit, Long.MAX_VALUE);
            while (kept.size() == limit) {
                // The book has no place to go on from.
                limit *= 2;
                kept = hints.next(owner, partition, partitions, limit, Long.MAX_VALUE);
            }
            for (HintBook.Hint hint : kept) {
                boolean pointer = hint.state().isEmpty();
                if (!pointer && replica.isHintNoOlder(hint.key(), stamp)) {
                    continue;
                }
                VersionSet stays = minted ? replica.mintedInThisLife(hint.state()) : VersionSet.EMPTY;
                drops.add(
                        stays.isEmpty()
                                ? new Mutation.DropHint(partition, hint.key(), owner)
                                : new Mutation.SetHint(partition, hint.key(), owner, stays));
            }
        }
        if (!drops.isEmpty()) {
            dots.renewHintActor();
        }
        return drops;
    }
}
