package dev.gramme.wire;

/**
 * Lets so many bytes a second through: a token bucket, kept as the time from which on the next may pass (the generic cell rate algorithm). What a request
 * will bring is taken when it is sent, and put right when it has come.
 */
public final class Throttle {
    /** What was not used may be made up for: ticks are coarse. */
    static final long CREDIT_NANOS = 50_000_000;

    private static final double NANOS_PER_SECOND = 1e9;

    private final long bytesPerSecond;
    private boolean begun;
    private long freeNanos;

    /** @param bytesPerSecond 0 for no bound */
    public Throttle(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    public boolean isOpen(long nowNanos) {
        return bytesPerSecond == 0 || !begun || nowNanos - freeNanos >= 0;
    }

    public void take(long bytes, long nowNanos) {
        if (bytesPerSecond == 0) {
            return;
        }
        if (!begun || nowNanos - freeNanos > CREDIT_NANOS) {
            freeNanos = nowNanos - (begun ? CREDIT_NANOS : 0);
            begun = true;
        }
        freeNanos += nanosOf(bytes);
    }

    /** Of what was taken, {@code bytes} did not come; or, below 0, as many more. */
    public void giveBack(long bytes) {
        if (bytesPerSecond > 0) {
            freeNanos -= nanosOf(bytes);
        }
    }

    private long nanosOf(long bytes) {
        return (long) (bytes * NANOS_PER_SECOND / bytesPerSecond);
    }
}
