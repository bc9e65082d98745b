package dev.gramme.generators;

import dev.gramme.antientropy.LeafPage;
import dev.gramme.antientropy.MerkleTree;
import dev.gramme.antientropy.Trees;
import dev.gramme.ring.Key;
import dev.gramme.ring.Token;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Trees of a store that is maps, made anew for each question: what any other store's must equal. */
public final class ComputedTrees implements Trees {
    private final int partitions;
    private final IntFunction<SortedMap<Key, VersionSet>> store;
    private final ToLongFunction<VersionSet> digest;

    /** @param store the keys of a partition with their states */
    public ComputedTrees(int partitions, IntFunction<SortedMap<Key, VersionSet>> store) {
        this(partitions, store, StateDigest::of);
    }

    /** @param digest of a state, in place of {@link StateDigest} */
    public ComputedTrees(
            int partitions, IntFunction<SortedMap<Key, VersionSet>> store, ToLongFunction<VersionSet> digest) {
        this.partitions = partitions;
        this.store = store;
        this.digest = digest;
    }

    @Override
    public boolean isReady(int partition) {
        return true;
    }

    @Override
    public void build(int partition) {
        // It always is.
    }

    @Override
    public long root(int partition) {
        return tree(partition).root();
    }

    @Override
    public long[] children(int partition, int level, int index) {
        return tree(partition).children(level, index);
    }

    @Override
    public LeafPage keys(int partition, int leaf, @Nullable Key after, int maxEntries) {
        List<KeyDigest> entries = new ArrayList<>();
        for (Map.Entry<Key, VersionSet> entry : store.apply(partition).entrySet()) {
            Key key = entry.getKey();
            if (MerkleTree.leafOf(key.token(), partitions) == leaf && (after == null || after.compareTo(key) < 0)) {
                if (entries.size() == maxEntries) {
                    return new LeafPage(entries, false);
                }
                entries.add(new KeyDigest(key, digest.applyAsLong(entry.getValue())));
            }
        }
        return new LeafPage(entries, true);
    }

    private MerkleTree tree(int partition) {
        MerkleTree tree = new MerkleTree();
        store.apply(partition).forEach((key, state) -> {
            Token token = key.token();
            tree.add(MerkleTree.leafOf(token, partitions), MerkleTree.entryHash(token, digest.applyAsLong(state)));
        });
        return tree;
    }
}
