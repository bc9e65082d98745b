package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Topology;
import dev.gramme.wire.RingProgress;
import java.util.Collection;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The agreement on a change of the ring, as decisions of one member: which step it may take next, and when it may leave a proposal for a higher one. Unanimity
 * in phases, as in three-phase commit (Skeen 1981) without a coordinator: everybody sees what everybody has told.
 *
 * <p>Why two rival proposals are never both read from. To read from P's target a member must have seen every member that P needs LOCKED. A locked member leaves P
 * only when another that P needs has told a higher proposal. The first of them to leave had nobody to follow, so it was not locked: then not all were, and nobody ever
 * read from P's target. Three details carry weight:
 *
 * <ul>
 *   <li>Only the word of members that P itself needs shows that P is lost: one that P excludes, or that comes in by the rival, never had a lock to give.
 *   <li>A phase counts only under exactly the same {@link Proposal.Id}, exclusions included: who was told by an operator not to wait for a dead member, and counts as
 *       complete without it, knows that the others will not follow that member either.
 *   <li>Having seen all locked, a member leaves no more, whatever it hears.
 * </ul>
 */
class PhaseRule {
    static final PhaseRule UNANIMITY = new PhaseRule();

    /** What a member does next about a change. */
    enum Step {
        WAIT,
        /** Its phase becomes PREPARED. */
        PREPARE,
        /** It begins to pull what it comes to own. */
        PULL,
        /** Its phase becomes RECEIVED. */
        RECEIVE,
        /** Its phase becomes LOCKED. */
        LOCK,
        /** It begins to read from the new owners. */
        READ,
        /** Its phase becomes READY. */
        CONFIRM,
        /** The new ring is the settled one. */
        SETTLE
    }

    /** What this member has itself done. */
    record Work(boolean caughtUp, boolean receivedAll) {}

    /**
     * @param reading it reads from the new owners, though some reads may still wait for the old
     * @param everybody the phase that every needed member has told, itself among them; null if one has told none
     */
    Step next(@Nullable Phase phase, boolean transferring, boolean reading, Work work, @Nullable Phase everybody) {
        if (phase == null) {
            return work.caughtUp() ? Step.PREPARE : Step.WAIT;
        }
        if (everybody == null || !everybody.isAtLeast(phase)) {
            return Step.WAIT;
        }
        return switch (phase) {
            case PREPARED -> !transferring ? Step.PULL : work.receivedAll() ? Step.RECEIVE : Step.WAIT;
            case RECEIVED -> Step.LOCK;
            case LOCKED -> !reading ? Step.READ : work.caughtUp() ? Step.CONFIRM : Step.WAIT;
            case READY -> Step.SETTLE;
        };
    }

    /** The phase that all of {@code needed} have told for exactly this proposal; null if one has told none. */
    @Nullable
    Phase everybody(Proposal proposal, Collection<NodeId> needed, SortedMap<NodeId, RingProgress> told) {
        Phase least = Phase.READY;
        for (NodeId node : needed) {
            RingProgress progress = told.getOrDefault(node, RingProgress.NONE);
            Phase phase = progress.phase();
            if (phase == null
                    || progress.settled() != proposal.base()
                    || !proposal.id().equals(progress.proposal())) {
                return null;
            }
            least = phase.isAtLeast(least) ? least : phase;
        }
        return least;
    }

    /**
     * Whether this member, which goes by {@code mine}, may go over to a higher proposal.
     *
     * @param locked it is LOCKED, or may have been before it lost its memory
     */
    boolean mayLeave(Topology mine, Proposal proposal, boolean locked, SortedMap<NodeId, RingProgress> told) {
        if (!locked) {
            return true;
        }
        if (mine.phase() == Phase.READY) {
            return false;
        }
        for (NodeId node : mine.needed()) {
            RingProgress progress = told.getOrDefault(node, RingProgress.NONE);
            Proposal.Id theirs = progress.proposal();
            if (theirs != null && progress.settled() == proposal.base() && theirs.supersedes(proposal.id())) {
                return true;
            }
        }
        return false;
    }
}
