package dev.gramme.membership;

/** What the members together hold of one of them. */
public enum Verdict {
    ALIVE,
    /** It does not answer somebody, and can still refute that. */
    SUSPECT,
    /** It did not. Down is not gone: the ring does not change by it. */
    DOWN
}
