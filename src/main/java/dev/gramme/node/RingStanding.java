package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.wire.RingProgress;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The ring as this node goes by it, and how far it is with the change under way: the steps of {@link PhaseRule}, taken.
 *
 * <p>A phase is reached here when its own work is done, and told to others when it is on the disk besides.
 */
final class RingStanding {
    private final NodeId self;
    private final PhaseRule rule;
    private final long[] caughtUp;
    private Ring settled;
    private @Nullable Proposal proposal;
    private @Nullable Phase phase;
    private BitSet received = new BitSet();
    private boolean transferring;
    private boolean reading;
    private boolean withoutMemory;
    private long epoch = 1;
    private long epochToCatchUp = 1;
    private Topology topology;
    private int gained;
    /** Between which rings {@link #gained} was counted. */
    private @Nullable Ring countedFrom;

    private @Nullable Ring countedTo;

    /** Nothing has begun yet, so all loops have caught up with whatever they begin with. */
    RingStanding(NodeId self, int loops, Ring settled, PhaseRule rule) {
        this.self = self;
        this.rule = rule;
        this.caughtUp = new long[loops];
        Arrays.fill(caughtUp, epoch);
        this.settled = settled;
        this.topology = snapshot();
    }

    /** Goes on where it was before its process ended. */
    void resume(KeptTopology kept) {
        settled = kept.table().settled();
        proposal = kept.table().proposal();
        phase = kept.phase();
        received = (BitSet) kept.received().clone();
        reading = phase == Phase.READY;
        topology = snapshot();
    }

    Topology topology() {
        return topology;
    }

    Ring settled() {
        return settled;
    }

    /** As adopted, a withdrawal too; null if there is none. */
    @Nullable
    Proposal proposal() {
        return proposal;
    }

    @Nullable
    Phase phase() {
        return phase;
    }

    BitSet received() {
        return (BitSet) received.clone();
    }

    /** Whether it holds fast to its proposal: it is LOCKED, or took it up without memory and may have been. */
    boolean isLocked() {
        return withoutMemory || (phase != null && phase.isAtLeast(Phase.LOCKED));
    }

    /** Goes by this settled ring from now on, and by no change of it yet. */
    void settle(Ring ring) {
        settled = ring;
        withoutMemory = false;
        become(null);
    }

    /** As {@link #settle}, by a node that has no memory and comes into the middle of a change, of which it may have known more once. */
    void takeUp(Ring ring, Proposal underWay) {
        settled = ring;
        become(underWay);
        withoutMemory = !underWay.isWithdrawal();
    }

    /**
     * Goes over to what others propose if that is higher and this node may.
     *
     * @return whether anything changed
     */
    boolean offer(Proposal other, SortedMap<NodeId, RingProgress> told) {
        Proposal mine = proposal;
        if (other.base() != settled.version()) {
            return false;
        }
        if (mine != null && mine.id().isSameChange(other.id())) {
            if (mine.excluded().containsAll(other.excluded()) || mine.isWithdrawal()) {
                return false;
            }
            proposal = mine.without(other.excluded());
            topology = snapshot();
            return true;
        }
        if (mine != null && (!other.id().supersedes(mine.id()) || !rule.mayLeave(topology, mine, isLocked(), told))) {
            return false;
        }
        withoutMemory = false;
        become(other);
        return true;
    }

    private void become(@Nullable Proposal next) {
        proposal = next;
        phase = null;
        reading = false;
        transferring = false;
        received = new BitSet();
        newEpoch();
    }

    /** Takes every step that can be taken now. @return whether any was */
    boolean advance(SortedMap<NodeId, RingProgress> told) {
        boolean moved = false;
        Proposal under = proposal;
        while (under != null && !under.isWithdrawal() && topology.needed().contains(self)) {
            PhaseRule.Work work = new PhaseRule.Work(isCaughtUp(), hasReceivedAll());
            Phase everybody = rule.everybody(under, topology.needed(), told);
            PhaseRule.Step step = rule.next(phase, transferring, reading, work, everybody);
            if (step == PhaseRule.Step.WAIT) {
                break;
            }
            take(step, under);
            moved = true;
            under = proposal;
        }
        return moved;
    }

    private void take(PhaseRule.Step step, Proposal under) {
        switch (step) {
            case WAIT -> {}
            case PREPARE -> phase = Phase.PREPARED;
            case PULL -> transferring = true;
            case RECEIVE -> phase = Phase.RECEIVED;
            case LOCK -> phase = Phase.LOCKED;
            case READ -> {
                reading = true;
                newEpoch();
            }
            case CONFIRM -> phase = Phase.READY;
            case SETTLE -> {
                Ring target = under.target();
                settle(target == null ? settled : target);
            }
        }
        topology = snapshot();
    }

    void caughtUp(int loop, long with) {
        if (loop >= 0 && loop < caughtUp.length) {
            caughtUp[loop] = Math.max(caughtUp[loop], with);
        }
    }

    /** @return whether it counts: it is of the change under way, and this node comes to own it */
    boolean received(Proposal.Id change, int partition) {
        Proposal mine = proposal;
        Ring target = topology.target();
        if (mine == null
                || target == null
                || !mine.id().isSameChange(change)
                || partition < 0
                || partition >= target.partitions()
                || !gains(target, partition)) {
            return false;
        }
        received.set(partition);
        topology = snapshot();
        return true;
    }

    /** How many partitions this node comes to own by the change under way. Asked after each event, so not counted each time. */
    int gained() {
        Ring target = topology.target();
        if (!Objects.equals(settled, countedFrom) || !Objects.equals(target, countedTo)) {
            countedFrom = settled;
            countedTo = target;
            gained = counted(target);
        }
        return gained;
    }

    private int counted(@Nullable Ring target) {
        int count = 0;
        for (int p = 0; target != null && p < target.partitions(); p++) {
            count += gains(target, p) ? 1 : 0;
        }
        return count;
    }

    private boolean gains(Ring target, int partition) {
        return target.owns(self, partition) && !settled.owns(self, partition);
    }

    private boolean hasReceivedAll() {
        return received.cardinality() == gained();
    }

    private boolean isCaughtUp() {
        return Arrays.stream(caughtUp).allMatch(with -> with >= epochToCatchUp);
    }

    private void newEpoch() {
        epoch++;
        epochToCatchUp = epoch;
        topology = snapshot();
    }

    private Topology snapshot() {
        boolean changing = proposal != null && !proposal.isWithdrawal();
        return new Topology(
                epoch,
                settled,
                changing ? proposal : null,
                !changing ? null : reading ? Phase.READY : phase,
                changing && transferring,
                received());
    }
}
