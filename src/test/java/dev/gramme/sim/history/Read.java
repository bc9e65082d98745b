package dev.gramme.sim.history;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.GetOutcome;
import org.jspecify.annotations.Nullable;

/**
 * One get.
 *
 * @param r replies asked for, the bucket's default already filled in
 * @param owed as in {@link Write.Attempt}
 * @param outcome null if the client gave up waiting
 */
public record Read(
        String client,
        Key key,
        NodeId asked,
        int r,
        boolean strict,
        long invokedNanos,
        long answeredNanos,
        boolean owed,
        @Nullable GetOutcome outcome) {}
