package dev.gramme.version;

import java.util.Comparator;

/**
 * One version of a key.
 *
 * @param dot the write event that made it
 * @param time hybrid logical clock reading of the coordinator, see {@link HybridLogicalClock}
 * @param contiguous whether its writer had seen all that the same actor had minted of the key before: then a context that covers this dot claims
 *     nothing that the writer has not seen ({@link #after}). So a retry can be told the same as the first attempt
 */
public record Version(Dot dot, long time, Content content, boolean contiguous) {
    /** One whose writer may be told only what it had seen. */
    public Version(Dot dot, long time, Content content) {
        this(dot, time, content, false);
    }

    /** Any order of versions that bear one dot, so long as it is the same at every node and leaves none equal that are not: the later first, as where the last write wins. */
    private static final Comparator<Version> OF_ONE_DOT = Comparator.comparingLong(Version::time)
            .thenComparing(Version::content)
            .thenComparing(Version::contiguous);

    /** This, or the other one of the same dot. They are equal, or one of them was altered. */
    Version orOther(Version other) {
        return OF_ONE_DOT.compare(this, other) >= 0 ? this : other;
    }

    Version at(long otherTime) {
        return new Version(dot, otherTime, content, contiguous);
    }

    /**
     * This version, known to be {@link #contiguous} or not. If its actor minted earlier versions of the key that the writer has not seen, no context can
     * cover the one and not the others: then the writer has to read before it can replace what it wrote.
     *
     * @param seen the writer's context
     * @param context of the coordinator's state right before the put: it covers all that the actor minted
     */
    public Version after(CausalContext seen, CausalContext context) {
        boolean all = seen.counterOf(dot.actor()) >= context.counterOf(dot.actor());
        return all == contiguous ? this : new Version(dot, time, content, all);
    }

    /** What its writer has seen once it is written, if that had seen {@code seen} before. */
    public CausalContext seenByWriter(CausalContext seen) {
        return contiguous ? seen.with(dot) : seen;
    }

    /** Order of last-write-wins: by time, ties by dot. */
    public boolean isLaterThan(Version other) {
        return time != other.time ? time > other.time : dot.compareTo(other.dot) > 0;
    }
}
