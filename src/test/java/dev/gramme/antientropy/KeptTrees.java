package dev.gramme.antientropy;

import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The states of one owner in memory, and their trees, kept current with each write as a store keeps them. */
final class KeptTrees implements Trees {
    private final int partitions;
    private final List<NavigableMap<Key, VersionSet>> states = new ArrayList<>();
    private final List<MerkleTree> trees = new ArrayList<>();

    KeptTrees(int partitions) {
        this.partitions = partitions;
        for (int p = 0; p < partitions; p++) {
            states.add(new TreeMap<>());
            trees.add(new MerkleTree());
        }
    }

    NavigableMap<Key, VersionSet> states(int partition) {
        return states.get(partition);
    }

    void set(int partition, Key key, VersionSet state) {
        VersionSet before = states.get(partition).put(key, state);
        int leaf = MerkleTree.leafOf(key.token(), partitions);
        MerkleTree tree = trees.get(partition);
        if (before != null) {
            tree.remove(leaf, MerkleTree.entryHash(key.token(), StateDigest.of(before)));
        }
        tree.add(leaf, MerkleTree.entryHash(key.token(), StateDigest.of(state)));
    }

    void clear() {
        for (int p = 0; p < partitions; p++) {
            states.get(p).clear();
            trees.set(p, new MerkleTree());
        }
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
        return trees.get(partition).root();
    }

    @Override
    public long[] children(int partition, int level, int index) {
        return trees.get(partition).children(level, index);
    }

    @Override
    public LeafPage keys(int partition, int leaf, @Nullable Key after, int maxEntries) {
        Key from = after == null ? Key.placeBefore(MerkleTree.firstToken(partition, leaf, partitions)) : after;
        List<KeyDigest> entries = new ArrayList<>();
        for (Map.Entry<Key, VersionSet> entry :
                states.get(partition).tailMap(from, false).entrySet()) {
            if (MerkleTree.leafOf(entry.getKey().token(), partitions) != leaf) {
                break;
            }
            if (entries.size() == maxEntries) {
                return new LeafPage(entries, false);
            }
            entries.add(new KeyDigest(entry.getKey(), StateDigest.of(entry.getValue())));
        }
        return new LeafPage(entries, true);
    }
}
