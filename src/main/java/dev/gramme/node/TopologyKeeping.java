package dev.gramme.node;

import dev.gramme.version.Now;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What of the ring is on this node's disk. One write at a time, then the newest state; one that failed is tried again. */
final class TopologyKeeping {
    static final int AGAIN_MILLIS = 1_000;

    private KeptTopology durable;
    private @Nullable KeptTopology underWay;
    private long sequence;
    private String error = "";
    private long failedNanos;
    private boolean resting;
    private boolean written = true;
    /** 0, or all that was held by topologies of earlier epochs is lost, and that is not on the disk yet. */
    private long lostBefore;

    private long lostUnderWay;

    /** @param durable on the disk already, or not worth keeping */
    TopologyKeeping(KeptTopology durable) {
        this.durable = durable;
    }

    KeptTopology durable() {
        return durable;
    }

    /** Why the newest state is not on the disk; empty if it is, or will be soon. */
    String error() {
        return error;
    }

    /** The write to begin now; null if there is none. */
    Effect.@Nullable KeepTopology due(KeptTopology newest) {
        if (underWay != null || resting || (newest.equals(durable) && written && lostBefore == 0)) {
            return null;
        }
        underWay = newest;
        lostUnderWay = lostBefore;
        lostBefore = 0;
        return new Effect.KeepTopology(++sequence, newest, lostUnderWay);
    }

    /** With what is kept next, and before it, the disk is to say that all that was held by topologies of earlier epochs is lost. */
    void lostBefore(long epoch) {
        lostBefore = epoch;
    }

    void kept(Event.TopologyKept kept, Now now) {
        if (underWay == null || kept.sequence() != sequence) {
            return;
        }
        error = kept.error();
        if (error.isEmpty()) {
            durable = underWay;
            written = true;
        } else {
            lostBefore = Math.max(lostBefore, lostUnderWay);
            resting = true;
            failedNanos = now.nanos();
        }
        underWay = null;
    }

    void tick(Now now) {
        if (resting && now.nanos() - failedNanos >= TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS)) {
            resting = false;
        }
    }

    /** It follows from this node's configuration alone, so others may be told of it before it is on the disk. */
    void knownAnyway(KeptTopology topology) {
        durable = topology;
        written = false;
    }
}
