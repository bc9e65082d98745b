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
    STORAGE_BROKEN,
    /** The put would leave more siblings of the key than are kept: read, merge, write with the context. */
    TOO_MANY_SIBLINGS;

    /** Whether another node would say the same: it is about the request, not about who was asked. */
    public boolean isSameEverywhere() {
        return this == IMPOSSIBLE_QUORUM || this == TOO_MANY_SIBLINGS;
    }
}
