package dev.gramme.version;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a client wrote, before it is a version: a value with its type and metadata, or a delete.
 *
 * @param tombstone a delete; then the value is empty
 * @param contentType as the client sent it; empty for a tombstone
 * @param metadata user metadata, names in lower case; unmodifiable
 * @param idempotencyKey at most {@link #MAX_IDEMPOTENCY_KEY_BYTES}; empty if the client sent none
 */
public record Content(
        boolean tombstone, Bytes value, String contentType, SortedMap<String, String> metadata, Bytes idempotencyKey) {
    public static final int MAX_IDEMPOTENCY_KEY_BYTES = 255;

    public Content {
        if (tombstone && !value.isEmpty()) {
            throw new IllegalArgumentException("a tombstone has no value");
        }
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }

    public static Content value(Bytes value, String contentType) {
        return new Content(false, value, contentType, new TreeMap<>(), Bytes.EMPTY);
    }

    public static Content delete() {
        return new Content(true, Bytes.EMPTY, "", new TreeMap<>(), Bytes.EMPTY);
    }

    public Content withIdempotencyKey(Bytes key) {
        return new Content(tombstone, value, contentType, metadata, key);
    }
}
