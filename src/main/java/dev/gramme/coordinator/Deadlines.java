package dev.gramme.coordinator;

import java.util.Arrays;

/**
 * A binary heap of (time, operation id), earliest first. It holds ids and not operations: one that has ended is garbage at once, and its
 * entry is dropped when its time comes.
 */
final class Deadlines {
    private long[] atNanos = new long[64];
    private long[] ids = new long[64];
    private int size;

    void add(long nanos, long id) {
        if (size == ids.length) {
            atNanos = Arrays.copyOf(atNanos, size * 2);
            ids = Arrays.copyOf(ids, size * 2);
        }
        int hole = size++;
        while (hole > 0) {
            int parent = (hole - 1) / 2;
            if (atNanos[parent] <= nanos) {
                break;
            }
            atNanos[hole] = atNanos[parent];
            ids[hole] = ids[parent];
            hole = parent;
        }
        atNanos[hole] = nanos;
        ids[hole] = id;
    }

    boolean isDue(long nowNanos) {
        return size > 0 && atNanos[0] <= nowNanos;
    }

    /** Removes the earliest and returns its id. */
    long poll() {
        long first = ids[0];
        size--;
        long nanos = atNanos[size];
        long id = ids[size];
        int hole = 0;
        while (2 * hole + 1 < size) {
            int child = 2 * hole + 1;
            if (child + 1 < size && atNanos[child + 1] < atNanos[child]) {
                child++;
            }
            if (nanos <= atNanos[child]) {
                break;
            }
            atNanos[hole] = atNanos[child];
            ids[hole] = ids[child];
            hole = child;
        }
        atNanos[hole] = nanos;
        ids[hole] = id;
        return first;
    }
}
