package dev.gramme.version;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a client wrote, before it is a version: a value with its type and metadata, or a delete.
 *
 * @param tombstone a delete; then the value is empty
 * @param contentType as the client sent it; empty for a tombstone
 * @param metadata user metadata, names in lower case; unmodifiable
 * @param idempotencyKey at most {@link #MAX_IDEMPOTENCY_KEY_BYTES}; empty if the client sent none
 * @param expiresMillis wall-clock time, in milliseconds since the epoch, from which on readers are not shown it; 0 for never. Fixed once, by the node that
 *     mints the version, so that all replicas agree. A tombstone does not expire
 */
public record Content(
        boolean tombstone,
        Bytes value,
        String contentType,
        SortedMap<String, String> metadata,
        Bytes idempotencyKey,
        long expiresMillis)
        implements Comparable<Content> {
    private static final Comparator<Content> ORDER = Comparator.comparing(Content::tombstone)
            .thenComparing(content -> content.value)
            .thenComparing(Content::contentType)
            .thenComparing(content -> content.metadata.keySet(), Content::inOrder)
            .thenComparing(content -> content.metadata.values(), Content::inOrder)
            .thenComparing(Content::idempotencyKey)
            .thenComparingLong(Content::expiresMillis);

    public static final int MAX_IDEMPOTENCY_KEY_BYTES = 255;

    public Content {
        if (tombstone && !value.isEmpty()) {
            throw new IllegalArgumentException("a tombstone has no value");
        }
        if (expiresMillis < 0 || tombstone && expiresMillis != 0) {
            throw new IllegalArgumentException(
                    "a value expires at a time after 1970, a tombstone never: not at " + expiresMillis);
        }
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }

    /** What never expires. */
    public Content(
            boolean tombstone,
            Bytes value,
            String contentType,
            SortedMap<String, String> metadata,
            Bytes idempotencyKey) {
        this(tombstone, value, contentType, metadata, idempotencyKey, 0);
    }

    public static Content value(Bytes value, String contentType) {
        return new Content(false, value, contentType, new TreeMap<>(), Bytes.EMPTY);
    }

    public static Content delete() {
        return new Content(true, Bytes.EMPTY, "", new TreeMap<>(), Bytes.EMPTY);
    }

    public Content withIdempotencyKey(Bytes key) {
        return new Content(tombstone, value, contentType, metadata, key, expiresMillis);
    }

    /** @param millis 0 for never */
    public Content expiringAt(long millis) {
        return millis == expiresMillis
                ? this
                : new Content(tombstone, value, contentType, metadata, idempotencyKey, millis);
    }

    private static int inOrder(Collection<String> a, Collection<String> b) {
        Iterator<String> others = b.iterator();
        for (String one : a) {
            int order = others.hasNext() ? one.compareTo(others.next()) : 1;
            if (order != 0) {
                return order;
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    /** By its parts: an order for its own sake, which every node has the same. */
    @Override
    public int compareTo(Content other) {
        return ORDER.compare(this, other);
    }

    /** Whether it is over for one whose clock says {@code wallMillis}. */
    public boolean isExpired(long wallMillis) {
        return expiresMillis != 0 && expiresMillis <= wallMillis;
    }
}
