package dev.gramme.ring;

import dev.gramme.version.Bytes;

/**
 * What is stored under: a bucket's name and any bytes.
 *
 * @param bucket letters, digits, dot, dash, underscore, 1 to 64 (checked where requests come in)
 * @param name 1 byte to {@code maxKeyBytes} (1 KiB by default)
 */
public record Key(String bucket, Bytes name) implements Comparable<Key> {
    public static Key of(String bucket, String name) {
        return new Key(bucket, Bytes.utf8(name));
    }

    @Override
    public int compareTo(Key other) {
        int byBucket = bucket.compareTo(other.bucket);
        return byBucket != 0 ? byBucket : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return bucket + "/" + name;
    }
}
