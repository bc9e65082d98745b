package dev.gramme.antientropy;

import dev.gramme.wire.Outbox;

/** Where repair puts what it wants done, word for people among it. */
public interface RepairOutbox extends Outbox {
    /** @param left exchanges that were asked for and are still to come */
    void exchanged(Exchanged exchanged, int left);

    /** A round of collection that this node leads is over. */
    void collected(Collected collected);
}
