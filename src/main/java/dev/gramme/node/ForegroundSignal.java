package dev.gramme.node;

import java.util.Arrays;

/**
 * One of the things by which clients feel background work: what is usual without it, and how often it was much more in the window under way. Not thread-safe.
 *
 * <p>Usual is the 99th percentile of the last half minute in which it was quiet, or of some hundred samples where that is longer, by counts in buckets that grow by a fifth. What was
 * before is forgotten: a slow start of the process, or a load that has passed.
 */
final class ForegroundSignal {
    /** With fewer quiet samples nobody knows what is usual. */
    static final int LEAST_SAMPLES = 100;
    /** What is remembered is so many times a part of it, which lasts for so long and has so many samples at least. */
    static final int PARTS = 6;

    static final long PART_NANOS = 5_000_000_000L;
    static final int PART_SAMPLES = 50;

    /** So long after it was learnt, what was not learnt in quiet is forgotten: nobody has seen since whether it is still so. */
    static final long BORROWED_NANOS = 300_000_000_000L;

    /** Slow is so many times the usual 99th percentile. */
    private static final int SLOW_TIMES = 2;

    private static final int BUCKETS_A_DOUBLING = 4;

    private final Foreground what;
    /** By part, how many samples fell into each bucket. */
    private final int[][] quiet = new int[PARTS][Long.SIZE * BUCKETS_A_DOUBLING];

    private final int[] samples = new int[PARTS];
    private int part;
    private long partBeganNanos;
    /** As of the last quiet sample; below 0 until it is asked for. */
    private long tail = -1;
    /** What is usual was not learnt in quiet. */
    private boolean borrowed;

    private long borrowedNanos;

    private long quick;
    private long slow;
    private long allSlow;
    private boolean isAny;
    private long lastNanos;

    ForegroundSignal(Foreground what) {
        this.what = what;
    }

    /**
     * @param isQuiet background work has no part in it
     * @param isLeast whether it has or not, there is no less of it: counts as usual where no quiet time has said what is
     */
    void felt(long sample, boolean isQuiet, boolean isLeast, long nowNanos) {
        isAny = true;
        lastNanos = nowNanos;
        if (borrowed && (isQuiet || nowNanos - borrowedNanos >= BORROWED_NANOS)) {
            forget();
        }
        if (isQuiet) {
            usual(sample, nowNanos);
            return;
        }
        if (isLeast && (borrowed || quietTail() == 0)) {
            borrowed = true;
            borrowedNanos = nowNanos;
            usual(sample, nowNanos);
        }
        if (sample > limit()) {
            slow++;
            allSlow++;
        } else {
            quick++;
        }
    }

    private void usual(long sample, long nowNanos) {
        if (samples[part] == 0) {
            partBeganNanos = nowNanos;
        } else if (samples[part] >= PART_SAMPLES && nowNanos - partBeganNanos >= PART_NANOS) {
            part = (part + 1) % PARTS;
            partBeganNanos = nowNanos;
            samples[part] = 0;
            Arrays.fill(quiet[part], 0);
        }
        tail = -1;
        samples[part]++;
        quiet[part][bucketOf(sample)]++;
    }

    private void forget() {
        borrowed = false;
        tail = -1;
        Arrays.fill(samples, 0);
        for (int[] counts : quiet) {
            Arrays.fill(counts, 0);
        }
    }

    private int quietSamples() {
        return Arrays.stream(samples).sum();
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
        if (tail < 0) {
            tail = computedTail();
        }
        return tail;
    }

    private long computedTail() {
        int all = quietSamples();
        if (all < LEAST_SAMPLES) {
            return 0;
        }
        int above = all / 100;
        int bucket = quiet[0].length;
        while (above >= 0) {
            bucket--;
            for (int[] counts : quiet) {
                above -= counts[bucket];
            }
        }
        return mostIn(bucket);
    }

    /** What is more is slow. */
    long limit() {
        long usual = quietTail();
        return usual == 0 ? what.firstLimit : Math.clamp(SLOW_TIMES * usual, what.leastLimit, what.mostLimit);
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

    /** Whether one came in the window under way, beside background work. */
    boolean isAnyInWindow() {
        return quick + slow > 0;
    }

    /** Whether one was slow in the window under way. */
    boolean isSlow() {
        return slow > 0;
    }
}
