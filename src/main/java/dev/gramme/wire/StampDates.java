package dev.gramme.wire;

import dev.gramme.version.HybridLogicalClock;

/**
 * When what was forgotten up to a {@linkplain Stamps stamp} had been made. A stamp begins with seconds since 1970: a collection forgets nothing that was made later than its stamp's, and
 * each is higher than all that its leader has heard of; so nothing that was ever forgotten up to a stamp was made later than that stamp's seconds. Where rounds follow each other faster than
 * one a second, for one partition, they run ahead of what they forget, and of nothing else.
 *
 * <p>So the date of a backup is as good as a stamp, if the backup has all that was made before that date: {@link #ofBackup}.
 */
public final class StampDates {
    /**
     * No clock of a cluster is further behind another than that, and nothing that was made so long ago is in a message or in a request that is under way alone: it is on a disk, or lost. As
     * far as one clock follows another ({@link HybridLogicalClock}).
     */
    public static final long CLOCK_MARGIN_MILLIS = HybridLogicalClock.MAX_DRIFT_MILLIS;

    /** Below the seconds: what makes a stamp one that no other round has. */
    public static final int UNIQUE_BITS = 27;

    private static final int MILLIS = 1_000;

    private StampDates() {}

    /**
     * The stamp of a round.
     *
     * @param highest that was heard of
     * @param latestMillis nothing that it may forget was made later
     * @param mixed another one for each round: its first bits are taken
     */
    public static long next(long highest, long latestMillis, long mixed) {
        long seconds = Math.max((highest >> UNIQUE_BITS) + 1, Math.floorDiv(latestMillis, MILLIS) + 1);
        return seconds << UNIQUE_BITS | mixed >>> (Long.SIZE - UNIQUE_BITS);
    }

    /**
     * The stamp that a backup is no older than if all members gave what they had, and none had forgotten what another one still had. It holds all deletes that were made a margin before it,
     * so it can lack none that was, or ever will be, forgotten up to that stamp.
     *
     * @param wallMillis the earliest time at which any of it was read, by the clock of the member that gave it
     */
    public static long ofBackup(long wallMillis) {
        return Math.max(0, Math.floorDiv(wallMillis - CLOCK_MARGIN_MILLIS, MILLIS)) << UNIQUE_BITS;
    }
}
