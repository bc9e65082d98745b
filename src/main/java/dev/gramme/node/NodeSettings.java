package dev.gramme.node;

import dev.gramme.antientropy.CollectionBounds;
import dev.gramme.antientropy.ExchangeBounds;
import dev.gramme.handoff.HintBounds;
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
 * @param pullsAtOnce partitions that this node takes over at once, split over its loops; each loop one at least
 * @param pullPageBytes about as many bytes of states are asked for at once while a partition is taken over
 * @param pullBytesPerSecond as many bytes of states this node takes over in a second, split over its loops; 0 for no bound
 * @param exchanges what anti-entropy may take
 * @param hints what may be kept for an owner that is away
 * @param collections what the collection of deletes may take
 */
public record NodeSettings(
        NodeId self,
        int loops,
        int maxRequestsPerLoop,
        int maxInFlightPerPeer,
        int hedgeCapMillis,
        int replicaTimeoutMillis,
        int hintBatch,
        int pullsAtOnce,
        int pullPageBytes,
        long pullBytesPerSecond,
        ExchangeBounds exchanges,
        HintBounds hints,
        CollectionBounds collections) {
    public static final int DEFAULT_PULLS_AT_ONCE = 4;
    public static final int DEFAULT_PULL_PAGE_BYTES = 256 << 10;
    public static final long DEFAULT_PULL_BYTES_PER_SECOND = 64L << 20;

    /** @throws IllegalArgumentException if a bound of transfers is nonsense */
    public NodeSettings {
        if (pullsAtOnce < 1 || pullPageBytes < 1 || pullBytesPerSecond < 0) {
            throw new IllegalArgumentException(
                    "a node pulls 1 partition or more at once, in pages of 1 byte or more, at 0"
                            + " (no bound) or more bytes a second; not " + pullsAtOnce + ", " + pullPageBytes + ", "
                            + pullBytesPerSecond);
        }
    }

    public static NodeSettings defaults(NodeId self, int loops) {
        return new NodeSettings(
                self,
                loops,
                4_096,
                4_096,
                20,
                400,
                32,
                DEFAULT_PULLS_AT_ONCE,
                DEFAULT_PULL_PAGE_BYTES,
                DEFAULT_PULL_BYTES_PER_SECOND,
                ExchangeBounds.DEFAULT,
                HintBounds.DEFAULT,
                CollectionBounds.DEFAULT);
    }

    /** The same bounds for another node. */
    public NodeSettings of(NodeId node) {
        return new NodeSettings(
                node,
                loops,
                maxRequestsPerLoop,
                maxInFlightPerPeer,
                hedgeCapMillis,
                replicaTimeoutMillis,
                hintBatch,
                pullsAtOnce,
                pullPageBytes,
                pullBytesPerSecond,
                exchanges,
                hints,
                collections);
    }

    public NodeSettings withRequests(int perLoop, int inFlightPerPeer) {
        return new NodeSettings(
                self,
                loops,
                perLoop,
                inFlightPerPeer,
                hedgeCapMillis,
                replicaTimeoutMillis,
                hintBatch,
                pullsAtOnce,
                pullPageBytes,
                pullBytesPerSecond,
                exchanges,
                hints,
                collections);
    }

    public NodeSettings withPulls(int atOnce, int pageBytes, long bytesPerSecond) {
        return new NodeSettings(
                self,
                loops,
                maxRequestsPerLoop,
                maxInFlightPerPeer,
                hedgeCapMillis,
                replicaTimeoutMillis,
                hintBatch,
                atOnce,
                pageBytes,
                bytesPerSecond,
                exchanges,
                hints,
                collections);
    }

    public NodeSettings withExchanges(ExchangeBounds bounds) {
        return new NodeSettings(
                self,
                loops,
                maxRequestsPerLoop,
                maxInFlightPerPeer,
                hedgeCapMillis,
                replicaTimeoutMillis,
                hintBatch,
                pullsAtOnce,
                pullPageBytes,
                pullBytesPerSecond,
                bounds,
                hints,
                collections);
    }

    public NodeSettings withHints(HintBounds bounds) {
        return new NodeSettings(
                self,
                loops,
                maxRequestsPerLoop,
                maxInFlightPerPeer,
                hedgeCapMillis,
                replicaTimeoutMillis,
                hintBatch,
                pullsAtOnce,
                pullPageBytes,
                pullBytesPerSecond,
                exchanges,
                bounds,
                collections);
    }

    public NodeSettings withCollections(CollectionBounds bounds) {
        return new NodeSettings(
                self,
                loops,
                maxRequestsPerLoop,
                maxInFlightPerPeer,
                hedgeCapMillis,
                replicaTimeoutMillis,
                hintBatch,
                pullsAtOnce,
                pullPageBytes,
                pullBytesPerSecond,
                exchanges,
                hints,
                bounds);
    }
}
