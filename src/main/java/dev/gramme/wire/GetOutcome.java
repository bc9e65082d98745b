package dev.gramme.wire;

import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import org.jspecify.annotations.Nullable;

/** How a get ended. */
public sealed interface GetOutcome {
    /**
     * R replies merged and resolved.
     *
     * @param versions what the reader has seen by its context, expired values among it
     * @param atMillis wall-clock time of the answer, at the node that was asked
     * @param fastest the owner that answered first, for the next write's coordinator; null if no owner answered
     */
    record Read(
            VersionSet versions, long atMillis, @Nullable NodeId fastest, int replies) implements GetOutcome {
        /** What the reader is shown: an empty set, or one without values, is "not found". */
        public VersionSet shown() {
            return versions.unexpired(atMillis);
        }
    }

    record Failed(Failure failure, String detail) implements GetOutcome {}
}
