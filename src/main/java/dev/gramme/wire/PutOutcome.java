package dev.gramme.wire;

import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Dot;

/** How a put ended. A write short of W is never reported as not written. */
public sealed interface PutOutcome {
    /**
     * Written durably at W nodes at least.
     *
     * @param dot of the new version
     * @param context covers the new version and what it replaced, not its concurrent siblings
     * @param siblings how many versions the coordinator's replica holds now, this one among them; expired ones do not count
     * @param expiresMillis wall-clock time at which the new version expires; 0 for never
     */
    record Written(
            Dot dot,
            long time,
            CausalContext context,
            NodeId coordinator,
            int acks,
            int hints,
            int siblings,
            long expiresMillis)
            implements PutOutcome {
        /** A version that never expires. */
        public Written(
                Dot dot, long time, CausalContext context, NodeId coordinator, int acks, int hints, int siblings) {
            this(dot, time, context, coordinator, acks, hints, siblings, 0);
        }
    }

    /** Surely not written anywhere: nothing was minted, or the request was refused before. */
    record Failed(Failure failure, String detail) implements PutOutcome {}

    /** Written at {@code acks} nodes that we know of, fewer than asked for; it may surface later. Retry with the same idempotency key. */
    record Indeterminate(int acks, int needed, String detail) implements PutOutcome {}
}
