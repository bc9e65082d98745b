package dev.gramme.antientropy;

/**
 * What the collection of deletes may take.
 *
 * @param ageMillis younger deletes, and values that have expired for less, are not collected: a client may still retry what it wrote before. Necessary, never
 *     sufficient
 * @param pauseMillis between two passes over what is held
 * @param pageMillis between two pages of a pass
 */
public record CollectionBounds(long ageMillis, int pauseMillis, int pageMillis) {
    /** As long as {@link dev.gramme.version.ReplacedWrites} knows a retry again. */
    public static final long DEFAULT_AGE_MILLIS = 86_400_000L;

    /** An age that nothing reaches. */
    static final long NEVER = Long.MAX_VALUE / 4;

    public static final CollectionBounds DEFAULT = new CollectionBounds(DEFAULT_AGE_MILLIS, 600_000, 50);

    /** @throws IllegalArgumentException if a bound is nonsense */
    public CollectionBounds {
        if (ageMillis < 0 || pauseMillis < 1 || pageMillis < 1) {
            throw new IllegalArgumentException(
                    "deletes are collected after 0 or more milliseconds, with 1 or more between passes and pages; not "
                            + ageMillis + ", " + pauseMillis + ", " + pageMillis);
        }
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
            return new CollectionBounds(NEVER, pauseMillis, pageMillis);
        }
        return new CollectionBounds(millis, Math.clamp(millis, 1, pauseMillis), pageMillis);
    }
}
