package dev.gramme.handoff;

/**
 * What may be kept for an owner that is away. Where a bound is met, what is kept is told to all the other owners of the key instead, and forgotten: {@link HintRetirement}.
 *
 * @param bytesPerOwner of hints, about
 * @param ageMillis when hints have waited for so long for an owner that was away all the time, it is not waited for any more. A keeper that restarts counts anew
 */
public record HintBounds(long bytesPerOwner, long ageMillis) {
    public static final long DEFAULT_BYTES_PER_OWNER = 1L << 30;
    public static final long DEFAULT_AGE_MILLIS = 86_400_000;
    public static final HintBounds DEFAULT = new HintBounds(DEFAULT_BYTES_PER_OWNER, DEFAULT_AGE_MILLIS);

    /** @throws IllegalArgumentException if one is nonsense */
    public HintBounds {
        if (bytesPerOwner < 1 || ageMillis < 1) {
            throw new IllegalArgumentException("hints for an owner take 1 byte or more and are kept for 1 millisecond"
                    + " or more; not " + bytesPerOwner + " and " + ageMillis);
        }
    }
}
