package dev.gramme.ring;

import dev.gramme.version.Bytes;

/**
 * What is stored under: a bucket's name and any bytes.
 *
 * <p>Keys are ordered by the first 64 bits of their tokens, then by bucket and name: so the keys of a partition, and those of a leaf of its Merkle tree, follow one another wherever keys are
 * in order. (Not by the whole token: stores keep those 64 bits in front of a key, and whoever finds two keys that share them must not find two orders.)
 */
public final class Key implements Comparable<Key> {
    private final String bucket;
    private final Bytes name;
    private final Token token;

    /**
     * @param bucket letters, digits, dot, dash, underscore, 1 to 64 (checked where requests come in)
     * @param name 1 byte to {@code maxKeyBytes} (1 KiB by default)
     */
    public Key(String bucket, Bytes name) {
        this(bucket, name, Token.of(bucket, name));
    }

    private Key(String bucket, Bytes name, Token token) {
        this.bucket = bucket;
        this.name = name;
        this.token = token;
    }

    public static Key of(String bucket, String name) {
        return new Key(bucket, Bytes.utf8(name));
    }

    /** No key, but a place among keys: right before all whose tokens have these first 64 bits, or more. */
    public static Key placeBefore(long tokenHigh) {
        return new Key("", Bytes.EMPTY, new Token(tokenHigh, 0));
    }

    public String bucket() {
        return bucket;
    }

    public Bytes name() {
        return name;
    }

    /** Its place on the ring. Computed once. */
    public Token token() {
        return token;
    }

    @Override
    public int compareTo(Key other) {
        int byToken = Long.compareUnsigned(token.high(), other.token.high());
        if (byToken != 0) {
            return byToken;
        }
        int byBucket = bucket.compareTo(other.bucket);
        return byBucket != 0 ? byBucket : name.compareTo(other.name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key
                && token.equals(key.token)
                && bucket.equals(key.bucket)
                && name.equals(key.name);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(token.low());
    }

    @Override
    public String toString() {
        return bucket + "/" + name;
    }
}
