package dev.gramme.quorum;

import dev.gramme.version.VersionSet;

/**
 * The replies to one get, as a fold: each result makes the next tracker.
 *
 * @param needed R
 * @param asked replicas that were asked, this node among them
 * @param replies of them, those that answered with a state
 * @param refusals of them, those that said no or can't be reached
 * @param lacking of them, those that answered with a state and may have lost another: what they say is merged, and does not count
 * @param merged the join of the states, and what it shows to be replaced
 */
public record GetTracker(int needed, int asked, int replies, int refusals, int lacking, VersionSet merged) {
    public enum Verdict {
        UNDECIDED,
        READ,
        /** Whoever was asked has answered, and there were too few answers. */
        UNAVAILABLE
    }

    public GetTracker {
        if (replies < 0 || refusals < 0 || lacking < 0 || replies + refusals + lacking > asked) {
            throw new IllegalStateException(replies + " replies, " + refusals + " refusals and " + lacking
                    + " that lack something, of " + asked + " asked");
        }
    }

    public static GetTracker waitingFor(int needed) {
        return new GetTracker(needed, 0, 0, 0, 0, VersionSet.EMPTY);
    }

    public GetTracker withAsked() {
        return new GetTracker(needed, asked + 1, replies, refusals, lacking, merged);
    }

    public GetTracker withReply(VersionSet state) {
        return new GetTracker(needed, asked, replies + 1, refusals, lacking, merged.absorb(state));
    }

    public GetTracker withRefusal() {
        return new GetTracker(needed, asked, replies, refusals + 1, lacking, merged);
    }

    public GetTracker withLacking(VersionSet state) {
        return new GetTracker(needed, asked, replies, refusals, lacking + 1, merged.absorb(state));
    }

    public boolean isEnough() {
        return replies >= needed;
    }

    /** Whether there are R who have said what they know, if those count too that may have lost something. */
    public boolean isEnoughWithLacking() {
        return replies + lacking >= needed;
    }

    /** Replicas asked that have not answered. */
    public int waiting() {
        return asked - replies - refusals - lacking;
    }

    public Verdict verdict() {
        if (isEnough()) {
            return Verdict.READ;
        }
        return waiting() > 0 ? Verdict.UNDECIDED : Verdict.UNAVAILABLE;
    }
}
