package dev.gramme.ring;

/**
 * How far one member is with a proposal. A member goes on to the next phase when every member that the proposal needs is in its own phase or a later
 * one, and it has itself done what the next phase says; so the members are never more than one phase apart, and what one phase reads the next and the
 * last one write.
 *
 * <p>The order of the constants is part of the wire format.
 */
public enum Phase {
    /** It knows the proposal, and no write that it coordinates goes to the settled owners alone any more: writes need W of the old and W of the new. */
    PREPARED,
    /** It holds all that it comes to own (who gains nothing is there at once). */
    RECEIVED,
    /** It gives this proposal up for no other, unless another member has. */
    LOCKED,
    /** It reads from the new owners, and no read that it coordinates waits for the old ones any more. */
    READY;

    public boolean isAtLeast(Phase other) {
        return compareTo(other) >= 0;
    }
}
