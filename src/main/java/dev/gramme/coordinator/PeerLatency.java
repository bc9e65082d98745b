package dev.gramme.coordinator;

import dev.gramme.ring.NodeId;
import java.util.HashMap;
import java.util.Map;

/**
 * How busy and how fast each peer has been of late: whom to ask first, and when to stop waiting for one ("recent high percentile").
 *
 * <p>The mean is an exponentially weighted one. The percentile is followed by steps, up by 0.95 of a step on each reply above it and down by
 * 0.05 on each below: it rests where 5% of the replies lie above. No samples are kept.
 */
final class PeerLatency {
    private static final double MEAN_WEIGHT = 0.1;
    private static final double FORGETTING = 0.999;
    private static final double HIGH = 0.95;
    private static final double STEP = 0.25;
    private static final double LEAST_NANOS = 10_000;

    private static final class Peer {
        int inFlight;
        double meanNanos;
        double highNanos;
    }

    private final int maxInFlight;
    private final Map<NodeId, Peer> peers = new HashMap<>();

    PeerLatency(int maxInFlightPerPeer) {
        this.maxInFlight = maxInFlightPerPeer;
    }

    private Peer of(NodeId node) {
        Peer peer = peers.get(node);
        if (peer == null) {
            peer = new Peer();
            peers.put(node, peer);
        }
        return peer;
    }

    /** Whether it may be asked one thing more now. */
    boolean hasRoom(NodeId node) {
        return of(node).inFlight < maxInFlight;
    }

    void asked(NodeId node) {
        of(node).inFlight++;
    }

    /** It answered, or is no longer waited for. */
    void released(NodeId node) {
        Peer peer = of(node);
        if (--peer.inFlight < 0) {
            throw new IllegalStateException("more answers than questions: " + node);
        }
    }

    /** A read took it this long. */
    void took(NodeId node, long nanos) {
        Peer peer = of(node);
        if (peer.meanNanos == 0) {
            peer.meanNanos = nanos;
            peer.highNanos = 2.0 * nanos;
            return;
        }
        peer.meanNanos += MEAN_WEIGHT * (nanos - peer.meanNanos);
        double step = STEP * Math.max(peer.meanNanos, LEAST_NANOS);
        peer.highNanos += nanos > peer.highNanos ? step * HIGH : -step * (1 - HIGH);
        peer.highNanos = Math.max(peer.highNanos, LEAST_NANOS);
    }

    /**
     * It was not asked because others were faster. What is known of it slowly loses weight, so that it is tried again some day: one that was slow
     * once would else never be asked to show that it no longer is.
     */
    void passedOver(NodeId node) {
        of(node).meanNanos *= FORGETTING;
    }

    /** 0 if it never answered: then it is worth a try. */
    double meanNanos(NodeId node) {
        return of(node).meanNanos;
    }

    /** How long to wait for it before one more is asked, in nanoseconds. */
    long patienceNanos(NodeId node, long capNanos) {
        double high = of(node).highNanos;
        return high == 0 ? capNanos : Math.min((long) high, capNanos);
    }
}
