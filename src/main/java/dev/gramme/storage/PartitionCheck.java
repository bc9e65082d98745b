package dev.gramme.storage;

import dev.gramme.antientropy.MerkleTree;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.wire.StateDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads a partition's file, past the pages in memory: that it is as long as it was, each page's and record's checksum, the digest that each record bears against its state,
 * each leaf of the tree against its records.
 *
 * <p>A slice is whole leaves, about {@link #SLICE_BYTES}, and a store of its own that is opened and closed in it: nobody commits to the file meanwhile, and nobody waits for longer.
 */
final class PartitionCheck implements Check {
    static final int SLICE_BYTES = 256 << 10;

    private final PartitionStores files;
    private final Path path;
    private final int partition;
    private final int partitions;
    private int leaf;

    /** @param partitions Q */
    PartitionCheck(PartitionStores files, Path path, int partition, int partitions) {
        this.files = files;
        this.path = path;
        this.partition = partition;
        this.partitions = partitions;
    }

    @Override
    public Slice next() {
        try {
            // Opened as for any other question: in today's format, and what that finds is told.
            files.ask(partition, file -> file);
        } catch (StoreBrokenException told) {
            return Slice.found(0, Finding.now(path, -1, String.valueOf(told.getMessage())));
        }
        return Objects.requireNonNull(files.alone(partition, () -> files.isOpen(partition) ? onDisk() : Slice.NOTHING));
    }

    private Slice onDisk() {
        try {
            ScrubbedBytes bytes = ScrubbedBytes.open(path);
            try (bytes) {
                return read(bytes);
            } catch (RuntimeException broken) {
                String what = broken instanceof StoreBrokenException
                        ? String.valueOf(broken.getMessage())
                        : "the store " + path + " can't be read: " + broken.getMessage();
                return condemned(bytes.bytesRead(), bytes.lastOffset(), what, broken);
            }
        } catch (NoSuchFileException gone) {
            return condemned(0, -1, "the store " + path + " is missing", gone);
        } catch (IOException failure) {
            throw new UncheckedIOException(path + " could not be opened to be read", failure);
        }
    }

    private Slice condemned(long read, long offset, String what, Exception cause) {
        String where = offset < 0 ? "" : " (in what a scrub read at byte " + offset + ")";
        files.condemn(partition, new StoreBrokenException(what + where, cause));
        return Slice.found(read, Finding.now(path, offset, what));
    }

    private Slice read(ScrubbedBytes bytes) {
        RecordFile.Extent least = files.extent(partition);
        RecordFile file = RecordFile.openBeside(path, bytes, PartitionFile.STATES);
        if (least != null && (file == null || file.extent().fallsShortOf(least))) {
            throw broken("has lost its end: it holds " + (file == null ? "nothing" : file.extent())
                    + ", and should hold at least " + least);
        }
        return file == null ? Slice.read(0, bytes.bytesRead(), false) : read(file, bytes);
    }

    private Slice read(RecordFile file, ScrubbedBytes bytes) {
        Sums sums = new Sums(LeafSums.of(file, partitions, false), leaf);
        Key first = Key.placeBefore(MerkleTree.firstToken(partition, leaf, partitions));
        RecordFile.Cursor cursor = file.cursor(RecordKeys.of(first));
        long records = 0;
        for (byte[] record = cursor.next(); record != null; record = cursor.next()) {
            Key key = RecordKeys.key(record);
            int next = MerkleTree.leafOf(key.token(), partitions);
            if (key.token().partition(partitions) != partition || next < sums.leaf) {
                throw broken("holds a key out of its place: " + RecordFormat.text(record));
            }
            boolean entered = next != sums.leaf;
            sums.goOnTo(next);
            if (entered && bytes.bytesRead() >= SLICE_BYTES) {
                leaf = next;
                return Slice.read(records, bytes.bytesRead(), true);
            }
            if (StateDigest.of(cursor.state()) != cursor.digest()) {
                throw broken("holds a state that is not the one its digest was made of, at key "
                        + RecordFormat.text(record));
            }
            sums.add(LeafSums.entry(key.token(), cursor.digest()));
            records++;
        }
        sums.goOnTo(MerkleTree.LEAVES);
        return Slice.read(records, bytes.bytesRead(), false);
    }

    private StoreBrokenException broken(String what) {
        return new StoreBrokenException("the store " + path + " " + what);
    }

    /** The leaf that is being read: what its records add up to, against what the file says of it. */
    private final class Sums {
        private final long[] kept;
        private final int built;
        private int leaf;
        private long sum;

        Sums(LeafSums leaves, int leaf) {
            this.kept = leaves.copy();
            this.built = leaves.built();
            this.leaf = leaf;
        }

        void add(long entry) {
            sum += entry;
        }

        /** All records before {@code next} have been read. */
        void goOnTo(int next) {
            for (; leaf < next; leaf++) {
                if (leaf < built && sum != kept[leaf]) {
                    throw broken("has records in leaf " + leaf + " that are not those its sum was made of");
                }
                sum = 0;
            }
        }
    }
}
