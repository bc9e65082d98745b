package dev.gramme.node;

import dev.gramme.ring.NodeId;

/**
 * What the planes must know.
 *
 * @param loops K, how many data planes this node has
 * @param maxRequestsPerLoop client requests under way in one plane; one more is refused as overloaded
 * @param maxInFlightPerPeer unanswered replica requests to one peer from one plane; beyond, that peer counts as unreachable
 * @param hedgeCapMillis a read asks one more replica after at most this wait
 * @param replicaTimeoutMillis a put asks a fallback after this wait for a replica
 * @param hintBatch hints delivered to one owner before the next waits for their acknowledgement
 */
public record NodeSettings(
        NodeId self,
        int loops,
        int maxRequestsPerLoop,
        int maxInFlightPerPeer,
        int hedgeCapMillis,
        int replicaTimeoutMillis,
        int hintBatch) {

    public static NodeSettings defaults(NodeId self, int loops) {
        return new NodeSettings(self, loops, 4_096, 4_096, 20, 400, 32);
    }
}
