package dev.gramme.antientropy;

import dev.gramme.ring.Token;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The Merkle tree of one partition: 4,096 leaves, 256 nodes over them, 16 over those, a root (Merkle 1987; DeCandia et al. 2007, 4.7). 35 KB. Not for several threads at once.
 *
 * <p>A leaf is the sum, modulo 2^64, of the {@linkplain #entryHash hashes} of its entries: one of an incremental hash's simplest forms (Bellare and Micciancio 1997, AdHASH). So
 * a write takes the old entry out and puts the new one in without reading the others, in any order, and taking out what was put in leaves what was before. A node is a hash of its
 * children in their order, computed when it is asked for and one of them has changed since. Over nothing, all is 0.
 *
 * <p><b>Where it is blind.</b> One entry that differs always shows in its leaf: for one key different digests have different hashes (but for one of 2^64 that must not be
 * 0), and a sum changes when one term does. Two or more can cancel each other, by chance once in 2^64 leaves that differ; as can two different sets of children have one
 * hash. Then the difference stays unseen until the next write to that leaf, and reads, which do not ask the tree, repair what they meet. With intent it is easier: who may choose
 * very many keys and knew the digests beforehand could compute sets that cancel (Wagner 2002). But digests hang on random actors and on counters that a
 * writer does not choose, and all it could win is that its own lost write is not repaired. A sum is preferred to exclusive or, in which every entry put in twice would be gone.
 */
public final class MerkleTree {
    /** Children of a node. */
    public static final int FAN_OUT = 16;
    /** The leaves' level; the root's is 0. */
    public static final int DEPTH = 3;
    /** Of a partition. */
    public static final int LEAVES = 4096;

    private static final int LEAF_BITS = 12;
    private static final int CHILD_BITS = 4;
    /** Where each level begins in {@link #inner}. */
    private static final int[] LEVEL = {0, 1, 17};

    private static final int LOWEST_NODES = 256;
    private static final long ENTRY_SEED = 0x6A09E667F3BCC909L;
    private static final long NODE_SEED = 0xBB67AE8584CAA73BL;

    private final long[] leaves;
    private final long[] inner = new long[LEVEL[2] + LOWEST_NODES];
    /** Nodes right over the leaves with a leaf that has changed since they were computed. */
    private final BitSet stale = new BitSet(LOWEST_NODES);

    /** Over nothing. */
    public MerkleTree() {
        this.leaves = new long[LEAVES];
    }

    /** @param leaves all of them, in order; copied */
    public MerkleTree(long[] leaves) {
        if (leaves.length != LEAVES) {
            throw new IllegalArgumentException("a tree has " + LEAVES + " leaves, not " + leaves.length);
        }
        this.leaves = leaves.clone();
        stale.set(0, LOWEST_NODES);
    }

    /**
     * Whose entry a key with this token is, in the partition that the token lies in.
     *
     * @param partitions Q, for which the partition is one of Q equal parts of the ring
     */
    public static int leafOf(Token token, int partitions) {
        // The product is the partition in its high 64 bits, and in its low ones how far into the partition the token
        // lies.
        return (int) (token.high() * partitions >>> Long.SIZE - LEAF_BITS);
    }

    /**
     * Where a leaf begins on the ring.
     *
     * @return the first 64 bits of the least token that lies in it
     */
    public static long firstToken(int partition, int leaf, int partitions) {
        BigInteger place = BigInteger.valueOf((long) partition * LEAVES + leaf).shiftLeft(Long.SIZE - LEAF_BITS);
        BigInteger share = BigInteger.valueOf(partitions);
        return place.add(share).subtract(BigInteger.ONE).divide(share).longValue();
    }

    /**
     * What an entry adds to its leaf.
     *
     * @param token of the key, which it stands for
     * @param digest of its state
     * @return never 0: no entry looks like none
     */
    public static long entryHash(Token token, long digest) {
        long hash = mix(mix(mix(ENTRY_SEED ^ token.high()) ^ token.low()) ^ digest);
        return hash == 0 ? 1 : hash;
    }

    /** @param entry by {@link #entryHash} */
    public void add(int leaf, long entry) {
        change(leaf, entry);
    }

    /** @param entry that was added before */
    public void remove(int leaf, long entry) {
        change(leaf, -entry);
    }

    public void replace(int leaf, long before, long after) {
        change(leaf, after - before);
    }

    private void change(int leaf, long difference) {
        leaves[leaf] += difference;
        stale.set(leaf >>> CHILD_BITS);
    }

    public long leaf(int index) {
        return leaves[index];
    }

    /** Of all the tree; 0 over nothing. */
    public long root() {
        refresh();
        return inner[0];
    }

    /**
     * A copy of the hashes of a node's children.
     *
     * @param level of the node, from 0 to {@link #DEPTH} - 1
     * @param index of the node in its level, from 0
     */
    public long[] children(int level, int index) {
        if (level < 0 || level >= DEPTH || index < 0 || index >= 1 << CHILD_BITS * level) {
            throw new IllegalArgumentException("no node of a tree is at level " + level + ", index " + index);
        }
        int first = index * FAN_OUT;
        if (level == DEPTH - 1) {
            return Arrays.copyOfRange(leaves, first, first + FAN_OUT);
        }
        refresh();
        int start = LEVEL[level + 1] + first;
        return Arrays.copyOfRange(inner, start, start + FAN_OUT);
    }

    private void refresh() {
        if (stale.isEmpty()) {
            return;
        }
        BitSet over = new BitSet(FAN_OUT);
        for (int node = stale.nextSetBit(0); node >= 0; node = stale.nextSetBit(node + 1)) {
            inner[LEVEL[2] + node] = hash(leaves, node * FAN_OUT);
            over.set(node >>> CHILD_BITS);
        }
        stale.clear();
        for (int node = over.nextSetBit(0); node >= 0; node = over.nextSetBit(node + 1)) {
            inner[LEVEL[1] + node] = hash(inner, LEVEL[2] + node * FAN_OUT);
        }
        inner[0] = hash(inner, LEVEL[1]);
    }

    private static long hash(long[] hashes, int start) {
        long hash = NODE_SEED;
        long any = 0;
        for (int i = start; i < start + FAN_OUT; i++) {
            hash = mix(hash ^ hashes[i]);
            any |= hashes[i];
        }
        if (any == 0) {
            return 0;
        }
        return hash == 0 ? 1 : hash;
    }

    /** Finaliser of SplitMix64 (Steele et al. 2014): one to one. */
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
