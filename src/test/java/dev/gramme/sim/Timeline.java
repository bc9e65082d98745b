package dev.gramme.sim;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Simulated time: what is to happen, in the order of its time, and of its making where times are equal. */
final class Timeline {
    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000_000_000;

    private record Entry(long atNanos, long sequence, Runnable action) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparingLong(Entry::atNanos).thenComparingLong(Entry::sequence));
    private long nowNanos;
    private long sequence;

    /** Since the world began. */
    long nowNanos() {
        return nowNanos;
    }

    void after(long delayNanos, Runnable action) {
        entries.add(new Entry(nowNanos + Math.max(0, delayNanos), sequence++, action));
    }

    void at(long atNanos, Runnable action) {
        after(atNanos - nowNanos, action);
    }

    /** Lets everything up to this time happen; then it is this time. */
    void runUntil(long untilNanos) {
        while (!entries.isEmpty() && entries.peek().atNanos() <= untilNanos) {
            Entry next = entries.poll();
            nowNanos = next.atNanos();
            next.action().run();
        }
        nowNanos = Math.max(nowNanos, untilNanos);
    }
}
