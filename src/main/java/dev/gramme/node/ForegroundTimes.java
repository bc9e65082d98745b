package dev.gramme.node;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one plane tells the controller of background work: how long its clients wait, and how late its ticks come. Not thread-safe. */
final class ForegroundTimes {
    private static final long TICK_NANOS = DataPlane.TICK_MILLIS * 1_000_000L;

    private final BackgroundControl control;
    private final Map<Long, Long> begun = new HashMap<>();
    private long lastTickNanos;
    private boolean ticked;

    ForegroundTimes(BackgroundControl control) {
        this.control = control;
    }

    /** A client asks. */
    void asked(long request, long nowNanos) {
        begun.put(request, nowNanos);
    }

    /** What an event led to: answers to clients, among others. */
    void done(List<Effect> effects, long nowNanos) {
        for (int i = 0; i < effects.size(); i++) {
            if (effects.get(i) instanceof Effect.PutDone put) {
                answered(put.request(), nowNanos);
            } else if (effects.get(i) instanceof Effect.GetDone get) {
                answered(get.request(), nowNanos);
            }
        }
    }

    private void answered(long request, long nowNanos) {
        Long since = begun.remove(request);
        if (since != null) {
            control.answered(nowNanos - since, nowNanos);
        }
    }

    void tick(long nowNanos) {
        control.ticked(ticked ? Math.max(0, nowNanos - lastTickNanos - TICK_NANOS) : 0, nowNanos);
        ticked = true;
        lastTickNanos = nowNanos;
    }
}
