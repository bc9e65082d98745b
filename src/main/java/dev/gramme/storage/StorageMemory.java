package dev.gramme.storage;

/**
 * How much of the heap a node's storage may fill. By default shares of the largest heap there may be: a node in a small container takes a bulk load slowly,
 * or refuses some of it, and one with more memory uses it.
 *
 * @param stateCacheBytes decoded states, of all loops together
 * @param pageCacheBytes pages of all partition stores together. MVStore counts in megabytes a store: with less than one for each they have none, and
 *     the operating system's cache alone is asked
 * @param unappliedBytes states that the stores do not hold yet: beyond, writes are refused. What the log refused a place in its queue stays in memory all the
 *     same, so its waiting alone bounds nothing
 * @param queuedBytes encoded mutations that wait for the log: beyond, a persist is told FULL at once
 */
public record StorageMemory(long stateCacheBytes, long pageCacheBytes, long unappliedBytes, long queuedBytes) {
    private static final long MEGABYTE = 1 << 20;
    private static final long LEAST_SEGMENT_BYTES = 4 * MEGABYTE;
    private static final long MOST_SEGMENT_BYTES = 32 * MEGABYTE;
    private static final long MOST_QUEUED_BYTES = 256 * MEGABYTE;

    public StorageMemory {
        if (stateCacheBytes < 0 || pageCacheBytes < 0 || unappliedBytes < 1 || queuedBytes < 1) {
            throw new IllegalArgumentException("caches can't be negative, unapplied states and queue take 1 byte or"
                    + " more; not " + stateCacheBytes + ", " + pageCacheBytes + ", " + unappliedBytes + ", "
                    + queuedBytes);
        }
    }

    /** @param heapBytes the most that the heap may come to: {@link Runtime#maxMemory} */
    public static StorageMemory ofHeap(long heapBytes) {
        return new StorageMemory(
                heapBytes / 8,
                heapBytes / 8,
                Math.max(1, heapBytes * 3 / 16),
                Math.clamp(heapBytes / 16, 1, MOST_QUEUED_BYTES));
    }

    /** A log's segment: four of them may wait in memory before the log waits, which is less than what {@link #ofHeap} lets be unapplied. */
    public static long segmentBytes(long heapBytes) {
        return Math.clamp(heapBytes / 32, LEAST_SEGMENT_BYTES, MOST_SEGMENT_BYTES);
    }

    /** Of one of {@code stores}. */
    int pageCacheMegabytes(int stores) {
        return (int) Math.min(Integer.MAX_VALUE, pageCacheBytes / MEGABYTE / stores);
    }
}
