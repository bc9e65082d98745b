package dev.gramme.storage;

import java.util.List;

/**
 * What one step of a scrub came to.
 *
 * @param records that were read, and were as they were written
 * @param bytes read
 * @param more there is something left to read
 */
record Slice(long records, long bytes, boolean more, List<Finding> found) {
    /** There was nothing to read. */
    static final Slice NOTHING = new Slice(0, 0, false, List.of());

    Slice {
        found = List.copyOf(found);
    }

    static Slice read(long records, long bytes, boolean more) {
        return new Slice(records, bytes, more, List.of());
    }

    /** There is no reading on behind what was found. */
    static Slice found(long bytes, Finding finding) {
        return new Slice(0, bytes, false, List.of(finding));
    }
}
