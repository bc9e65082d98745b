package dev.gramme.transport;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** So many of something in each second, and no more. Not thread-safe. */
final class Allowance {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private final LongSupplier nanos;
    private long secondEndsNanos;
    private int left;

    Allowance(int perSecond, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.nanos = nanos;
        this.secondEndsNanos = nanos.getAsLong();
    }

    /** @return false if this second's are used up */
    boolean take() {
        long now = nanos.getAsLong();
        if (now - secondEndsNanos >= 0) {
            secondEndsNanos = now + SECOND_NANOS;
            left = perSecond;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
