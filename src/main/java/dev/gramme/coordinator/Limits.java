package dev.gramme.coordinator;

import dev.gramme.ring.NodeId;

/**
 * The coordinator's bounds, for one loop.
 *
 * @param maxRequests requests not yet answered; one more is refused as overloaded
 * @param maxInFlightPerPeer unanswered replica requests to one peer; beyond, it counts as unreachable
 * @param hedgeCapMillis a read asks one more replica after at most this wait
 * @param replicaTimeoutMillis a put asks a fallback after this wait for a replica
 */
public record Limits(
        NodeId self, int maxRequests, int maxInFlightPerPeer, int hedgeCapMillis, int replicaTimeoutMillis) {
    /** Answered requests that still wait for a replica, for each one not answered: they hold memory too. */
    static final int LINGERING_PER_REQUEST = 4;
}
