package dev.gramme.storage;

import dev.gramme.antientropy.MerkleTree;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * The file of one partition: its records in the order of keys, and the leaves of the Merkle tree over them.
 *
 * <p>Directories of format 1 and 2 have their records in another map, by bucket and name alone. Opening such a file moves them over, in steps that are committed one by one, so
 * that a crash in between leaves some here and some there, and the next opening goes on. Records of directories of formats 3 to 5 bear digests of another kind: they stay until they are
 * written again, and the leaves over them are built anew.
 */
final class PartitionFile {
    static final String STATES = "states";
    private static final String FORMER = "records";
    /** Of records moved over between two commits, about: what is not committed is in memory. */
    private static final int MOVED_BYTES = 8 << 20;

    private final RecordFile file;
    private final LeafSums leaves;
    private final RecordFile.Extent found;

    private PartitionFile(RecordFile file, LeafSums leaves, RecordFile.Extent found) {
        this.file = file;
        this.leaves = leaves;
        this.found = found;
    }

    /**
     * @param name what H2 opens for {@code path}
     * @param cacheMegabytes for pages
     * @param partitions Q
     * @param buffers to write with
     * @throws StoreBrokenException if it is no store or a damaged one, or could not be brought into today's format
     */
    static PartitionFile open(Path path, String name, int cacheMegabytes, int partitions, WriteBuffers buffers) {
        RecordFile file = RecordFile.open(path, name, cacheMegabytes, STATES, buffers);
        try {
            LeafSums leaves = LeafSums.of(file, partitions, file.extent().records() == 0);
            LeafSums.forgetFormer(file);
            RecordFile.Extent found = file.extent();
            if (file.hasMap(FORMER)) {
                MVMap<byte[], byte[]> former = file.map(FORMER);
                found = new RecordFile.Extent(found.version(), found.records() + former.sizeAsLong());
                PartitionFile opened = new PartitionFile(file, leaves, found);
                opened.moveOver(former);
                return opened;
            }
            return new PartitionFile(file, leaves, found);
        } catch (RuntimeException damaged) {
            file.abandon();
            throw damaged instanceof StoreBrokenException
                    ? damaged
                    : new StoreBrokenException(
                            "the store " + path + " can't be opened: " + damaged.getMessage(), damaged);
        }
    }

    private void moveOver(MVMap<byte[], byte[]> former) {
        while (!former.isEmpty()) {
            List<Map.Entry<byte[], byte[]>> some = new ArrayList<>();
            Cursor<byte[], byte[]> records = former.cursor(new byte[0]);
            for (long bytes = 0; bytes < MOVED_BYTES && records.hasNext(); ) {
                byte[] key = records.next();
                some.add(Map.entry(key, records.getValue()));
                bytes += key.length + records.getValue().length;
            }
            for (Map.Entry<byte[], byte[]> record : some) {
                Key key = RecordKeys.formerKey(record.getKey());
                leaves.change(key.token(), 0, file.take(record.getKey(), record.getValue(), RecordKeys.of(key)));
                former.remove(record.getKey());
            }
            commit();
        }
        file.removeMap(FORMER);
        commit();
    }

    /** How far it went when it was opened. */
    RecordFile.Extent found() {
        return found;
    }

    @Nullable
    VersionSet read(byte[] key) {
        return file.read(key);
    }

    /** The digest of the key's state; 0 if there is none. */
    long digest(byte[] key) {
        return file.digest(key);
    }

    RecordFile.Cursor cursor(byte[] first) {
        return file.cursor(first);
    }

    /** As {@link RecordFile#put}, and the leaf of the key follows. */
    void put(Key key, Unapplied entry) {
        long before = file.put(RecordKeys.of(key), entry);
        leaves.change(key.token(), before, entry.digest);
    }

    /** As {@link RecordFile#commit}. */
    RecordFile.Extent commit() {
        leaves.flush();
        return file.commit();
    }

    /**
     * The leaves of the tree over what was put.
     *
     * @return null if they are not built
     * @throws StoreBrokenException if they can't be read
     */
    long @Nullable [] leaves() {
        try {
            return leaves.areBuilt() ? leaves.copy() : null;
        } catch (RuntimeException damaged) {
            throw unreadable(damaged);
        }
    }

    /** MVStore has its own exceptions for what it can't read, and a page's types have theirs. */
    private StoreBrokenException unreadable(RuntimeException damaged) {
        return damaged instanceof StoreBrokenException told
                ? told
                : new StoreBrokenException(
                        "the store " + file.file() + " can't be read at its leaves: " + damaged.getMessage(), damaged);
    }

    /**
     * Builds on at the leaves: whole ones, until so many records, or bytes, have been read.
     *
     * @throws StoreBrokenException if a record can't be read
     */
    void buildLeaves(int partition, int partitions, int records, int bytes) {
        if (leaves.areBuilt()) {
            return;
        }
        try {
            buildOn(partition, partitions, records, bytes);
        } catch (RuntimeException damaged) {
            throw unreadable(damaged);
        }
    }

    private void buildOn(int partition, int partitions, int records, int bytes) {
        int leaf = leaves.built();
        Key first = Key.placeBefore(MerkleTree.firstToken(partition, leaf, partitions));
        RecordFile.Cursor cursor = file.cursor(RecordKeys.of(first));
        int read = 0;
        for (byte[] record = cursor.next(); record != null; record = cursor.next()) {
            Key key = RecordKeys.key(record);
            int next = MerkleTree.leafOf(key.token(), partitions);
            if (next != leaf && (read >= records || cursor.digestedBytes() >= bytes)) {
                leaves.built(next);
                return;
            }
            leaf = next;
            leaves.add(leaf, LeafSums.entry(key.token(), cursor.digest()));
            read++;
        }
        leaves.built(MerkleTree.LEAVES);
    }

    /** As if the file had been written before there were leaves: they are built anew. For tests. */
    void forgetLeaves() {
        leaves.forget();
    }

    long liveBytes() {
        return file.liveBytes();
    }

    void tidy(int maxBytes) {
        file.tidy(maxBytes);
    }

    void close() {
        file.close();
    }

    void abandon() {
        file.abandon();
    }
}
