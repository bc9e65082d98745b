package dev.gramme.quorum;

import dev.gramme.ring.NodeId;
import java.util.List;

/**
 * The replies to one put, as a fold: each result makes the next tracker, and {@link #verdict} says how it stands.
 *
 * <p>What counts are places, not nodes: each owner has one, filled by itself or by who stands in for it. A stand-in's copy and its owner's are one once
 * the hint is delivered, so a place that is kept twice is kept once. While the ring changes there are two sets of owners, and W places of each must be
 * kept: then a read by either ring meets the write. A copy fills one place of each set at most, so that W places of a set are W nodes; whoever stands in
 * by one ring for an owner of the other may fill different ones ({@link dev.gramme.ring.PreferenceList.Entry#places}).
 *
 * <p>A put ends in one of three ways. Written: W places of each set hold it durably. Failed: nobody was asked, so surely nobody holds it.
 * Indeterminate: somebody was asked, fewer than W have said yes; a node that said no, or nothing, may hold it all the same (the reply was
 * lost, a force failed after the write), so nobody may say "not written".
 *
 * @param needed W
 * @param quorums the sets of owners ({@link dev.gramme.ring.Topology#quorums}): one, or the present and the coming one
 * @param asked nodes that were asked, the coordinator itself among them
 * @param answered of them, those that have said yes or no, or can't be reached
 * @param copies nodes that keep it, of those whose copy filled a place that none had filled before
 * @param kept the places that are kept: a bit each, those of the first set from bit 0, those of the second behind them
 */
public record PutTracker(int needed, List<List<NodeId>> quorums, int asked, int answered, int copies, long kept) {
    /** Owners by either ring: more than any two sets of N have. */
    static final int MAX_PLACES = Long.SIZE;

    public enum Verdict {
        UNDECIDED,
        WRITTEN,
        FAILED,
        INDETERMINATE
    }

    public PutTracker {
        if (answered > asked || copies > answered || Long.bitCount(kept) > quorums.size() * copies) {
            throw new IllegalStateException(Long.bitCount(kept) + " places kept by " + copies + " copies, " + answered
                    + " answers of " + asked + " nodes asked");
        }
    }

    /** @throws IllegalArgumentException if these are not one or two sets, or of too many owners */
    public static PutTracker waitingFor(int needed, List<List<NodeId>> quorums) {
        int places = 0;
        for (List<NodeId> quorum : quorums) {
            places += quorum.size();
        }
        if (quorums.isEmpty() || quorums.size() > 2 || places > MAX_PLACES) {
            throw new IllegalArgumentException(quorums.size() + " sets of " + places + " owners");
        }
        return new PutTracker(needed, quorums, 0, 0, 0, 0);
    }

    public PutTracker withAsked() {
        return new PutTracker(needed, quorums, asked + 1, answered, copies, kept);
    }

    /** A yes: one copy is kept durably, in the first of these places that is one of the set's, in each set. It adds nothing where that was kept already. */
    public PutTracker withKept(List<NodeId> places) {
        long with = kept;
        for (int set = 0; set < quorums.size(); set++) {
            with |= bit(set, places);
        }
        return new PutTracker(needed, quorums, asked, answered + 1, copies + (with == kept ? 0 : 1), with);
    }

    /** One of those asked adds no copy: it said no, or can't be reached. */
    public PutTracker withRefusal() {
        return new PutTracker(needed, quorums, asked, answered + 1, copies, kept);
    }

    private long bit(int set, List<NodeId> places) {
        for (NodeId owner : places) {
            int place = quorums.get(set).indexOf(owner);
            if (place >= 0) {
                return 1L << (first(set) + place);
            }
        }
        return 0;
    }

    private int first(int set) {
        return set == 0 ? 0 : quorums.get(0).size();
    }

    /** How many places are kept in the set that has the fewest. */
    public int acks() {
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < quorums.size(); i++) {
            least = Math.min(least, kept(i));
        }
        return least;
    }

    private int kept(int set) {
        int size = quorums.get(set).size();
        long all = size == 0 ? 0 : -1L >>> (Long.SIZE - size);
        return Long.bitCount(kept >>> first(set) & all);
    }

    public boolean isEnough() {
        for (int i = 0; i < quorums.size(); i++) {
            if (kept(i) < QuorumRules.neededOf(needed, quorums, i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a reply can still come. */
    public boolean isWaiting() {
        return answered < asked;
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
