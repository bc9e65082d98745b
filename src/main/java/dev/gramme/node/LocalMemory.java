package dev.gramme.node;

import dev.gramme.antientropy.Memory;
import dev.gramme.coordinator.Coordinator;
import dev.gramme.handoff.HintBook;
import dev.gramme.replica.DotSource;
import dev.gramme.replica.Replica;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.version.HybridLogicalClock;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** This plane as the collection of deletes sees it: its store, its hint book, and what its coordinator has under way. */
final class LocalMemory implements Memory {
    private static final System.Logger LOG = System.getLogger(LocalMemory.class.getName());

    private final Replica replica;
    private final ReplicaStore store;
    private final HintBook hints;
    private final DotSource dots;
    private final Coordinator coordinator;
    private final Losses losses;
    private final SettingAside aside;

    LocalMemory(
            int partitions,
            Replica replica,
            ReplicaStore store,
            HintBook hints,
            DotSource dots,
            Coordinator coordinator,
            Losses losses,
            long setAsideBytes) {
        this.replica = replica;
        this.store = store;
        this.hints = hints;
        this.dots = dots;
        this.coordinator = coordinator;
        this.losses = losses;
        this.aside = new SettingAside(partitions, replica, store, hints, setAsideBytes);
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
            long latestMillis = 0;
            for (ReplicaStore.Entry entry : page.entries()) {
                if (isOver(entry.state(), wallMillis - ageMillis)) {
                    keys.add(new KeyDigest(entry.key(), StateDigest.of(entry.state())));
                    latestMillis = Math.max(latestMillis, Math.min(wallMillis, latestMillis(entry.state())));
                }
            }
            boolean isLast = page.complete() || page.entries().isEmpty();
            return new Page(
                    keys, latestMillis, isLast ? null : page.entries().getLast().key());
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

    private static long latestMillis(VersionSet state) {
        return state.siblings().stream()
                .mapToLong(version -> HybridLogicalClock.millis(version.time()))
                .max()
                .orElse(0);
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
        return aside.mintedInThisLife(partition);
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
    public HintDrops withoutHints(int partition, long stamp, boolean minted) {
        HintDrops drops = aside.withoutHints(partition, stamp, minted);
        if (!drops.mutations().isEmpty()) {
            dots.renewHintActor();
        }
        return drops;
    }
}
