package dev.gramme.membership;

/**
 * How far this process trusts itself to have heard what was said: 0 is well; each point stretches its own timeouts by one more of their length
 * (Lifeguard, section IV.A: local health multiplier). Points come from probes that fail without the negative answers that a healthy prober would have
 * heard, from having to refute a suspicion, and from own late ticks; probes that succeed take them away.
 */
final class LocalHealth {
    /** Lifeguard's S. */
    static final int MAX = 8;

    private final boolean counts;
    private int points;

    LocalHealth(Timings timings) {
        counts = timings.lifeguard();
    }

    void better() {
        points = Math.max(0, points - 1);
    }

    void worse(int by) {
        points = counts ? Math.min(MAX, points + by) : 0;
    }

    int points() {
        return points;
    }

    long stretch(long nanos) {
        return nanos * (points + 1);
    }
}
