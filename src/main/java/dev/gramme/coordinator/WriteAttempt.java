package dev.gramme.coordinator;

import dev.gramme.ring.NodeId;

/** One replica asked, on behalf of {@code owner}, to keep a version. */
final class WriteAttempt {
    enum State {
        WAITING,
        /** Over its time: its owner is being stood for, its late answer still counts. */
        SILENT,
        OK,
        REFUSED
    }

    final NodeId node;
    final NodeId owner;
    final long timeoutNanos;
    State state = State.WAITING;

    WriteAttempt(NodeId node, NodeId owner, long timeoutNanos) {
        this.node = node;
        this.owner = owner;
        this.timeoutNanos = timeoutNanos;
    }
}
