package dev.gramme.membership;

/** What became of a heartbeat. */
public enum Reception {
    /** The first of a process, or the first after a long silence: it counts, and is worth an answer at once. */
    NEWS,
    /** It counts. */
    COUNTED,
    /** Late, or of a process that is not the member as far as is known: it says nothing. */
    STALE,
    /** A second process with this id, while the first is still heard: a heartbeat to the member's address will show which of them is the member. */
    CONTESTED,
    /** A second process with this id, and the first has been shown to live on: refuse it. */
    DUPLICATE
}
