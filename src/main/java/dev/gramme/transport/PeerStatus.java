package dev.gramme.transport;

/**
 * How it goes with one peer. Counts are since the peer was named.
 *
 * @param connected its bridge answers
 * @param queuedMessages not yet handed to the socket
 * @param queuedBytes of them, as encoded
 * @param sentFrames batches handed to the socket
 * @param sentBytes of messages as encoded, without the frames around them
 * @param received messages that named this peer as their sender
 * @param undeliverable messages that were not sent: no connection, queue full, or too long
 * @param unsupportedMessages received and skipped: newer than this program
 * @param malformedMessages received and skipped: damaged, though their seal held
 * @param reconnects connections made after the first
 * @param lastError why the last connection failed or ended; empty if none did
 * @param lastSkip what the peer last said that it skipped of our messages; empty if it never did
 */
public record PeerStatus(
        HostAndPort address,
        boolean connected,
        int queuedMessages,
        long queuedBytes,
        long sentFrames,
        long sentMessages,
        long sentBytes,
        long receivedMessages,
        long receivedBytes,
        long undeliverable,
        long unsupportedMessages,
        long malformedMessages,
        long reconnects,
        String lastError,
        String lastSkip) {}
