package dev.gramme.membership;

/** Notices that this process did not run for a while. */
final class Pulse {
    /** Ticks come every few milliseconds: what is later than that says that we did not listen. */
    private static final long LATE_NANOS = 150_000_000L;

    private final long pauseNanos;
    private long lastNanos;

    Pulse(Timings timings, long nowNanos) {
        pauseNanos = Timings.nanos(timings.pauseMillis());
        lastNanos = nowNanos;
    }

    /** For how long we did not run; 0 if that is not worth a word. */
    long gapNanos(long nowNanos) {
        long gap = nowNanos - lastNanos;
        lastNanos = nowNanos;
        return gap > LATE_NANOS ? gap : 0;
    }

    boolean isPause(long gapNanos) {
        return gapNanos > pauseNanos;
    }
}
