package dev.gramme.runtime;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A node that stops holds writes for others: while it is away nobody could deliver them. So it waits for as long as the loops still deliver some; those
 * for owners that are away stay on its disk, and go out when it is back.
 *
 * @param hints how many wait, by owner
 */
record LastHints(Supplier<SortedMap<NodeId, Long>> hints, Supplier<View> view, long deadlineNanos) {
    private static final long LOOK_EVERY_MILLIS = 20;
    /** No hint delivered for so long: their owners do not take them. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    void await() {
        long before = deliverable();
        long progressNanos = System.nanoTime();
        while (before > 0
                && System.nanoTime() - deadlineNanos < 0
                && System.nanoTime() - progressNanos < PATIENCE_NANOS) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            long left = deliverable();
            if (left < before) {
                progressNanos = System.nanoTime();
            }
            before = left;
        }
    }

    /** For owners that are up, as this node sees it. */
    private long deliverable() {
        View now = view.get();
        long deliverable = 0;
        for (var owner : hints.get().entrySet()) {
            deliverable += now.isWritable(owner.getKey()) ? owner.getValue() : 0;
        }
        return deliverable;
    }
}
