package dev.gramme.version;

/**
 * Hybrid logical clock: 48 bits of wall-clock milliseconds, 16 bits of a logical count, in one comparable long (Kulkarni et al.
 * 2014, "Logical Physical Clocks"). Not thread-safe: one per serial loop.
 */
public final class HybridLogicalClock {
    /** A reading further ahead than this of our own clock is not followed, so that one broken clock cannot carry all others away. */
    public static final long MAX_DRIFT_MILLIS = 3_600_000;

    static final int LOGICAL_BITS = 16;

    private long last;

    /** A reading above every earlier one and above every one observed. */
    public long tick(long wallMillis) {
        last = Math.max(last + 1, wallMillis << LOGICAL_BITS);
        return last;
    }

    /**
     * A reading for a write that has seen versions up to {@code seen}: above every earlier reading and above {@code seen}, even if
     * that is too far ahead to be followed. Then only this reading is ahead, not the clock. Last-write-wins rests on it: a version that
     * replaces another is later than it (see {@link VersionSet#put}).
     *
     * @param seen the highest time among the versions that the writer, or the state it writes to, has; 0 if none
     */
    public long tickAfter(long seen, long wallMillis) {
        observe(seen, wallMillis);
        return Math.max(tick(wallMillis), seen + 1);
    }

    /** Takes note of another node's reading. */
    public void observe(long time, long wallMillis) {
        if (millis(time) <= wallMillis + MAX_DRIFT_MILLIS) {
            last = Math.max(last, time);
        }
    }

    /** The wall-clock part of a reading, in milliseconds since the epoch. */
    public static long millis(long time) {
        return time >>> LOGICAL_BITS;
    }
}
