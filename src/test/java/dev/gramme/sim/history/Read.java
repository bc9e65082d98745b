package dev.gramme.sim.history;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.GetOutcome;
import org.jspecify.annotations.Nullable;

/**
 * One get.
 *
 * @param r replies asked for, the bucket's default already filled in
 * @param aheadAtFirstMillis how far the asked node's wall clock was ahead of the true time when it was asked
 * @param aheadAtLastMillis the same when it had answered
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
        long aheadAtFirstMillis,
        long aheadAtLastMillis,
        boolean owed,
        @Nullable GetOutcome outcome) {}
