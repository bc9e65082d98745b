package dev.gramme.storage;

import dev.gramme.antientropy.MerkleTree;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Token;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.h2.mvstore.MVMap;

/**
 * The leaves of the Merkle tree over the records of one partition's file, kept in that file: committed with the records, they say what those say, after any crash. Not for
 * several threads at once.
 *
 * <p>In a map of their own: 64 leaves an entry, under their number; what is not there is 0. One more entry says how many leaves, from the first, are {@linkplain #built
 * built}: these follow each change of a record; those behind are found by reading the records, in the order of keys, so that it can be done little by little.
 */
final class LeafSums {
    private static final int CHUNK_LEAVES = 64;
    private static final int CHUNKS = MerkleTree.LEAVES / CHUNK_LEAVES;
    private static final byte[] BUILT = {(byte) 0xFF};

    private final MVMap<byte[], byte[]> map;
    private final int partitions;
    /** Not yet in the map. */
    private final Map<Integer, long[]> changed = new TreeMap<>();

    private int built;

    /** @param isNew the file has no records: all leaves are built, and 0 */
    LeafSums(MVMap<byte[], byte[]> map, int partitions, boolean isNew) {
        this.map = map;
        this.partitions = partitions;
        byte[] kept = map.get(BUILT);
        this.built = kept == null ? 0 : ByteBuffer.wrap(kept).getInt();
        if (isNew && kept == null) {
            built(MerkleTree.LEAVES);
        }
    }

    /** How many, from the first, are right. */
    int built() {
        return built;
    }

    boolean areBuilt() {
        return built == MerkleTree.LEAVES;
    }

    void built(int leaves) {
        built = leaves;
        map.put(BUILT, ByteBuffer.allocate(Integer.BYTES).putInt(leaves).array());
    }

    /** They are to be built anew. */
    void forget() {
        changed.clear();
        map.clear();
        built(0);
    }

    /**
     * A record has changed.
     *
     * @param before its digest; 0 if there was none
     * @param after its digest; 0 if it is gone
     */
    void change(Token token, long before, long after) {
        int leaf = MerkleTree.leafOf(token, partitions);
        if (leaf < built) {
            add(leaf, entry(token, after) - entry(token, before));
        }
    }

    static long entry(Token token, long digest) {
        return digest == 0 ? 0 : MerkleTree.entryHash(token, digest);
    }

    void add(int leaf, long difference) {
        changed.computeIfAbsent(leaf / CHUNK_LEAVES, this::chunk)[leaf % CHUNK_LEAVES] += difference;
    }

    private long[] chunk(int number) {
        long[] chunk = new long[CHUNK_LEAVES];
        byte[] kept = map.get(new byte[] {(byte) number});
        if (kept != null) {
            if (kept.length != CHUNK_LEAVES * Long.BYTES) {
                throw new StoreBrokenException("a partition's store has leaves of " + kept.length + " bytes");
            }
            ByteBuffer.wrap(kept).asLongBuffer().get(chunk);
        }
        return chunk;
    }

    /** Puts what has changed into the map, to be committed with the records. */
    void flush() {
        changed.forEach((number, chunk) -> {
            ByteBuffer bytes = ByteBuffer.allocate(CHUNK_LEAVES * Long.BYTES);
            bytes.asLongBuffer().put(chunk);
            map.put(new byte[] {number.byteValue()}, bytes.array());
        });
        changed.clear();
    }

    /** All of them. */
    long[] copy() {
        long[] leaves = new long[MerkleTree.LEAVES];
        for (int number = 0; number < CHUNKS; number++) {
            long[] chunk = changed.containsKey(number) ? changed.get(number) : chunk(number);
            System.arraycopy(chunk, 0, leaves, number * CHUNK_LEAVES, CHUNK_LEAVES);
        }
        return leaves;
    }
}
