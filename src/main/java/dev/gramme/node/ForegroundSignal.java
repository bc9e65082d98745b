package dev.gramme.node;

/**
 * One of the things by which clients feel background work: what is usual without it, and how often it was much more in the window under way. Not thread-safe.
 *
 * <p>Usual is the 99th percentile of some thousand samples taken while it was quiet, by counts in buckets that grow by a fifth. Counts are halved now and then, so
 * that a slow start of the process is forgotten.
 */
final class ForegroundSignal {
    /** With fewer quiet samples nobody knows what is usual. */
    static final int LEAST_SAMPLES = 100;
    /** With as many, all counts are halved. */
    static final int MOST_SAMPLES = 4_096;

    /** Slow is so many times the usual 99th percentile. */
    private static final int SLOW_TIMES = 2;

    private static final int BUCKETS_A_DOUBLING = 4;

    private final Foreground what;
    private final int[] quiet = new int[Long.SIZE * BUCKETS_A_DOUBLING];
    private int quietSamples;
    private long quick;
    private long slow;
    private long allSlow;
    private boolean isAny;
    private long lastNanos;

    ForegroundSignal(Foreground what) {
        this.what = what;
    }

    void felt(long sample, boolean isQuiet, long nowNanos) {
        isAny = true;
        lastNanos = nowNanos;
        if (isQuiet) {
            usual(sample);
        } else if (sample > limit()) {
            slow++;
            allSlow++;
        } else {
            quick++;
        }
    }

    private void usual(long sample) {
        quiet[bucketOf(sample)]++;
        quietSamples++;
        if (quietSamples >= MOST_SAMPLES) {
            quietSamples = 0;
            for (int bucket = 0; bucket < quiet.length; bucket++) {
                quiet[bucket] /= 2;
                quietSamples += quiet[bucket];
            }
        }
    }

    private static int bucketOf(long sample) {
        long value = Math.max(BUCKETS_A_DOUBLING, sample);
        int doublings = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
        int part = (int) (value >> (doublings - 2)) & (BUCKETS_A_DOUBLING - 1);
        return doublings * BUCKETS_A_DOUBLING + part;
    }

    private static long mostIn(int bucket) {
        int doublings = bucket / BUCKETS_A_DOUBLING;
        int part = bucket % BUCKETS_A_DOUBLING;
        return ((long) (BUCKETS_A_DOUBLING + part + 1) << (doublings - 2)) - 1;
    }

    /** About the 99th percentile of quiet samples; 0 while there are too few to say. */
    long quietTail() {
        if (quietSamples < LEAST_SAMPLES) {
            return 0;
        }
        int above = quietSamples / 100;
        int bucket = quiet.length;
        while (above >= 0) {
            bucket--;
            above -= quiet[bucket];
        }
        return mostIn(bucket);
    }

    /** What is more is slow. */
    long limit() {
        return quietSamples < LEAST_SAMPLES
                ? what.firstLimit
                : Math.clamp(SLOW_TIMES * quietTail(), what.leastLimit, what.mostLimit);
    }

    /** Slow samples since the start, beside background work. */
    long slowOnes() {
        return allSlow;
    }

    /** Whether one came in this time. */
    boolean isPresent(long nowNanos, long withinNanos) {
        return isAny && nowNanos - lastNanos < withinNanos;
    }

    /** Of the window: 1 for each that was not slow, and as much less for a slow one as others must make good for it. Ends the window. */
    long takeScore(int slowOneCosts) {
        long score = quick - slowOneCosts * slow;
        quick = 0;
        slow = 0;
        return score;
    }

    /** Whether one was slow in the window under way. */
    boolean isSlow() {
        return slow > 0;
    }
}
