package dev.gramme.storage;

import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keys as they stand in record files. A bucket and a node id have no zero byte, so one ends them; and zero being the least of bytes, a bucket that begins
 * another comes before it. So record files hold keys in the order of {@link Key#compareTo}, a bucket being ASCII (where it is not, the two orders differ
 * between UTF-16's surrogates and the characters from U+E000 on).
 */
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

    /** What comes right after {@code key}. */
    static byte[] after(Key key) {
        byte[] bytes = of(key);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** @throws StoreBrokenException if this is no key's record */
    static Key key(byte[] bytes) {
        int bucketEnd = zero(bytes, 0);
        if (bucketEnd < 0) {
            throw new StoreBrokenException(
                    "a partition's store has a key of " + bytes.length + " bytes that is no key");
        }
        return new Key(
                new String(bytes, 0, bucketEnd, StandardCharsets.UTF_8),
                Bytes.of(Arrays.copyOfRange(bytes, bucketEnd + 1, bytes.length)));
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
