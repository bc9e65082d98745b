package dev.gramme.node;

import dev.gramme.coordinator.Turn;
import dev.gramme.replica.Restoration;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.wire.Failure;
import dev.gramme.wire.Probe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Restores under way: each is answered when all that it wrote, or found written and not yet durable, is durable, or can't be. */
final class Restoring {
    private static final class Restore {
        final long request;
        final Set<Long> tokens;

        Restore(long request, Set<Long> tokens) {
            this.request = request;
            this.tokens = tokens;
        }
    }

    private final LocalCopy copy;
    private final Restoration restoration;
    private final Map<Long, List<Restore>> byToken = new HashMap<>();

    Restoring(LocalCopy copy, Restoration restoration) {
        this.copy = copy;
        this.restoration = restoration;
    }

    void restore(Event.Restore event, Turn turn, PlaneEffects out) {
        if (!copy.isWritable()) {
            refuse(event.request(), Failure.STORAGE_FULL, "the disk of this node takes no writes now", out);
            return;
        }
        if (restoration.takesNothing(event.records(), turn.outlook())) {
            refuse(
                    event.request(),
                    Failure.UNAVAILABLE,
                    "this node does not know yet which deletes were forgotten",
                    out);
            return;
        }
        int outdated = restoration.outdated(event.records(), event.stamp(), turn.outlook());
        if (outdated >= 0) {
            String detail = "deletes of partition " + outdated
                    + " were forgotten since these records were read, or are about to be: they may hold what was deleted";
            out.observed(Probe.OUTDATED_REFUSED);
            out.add(new Effect.RestoreDone(event.request(), new RestoreOutcome(null, true, detail)));
            return;
        }
        Set<Long> tokens;
        try {
            tokens = restoration.restore(event.records(), event.stamp(), turn.outlook(), turn.now(), out);
        } catch (StoreBrokenException e) {
            refuse(event.request(), Failure.STORAGE_BROKEN, "a store of this node can't be read", out);
            return;
        }
        if (tokens.isEmpty()) {
            out.add(new Effect.RestoreDone(event.request(), RestoreOutcome.KEPT));
            return;
        }
        Restore restore = new Restore(event.request(), tokens);
        tokens.forEach(
                token -> byToken.computeIfAbsent(token, t -> new ArrayList<>(1)).add(restore));
    }

    void persisted(long token, PlaneEffects out) {
        for (Restore restore : ended(token)) {
            restore.tokens.remove(token);
            if (restore.tokens.isEmpty()) {
                out.add(new Effect.RestoreDone(restore.request, RestoreOutcome.KEPT));
            }
        }
    }

    void persistFailed(long token, boolean full, PlaneEffects out) {
        for (Restore restore : ended(token)) {
            restore.tokens.remove(token);
            restore.tokens.forEach(other -> forget(other, restore));
            refuse(
                    restore.request,
                    full ? Failure.STORAGE_FULL : Failure.STORAGE_BROKEN,
                    full ? "the disk of this node is full" : "the disk of this node failed",
                    out);
        }
    }

    private List<Restore> ended(long token) {
        List<Restore> ended = byToken.isEmpty() ? null : byToken.remove(token);
        return ended == null ? List.of() : ended;
    }

    private void forget(long token, Restore restore) {
        List<Restore> waiting = byToken.get(token);
        if (waiting != null) {
            waiting.remove(restore);
        }
    }

    static void refuse(long request, Failure failure, String detail, PlaneEffects out) {
        out.add(new Effect.RestoreDone(request, new RestoreOutcome(failure, detail)));
    }
}
