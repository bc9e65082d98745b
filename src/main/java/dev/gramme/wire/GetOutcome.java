package dev.gramme.wire;

import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import org.jspecify.annotations.Nullable;

/** How a get ended. */
public sealed interface GetOutcome {
    /**
     * R replies merged; an empty set, or one without values, is "not found".
     *
     * @param fastest the owner that answered first, for the next write's coordinator; null if no owner answered
     */
    record Read(VersionSet versions, @Nullable NodeId fastest, int replies) implements GetOutcome {}

    record Failed(Failure failure, String detail) implements GetOutcome {}
}
