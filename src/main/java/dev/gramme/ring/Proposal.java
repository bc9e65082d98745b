package dev.gramme.ring;

import java.util.Collections;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A change of the ring that was committed and is not yet settled. Of two, the higher holds.
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

    /** Names a proposal: number, proposer, and the target's hash (0 for a withdrawal). */
    public record Id(long number, NodeId proposer, long hash) implements Comparable<Id> {
        private static final Comparator<Id> ORDER = Comparator.comparingLong(Id::number)
                .thenComparing(Id::proposer)
                .thenComparing(Id::hash, Long::compareUnsigned);

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
        return new Id(number, proposer, target == null ? 0 : target.hash());
    }

    public boolean isWithdrawal() {
        return target == null;
    }

    @Override
    public int compareTo(Proposal other) {
        return id().compareTo(other.id());
    }
}
