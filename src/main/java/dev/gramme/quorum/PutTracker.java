package dev.gramme.quorum;

/**
 * The replies to one put, as a fold: each result makes the next tracker, and {@link #verdict} says how it stands.
 *
 * <p>A put ends in one of three ways. Written: W nodes hold it durably. Failed: nobody was asked, so surely nobody holds it.
 * Indeterminate: somebody was asked, fewer than W have said yes; a node that said no, or nothing, may hold it all the same (the reply was
 * lost, a force failed after the write), so nobody may say "not written".
 *
 * @param needed W
 * @param asked nodes that were asked, the coordinator itself among them
 * @param acks of them, those that hold it durably, each in another owner's place
 * @param refusals of them, those that add no copy: they said no, can't be reached, or keep it in a place that is already counted
 */
public record PutTracker(int needed, int asked, int acks, int refusals) {
    public enum Verdict {
        UNDECIDED,
        WRITTEN,
        FAILED,
        INDETERMINATE
    }

    public PutTracker {
        if (acks < 0 || refusals < 0 || acks + refusals > asked) {
            throw new IllegalStateException(acks + " acks and " + refusals + " refusals of " + asked + " nodes asked");
        }
    }

    public static PutTracker waitingFor(int needed) {
        return new PutTracker(needed, 0, 0, 0);
    }

    public PutTracker withAsked() {
        return new PutTracker(needed, asked + 1, acks, refusals);
    }

    public PutTracker withAck() {
        return new PutTracker(needed, asked, acks + 1, refusals);
    }

    /**
     * A yes from a node that keeps the version in the place of an owner already counted: once the hint is delivered the two copies are one, so
     * they are not two of the W.
     */
    public PutTracker withRepeatedAck() {
        return withRefusal();
    }

    public PutTracker withRefusal() {
        return new PutTracker(needed, asked, acks, refusals + 1);
    }

    public boolean isEnough() {
        return acks >= needed;
    }

    /** Whether a reply can still come. */
    public boolean isWaiting() {
        return acks + refusals < asked;
    }

    /** As it stands, while time is left. */
    public Verdict verdict() {
        return !isEnough() && isWaiting() ? Verdict.UNDECIDED : verdictAtDeadline();
    }

    /** As it stands when no more replies are waited for. */
    public Verdict verdictAtDeadline() {
        if (isEnough()) {
            return Verdict.WRITTEN;
        }
        return asked == 0 ? Verdict.FAILED : Verdict.INDETERMINATE;
    }
}
