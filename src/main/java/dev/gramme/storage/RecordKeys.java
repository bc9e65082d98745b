package dev.gramme.storage;

import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keys as they stand in record files. A bucket and a node id have no zero byte, so one ends them; and zero being the least of bytes, a bucket that begins
 * another comes before it. So partitions' files hold keys in the order of {@link Key#compareTo}, and the file of hints in that of {@link HintId#compareTo}, a bucket
 * being ASCII (where it is not, the orders differ between UTF-16's surrogates and the characters from U+E000 on).
 */
final class RecordKeys {
    private static final int TOKEN_BYTES = 8;

    private RecordKeys() {}

    /** The first 8 bytes of the token, bucket, zero, name. */
    static byte[] of(Key key) {
        byte[] bucket = key.bucket().getBytes(StandardCharsets.UTF_8);
        byte[] name = key.name().array();
        return ByteBuffer.allocate(TOKEN_BYTES + bucket.length + 1 + name.length)
                .putLong(key.token().high())
                .put(bucket)
                .put((byte) 0)
                .put(name)
                .array();
    }

    /** What comes right after {@code key}. */
    static byte[] after(Key key) {
        byte[] bytes = of(key);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** @throws StoreBrokenException if this is no key's record */
    static Key key(byte[] bytes) {
        if (zero(bytes, TOKEN_BYTES) >= 0) {
            Key key = named(bytes, TOKEN_BYTES);
            if (key.token().high() == ByteBuffer.wrap(bytes).getLong()) {
                return key;
            }
        }
        throw new StoreBrokenException("a partition's store has a key of " + bytes.length + " bytes that is no key");
    }

    /**
     * The key of a record as files of format 1 and 2 had it: without the token in front.
     *
     * @throws StoreBrokenException if this is no key's record
     */
    static Key formerKey(byte[] bytes) {
        if (zero(bytes, 0) < 0) {
            throw new StoreBrokenException(
                    "a partition's store has a key of " + bytes.length + " bytes that is no key");
        }
        return named(bytes, 0);
    }

    /** Bucket, zero, name; the zero is known to be there. */
    private static Key named(byte[] bytes, int start) {
        int bucketEnd = zero(bytes, start);
        return new Key(
                new String(bytes, start, bucketEnd - start, StandardCharsets.UTF_8),
                Bytes.of(Arrays.copyOfRange(bytes, bucketEnd + 1, bytes.length)));
    }

    /** Owner, zero, partition (2 bytes), bucket, zero, name: an owner's hints lie together, by partition. */
    static byte[] of(HintId hint) {
        byte[] start = startOf(hint.owner(), hint.partition());
        byte[] key = of(hint.key());
        int keyBytes = key.length - TOKEN_BYTES;
        byte[] bytes = Arrays.copyOf(start, start.length + keyBytes);
        System.arraycopy(key, TOKEN_BYTES, bytes, start.length, keyBytes);
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
                    named(bytes, ownerEnd + 3));
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

    /** A hint's place in the book: by owner, partition and the key's name, as format 1 had it; nobody goes through hints by token. */
    record HintId(NodeId owner, int partition, Key key) implements Comparable<HintId> {
        @Override
        public int compareTo(HintId other) {
            int byOwner = owner.compareTo(other.owner);
            if (byOwner != 0) {
                return byOwner;
            }
            int byPartition = Integer.compare(partition, other.partition);
            if (byPartition != 0) {
                return byPartition;
            }
            int byBucket = key.bucket().compareTo(other.key.bucket());
            return byBucket != 0 ? byBucket : key.name().compareTo(other.key.name());
        }
    }
}
