package dev.gramme.storage;

import java.util.List;

/**
 * How the scrub stands.
 *
 * @param left parts that are still to be read of those that were asked for last
 * @param of so many parts that were asked for
 * @param records read since the start, and found as they were written
 * @param bytes read since the start
 * @param findings since the start
 * @param found the last of them, the newest last
 * @param completeMillis when all parts had been read, last; 0 for never
 */
public record ScrubStatus(
        int left, int of, long records, long bytes, long findings, List<Finding> found, long completeMillis) {
    public ScrubStatus {
        found = List.copyOf(found);
    }
}
