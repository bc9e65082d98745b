package dev.gramme.storage;

import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keys as they stand in record files. A bucket and a node id have no zero byte, so one ends them. */
final class RecordKeys {
    private RecordKeys() {}

    /** Bucket, zero, name. */
    static byte[] of(Key key) {
        byte[] bucket = key.bucket().getBytes(StandardCharsets.UTF_8);
        byte[] name = key.name().array();
        byte[] bytes = Arrays.copyOf(bucket, bucket.length + 1 + name.length);
        System.arraycopy(name, 0, bytes, bucket.length + 1, name.length);
        return bytes;
    }

    /** Owner, zero, partition (2 bytes), bucket, zero, name: an owner's hints lie together, by partition. */
    static byte[] of(HintId hint) {
        byte[] start = startOf(hint.owner(), hint.partition());
        byte[] key = of(hint.key());
        byte[] bytes = Arrays.copyOf(start, start.length + key.length);
        System.arraycopy(key, 0, bytes, start.length, key.length);
        return bytes;
    }

    /** What all hints for {@code owner} in {@code partition} start with. */
    static byte[] startOf(NodeId owner, int partition) {
        byte[] name = owner.name().getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(name, name.length + 3);
        bytes[name.length + 1] = (byte) (partition >>> 8);
        bytes[name.length + 2] = (byte) partition;
        return bytes;
    }

    /** @throws StoreBrokenException if this is no hint's key */
    static HintId hint(byte[] bytes) {
        int ownerEnd = zero(bytes, 0);
        int bucketEnd = ownerEnd < 0 ? -1 : zero(bytes, ownerEnd + 3);
        if (bucketEnd < 0) {
            throw new StoreBrokenException("the hint store has a key of " + bytes.length + " bytes that is no hint's");
        }
        try {
            return new HintId(
                    new NodeId(new String(bytes, 0, ownerEnd, StandardCharsets.UTF_8)),
                    (bytes[ownerEnd + 1] & 0xFF) << 8 | bytes[ownerEnd + 2] & 0xFF,
                    new Key(
                            new String(bytes, ownerEnd + 3, bucketEnd - ownerEnd - 3, StandardCharsets.UTF_8),
                            Bytes.of(Arrays.copyOfRange(bytes, bucketEnd + 1, bytes.length))));
        } catch (IllegalArgumentException notAnId) {
            throw new StoreBrokenException(
                    "the hint store has a key that is no hint's: " + notAnId.getMessage(), notAnId);
        }
    }

    private static int zero(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    /** A hint's place in the book. */
    record HintId(NodeId owner, int partition, Key key) implements Comparable<HintId> {
        @Override
        public int compareTo(HintId other) {
            int byOwner = owner.compareTo(other.owner);
            if (byOwner != 0) {
                return byOwner;
            }
            int byPartition = Integer.compare(partition, other.partition);
            return byPartition != 0 ? byPartition : key.compareTo(other.key);
        }
    }
}
