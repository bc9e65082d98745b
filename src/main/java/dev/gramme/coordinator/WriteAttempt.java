package dev.gramme.coordinator;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.PreferenceList;

/** One replica asked to keep a version, as an owner or on behalf of one. */
final class WriteAttempt {
    enum State {
        WAITING,
        /** Over its time: its owner is being stood for, its late answer still counts. */
        SILENT,
        OK,
        REFUSED
    }

    final PreferenceList.Entry entry;
    final long timeoutNanos;
    State state = State.WAITING;

    WriteAttempt(PreferenceList.Entry entry, long timeoutNanos) {
        this.entry = entry;
        this.timeoutNanos = timeoutNanos;
    }

    NodeId node() {
        return entry.node();
    }
}
