package dev.gramme.ring;

import java.util.Collections;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A change of the ring that was committed and is not yet settled. Of two, the higher holds.
 *
 * <p>Members that die for good while a change can't be taken back any more are excluded from it afterwards: {@link #without}. That is still the same change, and
 * of two such the union holds, so exclusions only grow; but the id is another, so that whoever tells its phase by that id is known to listen to them no more.
 *
 * @param number above all that its proposer had seen
 * @param proposer the node at which it was committed
 * @param base version of the settled ring that it changes
 * @param target the ring to come, of version {@code base + 1}; null for the withdrawal of an earlier proposal
 * @param excluded members that are gone for good by the operator's word (removed by force, or replaced): nobody waits for them, and what they still send
 *     is not listened to
 */
public record Proposal(
        long number, NodeId proposer, long base, @Nullable Ring target, SortedSet<NodeId> excluded)
        implements Comparable<Proposal> {

    /**
     * Names a proposal and all it says.
     *
     * @param hash of the target and of who is excluded; 0 for a withdrawal
     */
    public record Id(long number, NodeId proposer, long hash) implements Comparable<Id> {
        private static final Comparator<Id> BY_CHANGE =
                Comparator.comparingLong(Id::number).thenComparing(Id::proposer);
        private static final Comparator<Id> ORDER = BY_CHANGE.thenComparing(Id::hash, Long::compareUnsigned);

        /** Whether both are one change, to one target: more may be excluded by one than by the other. */
        public boolean isSameChange(Id other) {
            return BY_CHANGE.compare(this, other) == 0;
        }

        /** Whether this is a later change than {@code other}, and not the same with others excluded. */
        public boolean supersedes(Id other) {
            return BY_CHANGE.compare(this, other) > 0;
        }

        @Override
        public int compareTo(Id other) {
            return ORDER.compare(this, other);
        }
    }

    public Proposal {
        excluded = Collections.unmodifiableSortedSet(new TreeSet<>(excluded));
        if (target != null && target.version() != base + 1) {
            throw new IllegalArgumentException(
                    "a proposal on ring " + base + " for ring " + target.version() + ", not " + (base + 1));
        }
    }

    public Id id() {
        return new Id(number, proposer, target == null ? 0 : RingHash.of(target, excluded));
    }

    /** The same change, with these excluded too. */
    public Proposal without(SortedSet<NodeId> gone) {
        SortedSet<NodeId> all = new TreeSet<>(excluded);
        all.addAll(gone);
        return new Proposal(number, proposer, base, target, all);
    }

    public boolean isWithdrawal() {
        return target == null;
    }

    @Override
    public int compareTo(Proposal other) {
        return id().compareTo(other.id());
    }
}
