package dev.gramme.antientropy;

import dev.gramme.ring.Key;
import org.jspecify.annotations.Nullable;

/**
 * Port: the Merkle trees over what this node holds as an owner, one a partition. Called only from the serial loop that owns the partition; may wait for the disk.
 *
 * <p>Contract: a tree says exactly what readers of the partition see at the same moment, mutations that are visible and not yet durable among it. A partition of which
 * nothing is held has a tree, over nothing. What can't be read ends in the store's own exception, never in a tree or a page that says less than is there.
 */
public interface Trees {
    /** Whether the tree is at hand; else it must be built first. May change to false at any time (the store sets a damaged file aside). */
    boolean isReady(int partition);

    /**
     * Does a bounded part of the work that makes the tree ready. To be called, from time to time, until it is; what is written meanwhile is in it.
     *
     * @throws RuntimeException the store's, if the partition can't be read
     */
    void build(int partition);

    /**
     * The hash over all of the partition; 0 over nothing. Of a tree that is ready.
     *
     * @throws IllegalStateException if it is not ready
     */
    long root(int partition);

    /**
     * The hashes of a node's {@link MerkleTree#FAN_OUT} children, in order. Of a tree that is ready.
     *
     * @param level of the node: 0 is the root, {@link MerkleTree#DEPTH} would be a leaf, which has no children
     * @param index of the node among its level's, from the left
     * @throws IllegalStateException if it is not ready
     */
    long[] children(int partition, int level, int index);

    /**
     * The keys of one leaf with the digests of their states. Needs no tree.
     *
     * @param leaf 0 to {@link MerkleTree#LEAVES} - 1
     * @param after null from the beginning; else the last key of the page before
     * @param maxEntries at least 1
     * @throws RuntimeException the store's, if the partition can't be read
     */
    LeafPage keys(int partition, int leaf, @Nullable Key after, int maxEntries);
}
