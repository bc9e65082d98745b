package dev.gramme.wire;

/** Why a request failed without effect. */
public enum Failure {
    /** Fewer nodes can be reached than R or W asks for. */
    UNAVAILABLE,
    /** The deadline passed. */
    TIMEOUT,
    /** A bounded queue is full: come again later. */
    OVERLOADED,
    /** R or W is more than N. */
    IMPOSSIBLE_QUORUM,
    /** The disk is full: reads go on. */
    STORAGE_FULL,
    /** The node's disk failed. */
    STORAGE_BROKEN
}
