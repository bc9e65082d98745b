package dev.gramme.node;

import dev.gramme.wire.Failure;
import org.jspecify.annotations.Nullable;

/**
 * What became of states to restore.
 *
 * @param failure null: all are durable at the node that was asked, which gets them to every owner. Else some may be kept, and to ask again is harmless
 * @param detail one line for people; empty if all went well
 */
public record RestoreOutcome(@Nullable Failure failure, String detail) {
    public static final RestoreOutcome KEPT = new RestoreOutcome(null, "");
}
