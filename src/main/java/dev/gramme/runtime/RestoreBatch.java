package dev.gramme.runtime;

import dev.gramme.node.RestoreOutcome;
import dev.gramme.wire.Failure;
import dev.gramme.wire.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** States from a backup, handed each to the loop of its partition; and one answer when all loops have answered. */
record RestoreBatch(Assembly node) {
    /**
     * Hints waiting at this node, for whomever, with which it takes no more from a backup: a restore keeps a hint for every other owner of every key, and goes no faster than
     * they are delivered.
     */
    static final long MAX_WAITING_HINTS = 50_000;

    void restore(long stamp, List<Message.RangeEntry> records, Consumer<RestoreOutcome> done) {
        long waiting = node.hints().values().stream().mapToLong(Long::longValue).sum();
        if (waiting > MAX_WAITING_HINTS) {
            done.accept(new RestoreOutcome(
                    Failure.OVERLOADED,
                    waiting + " hints wait for other nodes, more than " + MAX_WAITING_HINTS
                            + ": a restore goes on when they are delivered"));
            return;
        }
        Map<PlaneLoop, List<Message.RangeEntry>> byLoop = new LinkedHashMap<>();
        for (Message.RangeEntry each : records) {
            byLoop.computeIfAbsent(node.planeOf(each.key()), loop -> new ArrayList<>())
                    .add(each);
        }
        if (byLoop.isEmpty()) {
            done.accept(RestoreOutcome.KEPT);
            return;
        }
        AtomicInteger left = new AtomicInteger(byLoop.size());
        AtomicReference<RestoreOutcome> worst = new AtomicReference<>(RestoreOutcome.KEPT);
        byLoop.forEach((loop, own) -> loop.restore(stamp, own, outcome -> {
            if (!outcome.isKept()) {
                worst.updateAndGet(before -> before.outdated() ? before : outcome);
            }
            if (left.decrementAndGet() == 0) {
                done.accept(worst.get());
            }
        }));
    }
}
