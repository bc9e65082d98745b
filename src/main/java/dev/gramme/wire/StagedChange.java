package dev.gramme.wire;

import dev.gramme.ring.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * A change of the ring that somebody wants and nobody has committed: gossiped, so that it can be planned and committed at any node. Of two for one node the
 * higher number holds, then the later kind. It counts only while the settled ring is still {@code base}.
 *
 * @param node whom it is about
 * @param number above all that the node it was staged at had seen
 * @param base version of the settled ring when it was staged
 * @param weight the new weight for {@link Kind#WEIGHT}, else 0
 * @param successor who takes all of its places for {@link Kind#REPLACE}, else null
 */
public record StagedChange(
        NodeId node,
        long number,
        long base,
        Kind kind,
        int weight,
        @Nullable NodeId successor) {
    /** The order of the constants is part of the wire format. */
    public enum Kind {
        /** Nothing after all. */
        NONE,
        /** Comes in, with the zone and weight that it says of itself. */
        JOIN,
        /** Hands its partitions over and goes. */
        LEAVE,
        /** Is dead: {@code successor} takes its places, filled by the other replicas. */
        REPLACE,
        /** Is dead and gone: its places are filled by the other replicas. */
        REMOVE,
        /** Gets another weight. */
        WEIGHT
    }
}
