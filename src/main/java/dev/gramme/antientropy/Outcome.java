package dev.gramme.antientropy;

/** How an exchange ended. */
public enum Outcome {
    /** Both hold the same. */
    EQUAL(true),
    /** They differed, and hold the same now, but for what was written meanwhile. */
    REPAIRED(true),
    /** The peer goes by another ring, or a change moves the partition: later. */
    REFUSED(false),
    /** The peer did not answer, or can't be reached. */
    SILENT(false),
    /** A tree is not built yet, here or there. */
    BUSY(false),
    /** A store can't be read, here or there. */
    BROKEN(false),
    /** A disk is full, here or there. */
    FULL(false);

    private final boolean complete;

    Outcome(boolean complete) {
        this.complete = complete;
    }

    /** Whether everything was compared, and what differed was repaired. */
    public boolean isComplete() {
        return complete;
    }
}
