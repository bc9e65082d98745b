package dev.gramme.transport;

/**
 * What has gone to peers, taken together: also to those that are none any more, so that it never falls.
 *
 * @param sentFrames batches handed to sockets
 * @param sentBytes of messages as encoded, without the frames around them
 * @param undeliverable messages that were not sent: no connection, queue full, or too long
 * @param reconnects connections to one peer at one address made after the first
 */
public record PeerCounts(long sentFrames, long sentMessages, long sentBytes, long undeliverable, long reconnects) {
    static final PeerCounts NONE = new PeerCounts(0, 0, 0, 0, 0);

    PeerCounts plus(PeerStatus peer) {
        return new PeerCounts(
                sentFrames + peer.sentFrames(),
                sentMessages + peer.sentMessages(),
                sentBytes + peer.sentBytes(),
                undeliverable + peer.undeliverable(),
                reconnects + peer.reconnects());
    }
}
