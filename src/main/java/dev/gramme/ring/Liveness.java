package dev.gramme.ring;

/**
 * What the failure detector holds of a member. A verdict changes routing only, never the ring.
 *
 * @param writable its disk takes writes; a member that is up and not writable is read from and stood in for
 */
public record Liveness(State state, boolean writable) {
    /** As in SWIM: a suspect is still asked last, a member that is down is not. */
    public enum State {
        UP,
        SUSPECT,
        DOWN
    }

    public static final Liveness UP = new Liveness(State.UP, true);
    public static final Liveness DOWN = new Liveness(State.DOWN, true);

    public boolean isReadable() {
        return state == State.UP;
    }

    public boolean isWritable() {
        return state == State.UP && writable;
    }
}
