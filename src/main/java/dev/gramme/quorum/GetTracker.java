package dev.gramme.quorum;

import dev.gramme.version.VersionSet;

/**
 * The replies to one get, as a fold: each result makes the next tracker.
 *
 * @param needed R
 * @param asked replicas that were asked, this node among them
 * @param replies of them, those that answered with a state
 * @param refusals of them, those that said no or can't be reached
 * @param merged the join of the states, and what it shows to be replaced
 */
public record GetTracker(int needed, int asked, int replies, int refusals, VersionSet merged) {
    public enum Verdict {
        UNDECIDED,
        READ,
        /** Whoever was asked has answered, and there were too few answers. */
        UNAVAILABLE
    }

    public GetTracker {
        if (replies < 0 || refusals < 0 || replies + refusals > asked) {
            throw new IllegalStateException(replies + " replies and " + refusals + " refusals of " + asked + " asked");
        }
    }

    public static GetTracker waitingFor(int needed) {
        return new GetTracker(needed, 0, 0, 0, VersionSet.EMPTY);
    }

    public GetTracker withAsked() {
        return new GetTracker(needed, asked + 1, replies, refusals, merged);
    }

    public GetTracker withReply(VersionSet state) {
        return new GetTracker(needed, asked, replies + 1, refusals, merged.absorb(state));
    }

    public GetTracker withRefusal() {
        return new GetTracker(needed, asked, replies, refusals + 1, merged);
    }

    public boolean isEnough() {
        return replies >= needed;
    }

    /** Replicas asked that have not answered. */
    public int waiting() {
        return asked - replies - refusals;
    }

    public Verdict verdict() {
        if (isEnough()) {
            return Verdict.READ;
        }
        return waiting() > 0 ? Verdict.UNDECIDED : Verdict.UNAVAILABLE;
    }
}
