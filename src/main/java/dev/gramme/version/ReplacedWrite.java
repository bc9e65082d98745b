package dev.gramme.version;

import java.util.Comparator;

/**
 * A write whose version was replaced, remembered so that another version of the same write, made by a retry, is known for what it is.
 *
 * @param keyHash of its idempotency key, see {@link #hash}
 * @param time of the version that replaced it, or a later one: what {@link ReplacedWrites} forgets by
 * @param dot of the version that was replaced
 */
public record ReplacedWrite(long keyHash, long time, Dot dot) implements Comparable<ReplacedWrite> {
    private static final Comparator<ReplacedWrite> ORDER = Comparator.comparingLong(ReplacedWrite::time)
            .thenComparingLong(ReplacedWrite::keyHash)
            .thenComparing(ReplacedWrite::dot);

    /** FNV-1a of 64 bits (Fowler, Noll, Vo), then the finaliser of SplitMix64: bytes on disk depend on it. */
    static long hash(Bytes idempotencyKey) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : idempotencyKey.array()) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        return hash ^ (hash >>> 31);
    }

    @Override
    public int compareTo(ReplacedWrite other) {
        return ORDER.compare(this, other);
    }
}
