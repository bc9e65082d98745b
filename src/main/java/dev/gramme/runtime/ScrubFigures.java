package dev.gramme.runtime;

import dev.gramme.storage.ScrubStatus;
import java.util.List;

/**
 * How the scrub of this node's disk stands.
 *
 * @param left parts (files of partitions, hints, log, small files) still to be read of those that were asked for last
 * @param of so many parts that were asked for
 * @param records read since the node's start, and found as they were written
 * @param bytes read since then
 * @param findings since then
 * @param found the last of them, the newest last
 * @param completeMillis when all parts had been read, last; 0 for never
 */
public record ScrubFigures(
        int left, int of, long records, long bytes, long findings, List<Found> found, long completeMillis) {
    /** None yet. */
    public static final ScrubFigures NONE = new ScrubFigures(0, 0, 0, 0, 0, List.of(), 0);

    /** @param offset in the file, of what was read when it was found; -1 where the file as a whole is meant */
    public record Found(String file, long offset, String what, long foundMillis) {}

    public ScrubFigures {
        found = List.copyOf(found);
    }

    static ScrubFigures of(ScrubStatus status) {
        List<Found> found = status.found().stream()
                .map(f -> new Found(f.file().toString(), f.offset(), f.what(), f.foundMillis()))
                .toList();
        return new ScrubFigures(
                status.left(),
                status.of(),
                status.records(),
                status.bytes(),
                status.findings(),
                found,
                status.completeMillis());
    }
}
