package dev.gramme.transport;

import dev.gramme.ring.NodeId;
import java.util.SortedMap;

/**
 * A transport at a glance; each number is right at some moment of the call. Counts are since it was opened.
 *
 * @param inboundConnections open now
 * @param receivedFrames batches taken
 * @param refusedFrames that did not parse, were too long, wrongly sealed or for another node; each cut its connection
 * @param refusedConnections beyond {@link TransportBounds#maxInboundConnections}
 */
public record TransportStatus(
        SortedMap<NodeId, PeerStatus> peers,
        int inboundConnections,
        long receivedFrames,
        long receivedMessages,
        long receivedBytes,
        long refusedFrames,
        long refusedConnections) {}
