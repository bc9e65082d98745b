package dev.gramme.coordinator;

import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;

/** One replica asked what it holds. */
final class ReadAttempt {
    enum State {
        WAITING,
        READ,
        /** It has said what it holds, and that it may have lost something. */
        LACKING,
        REFUSED
    }

    final NodeId node;
    final long askedNanos;
    State state = State.WAITING;
    VersionSet found = VersionSet.EMPTY;
    /** What was found is no older ({@link dev.gramme.wire.Stamps}). */
    long stamp;

    ReadAttempt(NodeId node, long askedNanos) {
        this.node = node;
        this.askedNanos = askedNanos;
    }

    /** It has said what it holds, and that is merged. */
    boolean hasAnswered() {
        return state == State.READ || state == State.LACKING;
    }
}
