package dev.gramme.node;

import dev.gramme.wire.Admissions;

/** A node's one controller of background work, as its loops see it: all of them tell the same one what clients feel. */
public interface BackgroundControl extends Admissions {
    /** @param value in the unit of {@code what} */
    void felt(Foreground what, long value, long nowNanos);
}
