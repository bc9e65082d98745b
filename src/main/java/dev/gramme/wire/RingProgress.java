package dev.gramme.wire;

import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import org.jspecify.annotations.Nullable;

/**
 * How far a member is with the ring, as it says itself: only what it has kept durably and what all its loops go by.
 *
 * @param settled version of the ring that is settled for it; 0 if it knows none
 * @param proposal the change it goes by; null if none is under way
 * @param phase its phase with that; null if it has not reached the first
 * @param gained partitions that it comes to own
 * @param received of them, those that it holds
 * @param receivedBytes bytes of states pulled for this proposal since its process started
 * @param bytesPerSecond at which it pulls, over the last seconds
 */
public record RingProgress(
        long settled,
        Proposal.@Nullable Id proposal,
        @Nullable Phase phase,
        int gained,
        int received,
        long receivedBytes,
        long bytesPerSecond) {
    public static final RingProgress NONE = new RingProgress(0, null, null, 0, 0, 0, 0);
}
