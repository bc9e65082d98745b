package dev.gramme.antientropy;

/**
 * What the collection of deletes may take.
 *
 * @param ageMillis younger deletes, and values that have expired for less, are not collected: a client may still retry what it wrote before. Necessary, never
 *     sufficient
 * @param pauseMillis between two passes over what is held
 * @param pageMillis between two pages of a pass
 * @param setAsideBytes of states that stay in the one record by which a partition is set aside, and as many of hints
 */
public record CollectionBounds(long ageMillis, int pauseMillis, int pageMillis, long setAsideBytes) {
    /** As long as {@link dev.gramme.version.ReplacedWrites} knows a retry again. */
    public static final long DEFAULT_AGE_MILLIS = 86_400_000L;

    /** However much may wait for the log. */
    public static final long MOST_SET_ASIDE_BYTES = 4 << 20;

    /** Of what may wait for the log: a record of both halves takes a third of that at most, but for one large state. */
    private static final int SHARE_OF_QUEUE = 6;

    /** An age that nothing reaches. */
    static final long NEVER = Long.MAX_VALUE / 4;

    public static final CollectionBounds DEFAULT = new CollectionBounds(DEFAULT_AGE_MILLIS, 600_000, 50);

    /** @throws IllegalArgumentException if a bound is nonsense */
    public CollectionBounds {
        if (ageMillis < 0 || pauseMillis < 1 || pageMillis < 1 || setAsideBytes < 1) {
            throw new IllegalArgumentException(
                    "deletes are collected after 0 or more milliseconds, with 1 or more between passes and pages, and 1 byte or more set aside at once; not "
                            + ageMillis + ", " + pauseMillis + ", " + pageMillis + ", " + setAsideBytes);
        }
    }

    /** With the most in a record. */
    public CollectionBounds(long ageMillis, int pauseMillis, int pageMillis) {
        this(ageMillis, pauseMillis, pageMillis, MOST_SET_ASIDE_BYTES);
    }

    /** Records that find room in a busy log's queue: one that is refused again and again would leave what is too old where it is. */
    public CollectionBounds withQueue(long queuedBytes) {
        return new CollectionBounds(
                ageMillis, pauseMillis, pageMillis, Math.clamp(queuedBytes / SHARE_OF_QUEUE, 1, MOST_SET_ASIDE_BYTES));
    }

    /** Whether nothing is collected here, ever: then this node asks nobody, waits for nobody, and takes part in no round of others. */
    public boolean isOff() {
        return ageMillis == NEVER;
    }

    /**
     * Passes follow each other no later than deletes grow old.
     *
     * @param millis 0: nothing is collected, ever
     */
    public CollectionBounds withAge(long millis) {
        if (millis == 0) {
            return new CollectionBounds(NEVER, pauseMillis, pageMillis, setAsideBytes);
        }
        return new CollectionBounds(millis, Math.clamp(millis, 1, pauseMillis), pageMillis, setAsideBytes);
    }
}
