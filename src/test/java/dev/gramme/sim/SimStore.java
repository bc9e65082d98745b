package dev.gramme.sim;

import dev.gramme.antientropy.Trees;
import dev.gramme.generators.ComputedTrees;
import dev.gramme.generators.Pages;
import dev.gramme.handoff.HintBook;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The owner's store on a simulated disk. */
record SimStore(SimDisk disk) implements ReplicaStore {
    @Override
    public VersionSet read(int partition, Key key) {
        return disk.visible().state(key);
    }

    @Override
    public Page scan(int partition, @Nullable Key after, int maxBytes) {
        return Pages.scan(disk.visible().partition(partition), after, maxBytes);
    }

    @Override
    public boolean holds(int partition) {
        return !disk.visible().partition(partition).isEmpty();
    }

    @Override
    public long collectedEpoch(int partition) {
        return disk.visible().epoch(partition);
    }

    /** The trees over it. */
    Trees trees(int partitions) {
        return trees(partitions, StateDigest::of);
    }

    /** @param digest of a state: another than {@link StateDigest} is a mutant's */
    Trees trees(int partitions, ToLongFunction<VersionSet> digest) {
        return new ComputedTrees(partitions, partition -> disk.visible().partition(partition), digest);
    }

    @Override
    public boolean isWritable() {
        return !disk.isKnownFull();
    }

    /** The hint book on the same disk. */
    record Hints(SimDisk disk) implements HintBook {
        @Override
        public VersionSet read(int partition, Key key) {
            VersionSet merged = VersionSet.EMPTY;
            for (Hint hint : disk.visible().hintsOf(key).values()) {
                merged = merged.merge(hint.state());
            }
            return merged;
        }

        @Override
        public @Nullable VersionSet read(int partition, Key key, NodeId owner) {
            Hint hint = disk.visible().hintsOf(key).get(owner);
            return hint == null ? null : hint.state();
        }

        @Override
        public List<Hint> next(NodeId owner, int loop, int loops, int limit) {
            List<Hint> next = new ArrayList<>();
            for (SortedMap<NodeId, Hint> byOwner : disk.visible().hints()) {
                Hint hint = byOwner.get(owner);
                if (hint != null && hint.partition() % loops == loop && next.size() < limit) {
                    next.add(hint);
                }
            }
            return next;
        }

        @Override
        public boolean any(int partition) {
            for (SortedMap<NodeId, Hint> byOwner : disk.visible().hints()) {
                for (Hint hint : byOwner.values()) {
                    if (hint.partition() == partition) {
                        return true;
                    }
                }
            }
            return false;
        }

        @Override
        public SortedMap<NodeId, Long> counts() {
            SortedMap<NodeId, Long> counts = new TreeMap<>();
            for (SortedMap<NodeId, Hint> byOwner : disk.visible().hints()) {
                byOwner.keySet().forEach(owner -> counts.merge(owner, 1L, Long::sum));
            }
            return counts;
        }
    }
}
