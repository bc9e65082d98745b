package dev.gramme.sim;

import dev.gramme.version.Now;

/** What one node believes the time to be. */
final class NodeClock {
    /** 2026-01-01T00:00:00Z, so that hybrid clocks have a real size. */
    private static final long EPOCH_MILLIS = 1_767_225_600_000L;

    private final Timeline timeline;
    private long monotonicOffsetNanos;
    private long wallOffsetMillis;
    private double wallRate = 1.0;

    NodeClock(Timeline timeline) {
        this.timeline = timeline;
    }

    Now now() {
        long nanos = timeline.nowNanos();
        return new Now(
                nanos + monotonicOffsetNanos,
                EPOCH_MILLIS + wallOffsetMillis + (long) (nanos * wallRate / Timeline.MILLI));
    }

    /** How far ahead of the true time the wall clock is; below zero if it is behind. */
    long aheadMillis() {
        return now().wallMillis() - EPOCH_MILLIS - timeline.nowNanos() / Timeline.MILLI;
    }

    /** A process's monotonic clock starts anywhere, below zero too, and elsewhere after each start. */
    void processStarted(long offsetNanos) {
        monotonicOffsetNanos = offsetNanos;
    }

    void skew(long offsetMillis, double rate) {
        wallOffsetMillis = offsetMillis;
        wallRate = rate;
    }

    void jump(long millis) {
        wallOffsetMillis += millis;
    }
}
