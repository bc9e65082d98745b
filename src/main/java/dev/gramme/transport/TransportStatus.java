package dev.gramme.transport;

import dev.gramme.ring.NodeId;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A transport at a glance; each number is right at some moment of the call. Counts are since it was opened.
 *
 * @param counts of the peers, present and former, taken together
 * @param contacts addresses lately written to without knowing who listens there, see {@link PeerTransport#contact}
 * @param inboundConnections open now
 * @param receivedFrames batches taken
 * @param unsupportedMessages skipped: newer than this program
 * @param malformedMessages skipped: damaged, though their seal held
 * @param refusedFrames that did not parse, were too long, wrongly sealed or for another node; each cut its connection
 * @param refusedConnections beyond {@link TransportBounds#maxInboundConnections}
 */
public record TransportStatus(
        SortedMap<NodeId, PeerStatus> peers,
        PeerCounts counts,
        SortedMap<HostAndPort, ContactStatus> contacts,
        int inboundConnections,
        long receivedFrames,
        long receivedMessages,
        long receivedBytes,
        long unsupportedMessages,
        long malformedMessages,
        long refusedFrames,
        long refusedConnections) {
    /** Why the addresses lately contacted, of those that failed, could not be reached or refused us. */
    public SortedMap<HostAndPort, String> lastContactErrors() {
        SortedMap<HostAndPort, String> errors = new TreeMap<>();
        contacts.forEach((address, contact) -> {
            if (!contact.lastError().isEmpty()) {
                errors.put(address, contact.lastError());
            }
        });
        return errors;
    }
}
