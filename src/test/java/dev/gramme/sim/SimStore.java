package dev.gramme.sim;

import dev.gramme.antientropy.Trees;
import dev.gramme.generators.ComputedTrees;
import dev.gramme.generators.Pages;
import dev.gramme.handoff.HintBook;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.StateCodec;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The owner's store on a node's simulated disk. */
record SimStore(SimNode node) implements ReplicaStore {
    private Tables visible() {
        return node.disk().visible();
    }

    @Override
    public VersionSet read(int partition, Key key) {
        return checked(partition, key, visible().state(key));
    }

    @Override
    public Page scan(int partition, @Nullable Key after, int maxBytes) {
        Page page = Pages.scan(visible().partition(partition), after, maxBytes);
        List<Entry> entries = new ArrayList<>();
        page.entries()
                .forEach(entry -> entries.add(new Entry(entry.key(), checked(partition, entry.key(), entry.state()))));
        return new Page(entries, page.complete());
    }

    private VersionSet checked(int partition, Key key, VersionSet written) {
        VersionSet bad = node.disk().bad().find(key);
        if (bad == null) {
            return written;
        }
        if (node.world().tampering().readsPastChecksums()) {
            return bad;
        }
        node.findsDamage(partition, Struck.BAD_RECORD_READ);
        throw new StoreBrokenException("the record of " + key + " fails its checksum");
    }

    @Override
    public boolean holds(int partition) {
        return !visible().partition(partition).isEmpty();
    }

    @Override
    public long collectedEpoch(int partition) {
        return visible().epoch(partition);
    }

    @Override
    public long promised(int partition) {
        return visible().promised(partition);
    }

    /** The trees over it. */
    Trees trees(int partitions) {
        return trees(partitions, StateDigest::of);
    }

    /** @param digest of a state: another than {@link StateDigest} is a mutant's */
    Trees trees(int partitions, ToLongFunction<VersionSet> digest) {
        return new ComputedTrees(partitions, partition -> visible().partition(partition), digest);
    }

    @Override
    public boolean isWritable() {
        return !node.disk().isKnownFull();
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
        public List<Hint> next(NodeId owner, int loop, int loops, int limit, long maxBytes) {
            List<Hint> next = new ArrayList<>();
            long bytes = 0;
            for (SortedMap<NodeId, Hint> byOwner : disk.visible().hints()) {
                Hint hint = byOwner.get(owner);
                if (hint != null && hint.partition() % loops == loop && next.size() < limit && bytes < maxBytes) {
                    next.add(hint);
                    bytes += StateCodec.sizeHint(hint.state());
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
            return mayComeBack(partition);
        }

        @Override
        public boolean mayComeBack(int partition) {
            return disk.mayBringBackHints(partition);
        }

        @Override
        public long bytes(NodeId owner) {
            long bytes = 0;
            for (SortedMap<NodeId, Hint> byOwner : disk.visible().hints()) {
                Hint hint = byOwner.get(owner);
                bytes += hint == null
                        ? 0
                        : hint.key().name().size()
                                + StateCodec.encode(hint.state()).size();
            }
            return bytes;
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
