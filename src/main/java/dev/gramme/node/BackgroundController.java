package dev.gramme.node;

import dev.gramme.wire.Admission;
import dev.gramme.wire.BackgroundWork;

/**
 * Admits background work by slices, as many bytes a second as clients do not feel: the admission controller of the paper's 6.5, one for a whole node. Not thread-safe.
 *
 * <p>What clients feel is the time from a request to its answer: slow is what takes more than twice the 99th percentile of quiet times, those without background work. How
 * late the loops' ticks come tells of their queues and processors besides. As TCP does with congestion: something slow halves the rate, at most once a
 * window; each answer that is not slow raises it a little, so that about one answer in a hundred is slow where the rate stays. Where no client has asked for a
 * while, each window without a late tick raises it by half. It never falls to nothing: work that is put off for good ends in more of it.
 */
public final class BackgroundController implements BackgroundControl, Admission {
    static final double LEAST_BYTES_PER_SECOND = 1 << 20;
    static final double FIRST_BYTES_PER_SECOND = 4 << 20;
    static final double MOST_BYTES_PER_SECOND = 64 << 20;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long WINDOW_NANOS = SECOND_NANOS / 4;
    /** Without a slice for so long it is quiet, and the next slices begin at the first rate. */
    private static final long QUIET_NANOS = 2 * SECOND_NANOS;
    /** Nobody feels less. */
    private static final long LEAST_LIMIT_NANOS = SECOND_NANOS / 100;
    /** However slow it is when it is quiet. */
    private static final long MOST_LIMIT_NANOS = SECOND_NANOS / 2;

    /** A tick that comes later than this is slow. */
    private static final long LATE_TICK_NANOS = SECOND_NANOS / 50;

    private static final long CREDIT_NANOS = SECOND_NANOS / 100;
    /** Of a window without clients. */
    private static final double RAISE = 1.5;
    /** Of an answer: about a hundred of them make good for one that was slow. */
    private static final double RAISE_BY_ANSWER = 1.007;
    /** Without an answer for so long no client is there. */
    private static final long ALONE_NANOS = SECOND_NANOS;

    private final QuietTail quiet = new QuietTail();
    private double perSecond = FIRST_BYTES_PER_SECOND;
    private boolean started;
    private long nextSliceNanos;
    private long lastSliceNanos;
    private long lastAnswerNanos;
    private long windowNanos;
    /** Something was, in this window. */
    private boolean slow;

    private void start(long nowNanos) {
        if (!started) {
            started = true;
            nextSliceNanos = nowNanos;
            lastSliceNanos = nowNanos - QUIET_NANOS;
            lastAnswerNanos = nowNanos;
            windowNanos = nowNanos;
        }
    }

    /** All kinds of work have one pace. */
    @Override
    public Admission of(BackgroundWork work) {
        return this;
    }

    @Override
    public void answered(long nanos, long nowNanos) {
        start(nowNanos);
        lastAnswerNanos = nowNanos;
        if (isQuiet(nowNanos)) {
            quiet.add(nanos);
        } else if (nanos > limitNanos()) {
            slow();
        } else {
            raise(RAISE_BY_ANSWER);
        }
    }

    @Override
    public void ticked(long lateNanos, long nowNanos) {
        start(nowNanos);
        if (isQuiet(nowNanos)) {
            perSecond = FIRST_BYTES_PER_SECOND;
        } else if (lateNanos > LATE_TICK_NANOS) {
            slow();
        }
        if (nowNanos - windowNanos >= WINDOW_NANOS) {
            if (!slow && !isQuiet(nowNanos) && nowNanos - lastAnswerNanos >= ALONE_NANOS) {
                raise(RAISE);
            }
            slow = false;
            windowNanos = nowNanos;
        }
    }

    private void raise(double times) {
        perSecond = Math.min(MOST_BYTES_PER_SECOND, perSecond * times);
    }

    private void slow() {
        if (!slow) {
            perSecond = Math.max(LEAST_BYTES_PER_SECOND, perSecond / 2);
        }
        slow = true;
    }

    private boolean isQuiet(long nowNanos) {
        return nowNanos - lastSliceNanos >= QUIET_NANOS;
    }

    /** What takes longer is slow. */
    long limitNanos() {
        return Math.clamp(2 * quiet.nanos(), LEAST_LIMIT_NANOS, MOST_LIMIT_NANOS);
    }

    /** Bytes, as of now. */
    double perSecond() {
        return perSecond;
    }

    @Override
    public boolean isOpen(long nowNanos) {
        start(nowNanos);
        return nowNanos - nextSliceNanos >= 0;
    }

    @Override
    public void took(long bytes, long nowNanos) {
        start(nowNanos);
        lastSliceNanos = nowNanos;
        // A tick's worth of what was not used may be made up for: that often it is asked.
        long from = Math.max(nextSliceNanos, nowNanos - CREDIT_NANOS);
        nextSliceNanos = from + (long) (bytes * (double) SECOND_NANOS / perSecond);
    }

    /** About the 99th percentile, in one number: up by 99 small steps for what is above it, down by one for what is below. */
    private static final class QuietTail {
        private static final double STEP = 0.002;

        private double nanos = LEAST_LIMIT_NANOS / 2.0;

        void add(long sample) {
            nanos *= sample > nanos ? 1 + 99 * STEP : 1 - STEP;
        }

        long nanos() {
            return (long) nanos;
        }
    }
}
