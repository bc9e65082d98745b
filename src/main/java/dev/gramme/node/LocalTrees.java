package dev.gramme.node;

import dev.gramme.antientropy.LeafPage;
import dev.gramme.antientropy.Trees;
import dev.gramme.antientropy.UnreadableException;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The store's trees as exchanges use them: what the store says by its own exception, said by theirs. */
final class LocalTrees implements Trees {
    private final Trees trees;

    LocalTrees(Trees trees) {
        this.trees = trees;
    }

    @Override
    public boolean isReady(int partition) {
        return trees.isReady(partition);
    }

    @Override
    public void build(int partition) {
        read(() -> {
            trees.build(partition);
            return true;
        });
    }

    @Override
    public long root(int partition) {
        return read(() -> trees.root(partition));
    }

    @Override
    public long[] children(int partition, int level, int index) {
        return read(() -> trees.children(partition, level, index));
    }

    @Override
    public LeafPage keys(int partition, int leaf, @Nullable Key after, int maxEntries) {
        return read(() -> trees.keys(partition, leaf, after, maxEntries));
    }

    private static <T> T read(Supplier<T> question) {
        try {
            return question.get();
        } catch (StoreBrokenException e) {
            throw new UnreadableException(e);
        }
    }
}
