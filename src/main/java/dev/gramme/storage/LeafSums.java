package dev.gramme.storage;

import dev.gramme.antientropy.MerkleTree;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Token;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * The leaves of the Merkle tree over the records of one partition's file, kept in that file: committed with the records, they say what those say, after any crash. Not for
 * several threads at once.
 *
 * <p>In a map of their own: 64 leaves an entry, under their number; what is not there is 0. One more entry says how many leaves, from the first, are {@linkplain #built
 * built}: these follow each change of a record; those behind are found by reading the records, in the order of keys, so that it can be done little by little.
 *
 * <p>A checkpoint changes a few records anywhere in the partition, and so leaves in nearly all of these entries: 32 KB to be read and written again, more than the records themselves where those are
 * small. So what has changed is first gathered in one entry of another map, as differences, and only brought into the leaves when that holds more than {@link #MAX_GATHERED}.
 */
final class LeafSums {
    private static final String LEAVES = "leaves-3";
    private static final String GATHERED_LEAVES = "leaves-gathered-3";
    /** Over digests of dots alone. */
    private static final List<String> FORMER = List.of("leaves", "leaves-gathered");

    private static final int CHUNK_LEAVES = 64;
    private static final int CHUNKS = MerkleTree.LEAVES / CHUNK_LEAVES;
    private static final byte[] BUILT = {(byte) 0xFF};
    private static final byte[] GATHERED = {0};
    /** Differences of so many leaves at most are gathered: 5 KB, of which on average half is written by each checkpoint. */
    static final int MAX_GATHERED = 512;

    private static final int DIFFERENCE_BYTES = Short.BYTES + Long.BYTES;

    private final MVMap<byte[], byte[]> map;
    private final MVMap<byte[], byte[]> gathered;
    private final int partitions;
    /** What the leaves in the map lack, by leaf; null while nothing has changed since the last flush: then it is in the file alone. */
    private @Nullable Map<Integer, Long> differences;

    private int built;

    private LeafSums(MVMap<byte[], byte[]> map, MVMap<byte[], byte[]> gathered, int partitions, boolean isNew) {
        this.map = map;
        this.gathered = gathered;
        this.partitions = partitions;
        byte[] kept = map.get(BUILT);
        this.built = kept == null ? 0 : ByteBuffer.wrap(kept).getInt();
        if (isNew && kept == null) {
            built(MerkleTree.LEAVES);
        }
    }

    /**
     * Those that {@code file} keeps. A file that an earlier program wrote may have leaves over digests of another kind, under other names: they are not these.
     *
     * @param partitions Q
     * @param isNew the file has no records: all leaves are built, and 0
     */
    static LeafSums of(RecordFile file, int partitions, boolean isNew) {
        return new LeafSums(file.map(LEAVES), file.map(GATHERED_LEAVES), partitions, isNew);
    }

    /** Takes away what an earlier program kept. */
    static void forgetFormer(RecordFile file) {
        for (String former : FORMER) {
            if (file.hasMap(former)) {
                file.removeMap(former);
            }
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
        differences = null;
        gathered.clear();
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
        if (differences == null) {
            differences = gathered();
        }
        differences.merge(leaf, difference, Long::sum);
    }

    private Map<Integer, Long> gathered() {
        Map<Integer, Long> found = new TreeMap<>();
        byte[] kept = gathered.get(GATHERED);
        if (kept != null) {
            if (kept.length % DIFFERENCE_BYTES != 0) {
                throw new StoreBrokenException("a partition's store has gathered leaves of " + kept.length + " bytes");
            }
            ByteBuffer bytes = ByteBuffer.wrap(kept);
            while (bytes.hasRemaining()) {
                int leaf = bytes.getShort();
                if (leaf < 0 || leaf >= MerkleTree.LEAVES) {
                    throw new StoreBrokenException("a partition's store has gathered a leaf of number " + leaf);
                }
                found.put(leaf, bytes.getLong());
            }
        }
        return found;
    }

    /** Puts what has changed into the maps, to be committed with the records. */
    void flush() {
        if (differences == null) {
            return;
        }
        if (differences.size() > MAX_GATHERED) {
            bringIn(differences);
            gathered.remove(GATHERED);
        } else {
            ByteBuffer bytes = ByteBuffer.allocate(differences.size() * DIFFERENCE_BYTES);
            differences.forEach(
                    (leaf, difference) -> bytes.putShort(leaf.shortValue()).putLong(difference));
            gathered.put(GATHERED, bytes.array());
        }
        differences = null;
    }

    private void bringIn(Map<Integer, Long> changed) {
        long[] leaves = leaves();
        boolean[] touched = new boolean[CHUNKS];
        changed.forEach((leaf, difference) -> {
            leaves[leaf] += difference;
            touched[leaf / CHUNK_LEAVES] = true;
        });
        for (int number = 0; number < CHUNKS; number++) {
            if (touched[number]) {
                ByteBuffer bytes = ByteBuffer.allocate(CHUNK_LEAVES * Long.BYTES);
                bytes.asLongBuffer().put(leaves, number * CHUNK_LEAVES, CHUNK_LEAVES);
                map.put(new byte[] {(byte) number}, bytes.array());
            }
        }
    }

    /** As the map has them: read in its order, so that each page is read once. */
    private long[] leaves() {
        long[] leaves = new long[MerkleTree.LEAVES];
        Cursor<byte[], byte[]> chunks = map.cursor(null);
        while (chunks.hasNext()) {
            int number = Byte.toUnsignedInt(chunks.next()[0]);
            if (number < CHUNKS) {
                byte[] kept = chunks.getValue();
                if (kept.length != CHUNK_LEAVES * Long.BYTES) {
                    throw new StoreBrokenException("a partition's store has leaves of " + kept.length + " bytes");
                }
                ByteBuffer.wrap(kept).asLongBuffer().get(leaves, number * CHUNK_LEAVES, CHUNK_LEAVES);
            }
        }
        return leaves;
    }

    /** All of them. */
    long[] copy() {
        long[] leaves = leaves();
        (differences != null ? differences : gathered()).forEach((leaf, difference) -> leaves[leaf] += difference);
        return leaves;
    }
}
