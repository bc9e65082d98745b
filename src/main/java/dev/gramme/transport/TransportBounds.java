package dev.gramme.transport;

/**
 * How much a transport holds and how long it waits.
 *
 * @param maxFrameBytes longest bridge frame, as JSON text, sent or taken: a longer one cuts the connection; a message that needs one is undeliverable
 * @param batchBytes a batch is closed when its messages take this many bytes; a single longer message goes alone
 * @param maxQueuedBytes per peer, of requests and replies about keys not yet handed to the socket; half as much again of transfers of ranges, and {@link
 *     SendQueue#MAX_CONTROL_BYTES} between members: beyond, messages are undeliverable
 * @param maxUnansweredBytes per peer, handed to the socket and not known to have been read by the peer: beyond, and one batch, messages wait in the queue,
 *     where what is urgent overtakes
 * @param maxInboundConnections beyond, a connection is closed as soon as it is accepted
 * @param maxContacts addresses written to without knowing who listens there ({@link PeerTransport#contact}), each with one connection at most:
 *     beyond, the longest unused is forgotten; if all have connections, the message is lost
 * @param contactIdleMillis such a connection is closed when it was not used for so long
 * @param maxConnecting connections to peers that are being made at once: the others wait for their turn
 * @param connectTimeoutMillis for a TCP connection and again for the bridge's first answer on it
 * @param pingMillis how often a connection is pinged
 * @param silentMillis a connection on which nothing was received for so long is cut
 * @param reconnectMinMillis wait before the second attempt to connect; it doubles with each failure, less up to half of it by chance
 * @param reconnectMaxMillis the longest such wait
 */
public record TransportBounds(
        int maxFrameBytes,
        int batchBytes,
        long maxQueuedBytes,
        int maxUnansweredBytes,
        int maxInboundConnections,
        int maxContacts,
        int contactIdleMillis,
        int maxConnecting,
        int connectTimeoutMillis,
        int pingMillis,
        int silentMillis,
        int reconnectMinMillis,
        int reconnectMaxMillis) {
    /** Under the 20,000,000 characters that the bridge's JSON parser (Jackson, by its defaults) takes in one string. */
    public static final int LARGEST_FRAME_BYTES = 16 << 20;

    public static final TransportBounds DEFAULT = new TransportBounds(
            LARGEST_FRAME_BYTES, 256 << 10, 16 << 20, 1 << 20, 1_024, 64, 10_000, 256, 2_000, 1_000, 5_000, 50, 2_000);

    public TransportBounds {
        if (maxFrameBytes < 1_024 || maxFrameBytes > LARGEST_FRAME_BYTES) {
            throw new IllegalArgumentException(
                    "maxFrameBytes must be 1024 to " + LARGEST_FRAME_BYTES + ", not " + maxFrameBytes);
        }
        if (batchBytes < 1 || maxQueuedBytes < 1 || maxUnansweredBytes < 1 || maxInboundConnections < 1) {
            throw new IllegalArgumentException("bounds must be 1 or more: batchBytes " + batchBytes
                    + ", maxQueuedBytes " + maxQueuedBytes + ", maxUnansweredBytes " + maxUnansweredBytes
                    + ", maxInboundConnections " + maxInboundConnections);
        }
        if (maxContacts < 1 || contactIdleMillis < 1 || maxConnecting < 1) {
            throw new IllegalArgumentException("maxContacts " + maxContacts + " and contactIdleMillis "
                    + contactIdleMillis + ", maxConnecting " + maxConnecting + " must be 1 or more");
        }
        if (connectTimeoutMillis < 1 || pingMillis < 1 || silentMillis <= pingMillis) {
            throw new IllegalArgumentException("connectTimeoutMillis " + connectTimeoutMillis + " and pingMillis "
                    + pingMillis + " must be 1 or more, silentMillis " + silentMillis + " more than pingMillis");
        }
        if (reconnectMinMillis < 1 || reconnectMaxMillis < reconnectMinMillis) {
            throw new IllegalArgumentException("reconnectMinMillis " + reconnectMinMillis
                    + " must be 1 or more, reconnectMaxMillis " + reconnectMaxMillis + " not less than it");
        }
    }
}
