package dev.gramme.node;

import dev.gramme.wire.Failure;
import org.jspecify.annotations.Nullable;

/**
 * What became of states to restore.
 *
 * <p>Kept: all are durable at the node that was asked, which gets them to every owner. Else some may be, and to ask again is harmless.
 *
 * @param failure null if there was none
 * @param outdated deletes were forgotten since, or are about to be, and states may be what they had deleted: of their loop nothing was kept
 * @param detail one line for people; empty if all went well
 */
public record RestoreOutcome(@Nullable Failure failure, boolean outdated, String detail) {
    public static final RestoreOutcome KEPT = new RestoreOutcome(null, false, "");

    public RestoreOutcome(Failure failure, String detail) {
        this(failure, false, detail);
    }

    public boolean isKept() {
        return failure == null && !outdated;
    }
}
