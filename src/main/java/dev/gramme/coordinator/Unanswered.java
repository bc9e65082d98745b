package dev.gramme.coordinator;

/**
 * Counts the requests that wait for an answer, and which of those that are coordinated here began before this node went by the present topology. Such a
 * one has the places it began with; so only when the last of them is answered may others build on what this node goes by.
 */
final class Unanswered {
    private long epoch;
    private int all;
    private int coordinated;
    private int older;

    Unanswered(long epoch) {
        this.epoch = epoch;
    }

    /** From now on requests begin under this topology. */
    void goesBy(long next) {
        if (next != epoch) {
            epoch = next;
            older = coordinated;
        }
    }

    void began(Operation operation) {
        all++;
        operation.epoch = epoch;
        if (!isPassedOn(operation)) {
            coordinated++;
        }
    }

    void answered(Operation operation) {
        all--;
        if (!isPassedOn(operation)) {
            coordinated--;
            older -= operation.epoch == epoch ? 0 : 1;
        }
    }

    /** Places are chosen by whom it is passed on to. */
    private static boolean isPassedOn(Operation operation) {
        return operation instanceof Forwarding;
    }

    int all() {
        return all;
    }

    /** Nothing that began under an earlier topology is unanswered. */
    boolean isCaughtUp() {
        return older == 0;
    }
}
