package dev.gramme.transport;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long after each failure up to a bound, and less up to half of it by chance, so that the peers of
 * a node that comes back do not all come at once.
 */
final class Backoff {
    private final int minMillis;
    private final int maxMillis;
    private final RandomGenerator random;
    private int nextMillis;

    Backoff(int minMillis, int maxMillis, RandomGenerator random) {
        this.minMillis = minMillis;
        this.maxMillis = maxMillis;
        this.random = random;
        this.nextMillis = minMillis;
    }

    /** At least 1. */
    int nextMillis() {
        int whole = nextMillis;
        nextMillis = (int) Math.min(2L * whole, maxMillis);
        return Math.max(1, whole - random.nextInt(whole / 2 + 1));
    }

    void reset() {
        nextMillis = minMillis;
    }
}
