package dev.gramme.version;

/**
 * One version of a key.
 *
 * @param dot the write event that made it
 * @param time hybrid logical clock reading of the coordinator, see {@link HybridLogicalClock}
 */
public record Version(Dot dot, long time, Content content) {
    Version at(long otherTime) {
        return new Version(dot, otherTime, content);
    }

    /** Order of last-write-wins: by time, ties by dot. */
    public boolean isLaterThan(Version other) {
        return time != other.time ? time > other.time : dot.compareTo(other.dot) > 0;
    }
}
