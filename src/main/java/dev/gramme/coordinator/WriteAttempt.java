package dev.gramme.coordinator;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.PreferenceList;

/** One replica asked to keep a version, as an owner or on behalf of one. */
final class WriteAttempt {
    enum State {
        WAITING,
        /** Over its time: its owner is being stood for, its late answer still counts. */
        SILENT,
        /** It comes to own the key, and can't take the write yet: it is asked again, and stood for meanwhile. */
        NOT_YET,
        OK,
        REFUSED
    }

    /** The first wait before one that said "not yet" is asked again; each is twice as long as the one before. */
    private static final int AGAIN_MILLIS = 20;

    final PreferenceList.Entry entry;
    final long timeoutNanos;
    State state = State.WAITING;
    /** Somebody else keeps the write for whom this one was to tell. */
    boolean stoodFor;

    private long gapNanos = AGAIN_MILLIS * Turn.NANOS_PER_MILLI;
    private long againNanos;

    WriteAttempt(PreferenceList.Entry entry, long timeoutNanos) {
        this.entry = entry;
        this.timeoutNanos = timeoutNanos;
    }

    NodeId node() {
        return entry.node();
    }

    /** Whether it counts among those in flight to its node. */
    boolean isUnderWay() {
        return state == State.WAITING || state == State.SILENT;
    }

    boolean isOver() {
        return state == State.OK || state == State.REFUSED;
    }

    /** It said "not yet". Gives whether there is time to ask it once more. */
    boolean putOff(long nowNanos) {
        if (nowNanos + gapNanos >= timeoutNanos) {
            return false;
        }
        state = State.NOT_YET;
        againNanos = nowNanos + gapNanos;
        gapNanos *= 2;
        return true;
    }

    /** When something is to be done about it: one that said "not yet" is asked again as long as the put is not answered. */
    long dueNanos() {
        return switch (state) {
            case WAITING -> timeoutNanos;
            case NOT_YET -> againNanos;
            case SILENT, OK, REFUSED -> Operation.NEVER;
        };
    }
}
