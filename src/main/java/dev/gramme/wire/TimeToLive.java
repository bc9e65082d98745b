package dev.gramme.wire;

/**
 * How long a value lives, in whole seconds: what a request asks for ({@link RequestOptions}), else what its bucket says ({@link BucketProperties}).
 *
 * <p>The node that mints a version adds it to its wall clock, once; from then on only the sum travels. Readers hold that against their own clocks. So a
 * value is shown for as much longer, or less, as the reader's clock and the minting node's are apart, and that is the whole error: clocks kept by NTP are
 * some milliseconds apart, and {@link dev.gramme.version.HybridLogicalClock#MAX_DRIFT_MILLIS} is where this program stops to follow another's clock.
 */
public final class TimeToLive {
    /** A request asks for nothing: its bucket's holds. */
    public static final int OF_BUCKET = 0;
    /** A request asks for a value that never expires, whatever its bucket says. */
    public static final int UNLIMITED = Integer.MAX_VALUE;
    /** Ten years of 365 days. */
    public static final int MAX_SECONDS = 315_360_000;

    private static final long MILLIS = 1_000;

    private TimeToLive() {}

    /** Whether this can be a bucket's: 0 for values that never expire, else 1 second to {@link #MAX_SECONDS}. */
    public static boolean isOfBucket(int seconds) {
        return seconds >= 0 && seconds <= MAX_SECONDS;
    }

    /** Whether a request may ask for this. */
    public static boolean isAskable(int seconds) {
        return isOfBucket(seconds) || seconds == UNLIMITED;
    }

    /**
     * When what is written now expires.
     *
     * @param asked by the request
     * @param ofBucket 0 if its values never expire
     * @return milliseconds since the epoch; 0 for never
     */
    public static long expiresMillis(int asked, int ofBucket, long wallMillis) {
        int seconds = asked == OF_BUCKET ? ofBucket : asked;
        // A clock that stands before 1970 must not make "never" of what was asked to expire.
        return seconds == 0 || seconds == UNLIMITED ? 0 : Math.max(1, wallMillis + seconds * MILLIS);
    }
}
