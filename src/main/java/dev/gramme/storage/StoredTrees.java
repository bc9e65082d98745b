package dev.gramme.storage;

import dev.gramme.antientropy.LeafPage;
import dev.gramme.antientropy.MerkleTree;
import dev.gramme.antientropy.Trees;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.storage.PartitionTable.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The Merkle trees over what readers see: the leaves that each partition's file keeps, and over them what is in memory.
 *
 * <p>A tree is loaded when it is first asked for, and from then on follows each change of its partition, by the digests before and after. What checkpoints do changes nothing that
 * readers see, and no tree. A tree is forgotten when the partition's file is set aside, when a drop is undone, and when others are asked for more: at most {@link
 * #MAX_LOADED} are loaded (35 KB each, so 18 MB).
 *
 * <p>Each tree is its partition's loop's alone.
 */
final class StoredTrees implements Trees {
    static final int MAX_LOADED = 512;
    /** Read by one call that builds a file's leaves, about: some milliseconds. */
    private static final int BUILD_RECORDS = 2_000;
    /** Read by one such call, or for one page of digests: a record that bears no digest of today's kind takes the reading of its state, which may be large. */
    private static final int DIGESTED_BYTES = 1 << 20;

    /** @param losses and {@code undone}: what they were when it was loaded; else something that was in it is gone */
    private record Loaded(MerkleTree tree, int losses, int undone) {}

    private final StateStore states;
    private final PartitionStores files;
    private final PartitionTable[] tables;
    private final int loadedEach;
    /** By loop, the partitions whose trees are loaded, that asked for longest ago first. */
    private final List<List<Integer>> inUse = new ArrayList<>();

    private final @Nullable Loaded[] loaded;

    StoredTrees(StateStore states, PartitionStores files, PartitionTable[] tables, int loops) {
        this.states = states;
        this.files = files;
        this.tables = tables;
        this.loadedEach = Math.max(1, MAX_LOADED / loops);
        this.loaded = new Loaded[tables.length];
        for (int i = 0; i < loops; i++) {
            inUse.add(new ArrayList<>());
        }
    }

    @Override
    public boolean isReady(int partition) {
        Loaded held = loaded[partition];
        return held != null && isTrue(held, partition);
    }

    private boolean isTrue(Loaded held, int partition) {
        return held.losses == files.losses(partition) && held.undone == tables[partition].undone();
    }

    @Override
    public void build(int partition) {
        if (isReady(partition)) {
            return;
        }
        int losses = files.losses(partition);
        int undone = tables[partition].undone();
        Layer top = tables[partition].top();
        // No checkpoint meanwhile: what leaves memory would otherwise be counted neither there nor in the file.
        MerkleTree tree = files.alone(partition, () -> top.hidesFile() ? over(top) : overFile(partition, top));
        if (tree != null && top == tables[partition].top()) {
            makeRoom(partition);
            loaded[partition] = new Loaded(tree, losses, undone);
        }
    }

    private void makeRoom(int partition) {
        List<Integer> own = inUse.get(partition % inUse.size());
        own.remove(Integer.valueOf(partition));
        if (own.size() >= loadedEach) {
            loaded[own.removeFirst()] = null;
        }
        own.add(partition);
    }

    /** It is not asked for any more. */
    void unload(int partition) {
        inUse.get(partition % inUse.size()).remove(Integer.valueOf(partition));
        loaded[partition] = null;
    }

    private MerkleTree over(Layer top) {
        MerkleTree tree = new MerkleTree();
        put(tree, top, key -> 0);
        return tree;
    }

    /** Null if the file's leaves must be built on. */
    private @Nullable MerkleTree overFile(int partition, Layer top) {
        if (!files.has(partition)) {
            return over(top);
        }
        return files.ask(partition, file -> {
            file.buildLeaves(partition, tables.length, BUILD_RECORDS, DIGESTED_BYTES);
            long[] leaves = file.leaves();
            if (leaves == null) {
                return null;
            }
            MerkleTree tree = new MerkleTree(leaves);
            put(tree, top, key -> file.digest(RecordKeys.of(key)));
            return tree;
        });
    }

    private void put(MerkleTree tree, Layer top, ToLongFunction<Key> digestBeneath) {
        top.states().forEach((key, entry) -> change(tree, key, digestBeneath.applyAsLong(key), entry.digest));
    }

    private void change(MerkleTree tree, Key key, long before, long after) {
        tree.replace(
                MerkleTree.leafOf(key.token(), tables.length),
                LeafSums.entry(key.token(), before),
                LeafSums.entry(key.token(), after));
    }

    /**
     * Readers are about to see a key change.
     *
     * @param after the digest; 0 if it will be gone
     */
    void changing(int partition, Key key, long after) {
        Loaded held = loaded[partition];
        if (held == null) {
            return;
        }
        try {
            change(held.tree, key, states.digest(partition, key), after);
        } catch (StoreBrokenException unreadable) {
            // It was told where it was found; the tree is another one now.
            unload(partition);
        }
    }

    /** Readers see nothing of the partition any more. */
    void dropped(int partition) {
        Loaded held = loaded[partition];
        if (held != null) {
            loaded[partition] = new Loaded(new MerkleTree(), held.losses, held.undone);
        }
    }

    private MerkleTree tree(int partition) {
        Loaded held = loaded[partition];
        if (held == null) {
            throw new IllegalStateException("the tree of partition " + partition + " is not ready: it must be built");
        }
        List<Integer> own = inUse.get(partition % inUse.size());
        own.remove(Integer.valueOf(partition));
        own.add(partition);
        return held.tree;
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
        Key first = after != null ? after : Key.placeBefore(MerkleTree.firstToken(partition, leaf, tables.length));
        return states.page(partition, first, () -> new DigestPage(leaf, tables.length, maxEntries, DIGESTED_BYTES));
    }
}
