package dev.gramme.node;

import dev.gramme.wire.Admissions;

/** A node's one controller of background work, as its loops see it: all of them tell the same one what clients feel. */
public interface BackgroundControl extends Admissions {
    /** A client's request has been answered. @param nanos since a loop took it up */
    void answered(long nanos, long nowNanos);

    /** A tick of a loop came. @param lateNanos after the time at which it would come on an idle loop */
    void ticked(long lateNanos, long nowNanos);
}
