package dev.gramme.node;

import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.StagedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What operators may ask of the ring, and what they are told: for one command. */
final class RingOffice {
    private final NodeId self;
    private final RingStanding standing;
    private final StagedChanges staged;
    private final @Nullable Proposal rival;
    private final SortedMap<NodeId, MemberRecord> records;
    private final RingPlanning planning;
    private final Objections objections;

    /** @param rival a higher proposal that this node can't go over to; null if there is none */
    RingOffice(
            NodeId self,
            RingStanding standing,
            StagedChanges staged,
            @Nullable Proposal rival,
            SortedMap<NodeId, MemberRecord> records,
            SortedMap<NodeId, Liveness> liveness,
            KnownClaim claims) {
        this.self = self;
        this.standing = standing;
        this.staged = staged;
        this.rival = rival;
        this.records = records;
        this.objections = new Objections(standing.topology(), records, liveness);
        this.planning = new RingPlanning(standing.settled(), records, objections, claims);
    }

    /** @param propose is given what is to be proposed to all */
    ClusterAnswer administer(ClusterCommand command, Consumer<Proposal> propose) {
        if (standing.settled().version() == 0) {
            return ClusterAnswer.refused(
                    self + " knows no ring yet: wait until it has heard from a member, or ask a member");
        }
        return switch (command) {
            case ClusterCommand.Join ignored ->
                ClusterAnswer.refused(self + " is in a cluster: it goes by ring "
                        + standing.settled().version());
            case ClusterCommand.Stage stage -> stage(stage);
            case ClusterCommand.Plan ignored -> plan();
            case ClusterCommand.Commit commit -> commit(commit, propose);
            case ClusterCommand.Cancel ignored -> cancel(propose);
        };
    }

    private ClusterAnswer stage(ClusterCommand.Stage stage) {
        long base = standing.settled().version();
        StagedChange change = new StagedChange(stage.node(), 0, base, stage.kind(), stage.weight(), stage.successor());
        List<StagedChange> others = new ArrayList<>(staged.wanted());
        others.removeIf(other -> other.node().equals(stage.node()));
        String objection = objections.to(change, others);
        if (!objection.isEmpty()) {
            return ClusterAnswer.refused(objection);
        }
        boolean replace = stage.kind() == StagedChange.Kind.REPLACE;
        boolean weight = stage.kind() == StagedChange.Kind.WEIGHT;
        staged.stage(stage.kind(), stage.node(), weight ? stage.weight() : 0, replace ? stage.successor() : null);
        return ClusterAnswer.DONE;
    }

    private ClusterAnswer plan() {
        Proposal locked = aboutToComplete();
        return locked == null ? planning.plan(staged.wanted()) : planWithoutTheDead(locked);
    }

    /** What has to be claimed for a plan, or its commit; null if nothing. */
    @Nullable
    ClaimQuestion question() {
        boolean none = standing.settled().version() == 0 || aboutToComplete() != null;
        return none ? null : planning.question(staged.wanted());
    }

    private @Nullable Proposal aboutToComplete() {
        Proposal mine = standing.proposal();
        return mine != null && !mine.isWithdrawal() && isAboutToComplete(mine) ? mine : null;
    }

    /** Nothing can be changed any more about a proposal that a member has LOCKED, but whom it waits for. */
    private ClusterAnswer planWithoutTheDead(Proposal mine) {
        SortedSet<NodeId> dead = new TreeSet<>();
        for (StagedChange change : staged.wanted()) {
            boolean gone = change.kind() == StagedChange.Kind.REMOVE;
            if (gone && standing.topology().needed().contains(change.node())) {
                dead.add(change.node());
            }
        }
        if (dead.isEmpty()) {
            return ClusterAnswer.refused(
                    "the change to ring " + (mine.base() + 1)
                            + " is about to complete and can't be taken back any more: wait for it (`gramme cluster status`),"
                            + " then plan again. If it waits for a member that is gone for good: `gramme cluster remove --force`");
        }
        return planning.without(mine, dead, staged.wanted());
    }

    private boolean isAboutToComplete(Proposal mine) {
        if (standing.isLocked()) {
            return true;
        }
        return standing.topology().needed().stream().anyMatch(node -> {
            MemberRecord record = records.get(node);
            Phase phase = record == null ? null : record.ring().phase();
            return record != null
                    && phase != null
                    && phase.isAtLeast(Phase.LOCKED)
                    && mine.id().equals(record.ring().proposal());
        });
    }

    private ClusterAnswer commit(ClusterCommand.Commit commit, Consumer<Proposal> propose) {
        if (!standing.topology().serves(self)) {
            return ClusterAnswer.refused(self + " is not in the ring: commit at one of its members");
        }
        ClusterAnswer answer = plan();
        RingPlan plan = answer.plan();
        if (plan == null) {
            return answer;
        }
        if (!plan.id().equals(commit.plan())) {
            return ClusterAnswer.refused("stale plan: " + commit.plan() + " is not what would be done now, " + plan.id()
                    + " is; look at it with `gramme cluster plan`");
        }
        Proposal mine = standing.proposal();
        Ring target = mine == null ? null : mine.target();
        if (mine != null && target != null && plan.after().equals(target)) {
            if (mine.excluded().containsAll(plan.excluded())) {
                return ClusterAnswer.refused("this change is under way already: see `gramme cluster status`");
            }
            if (isAboutToComplete(mine)) {
                propose.accept(mine.without(plan.excluded()));
                return answer;
            }
        }
        propose.accept(new Proposal(nextNumber(), self, plan.before().version(), plan.after(), plan.excluded()));
        return answer;
    }

    private ClusterAnswer cancel(Consumer<Proposal> propose) {
        Proposal mine = standing.proposal();
        boolean changing = mine != null && !mine.isWithdrawal();
        if (mine != null && changing) {
            if (!standing.topology().serves(self)) {
                return ClusterAnswer.refused(self + " is not in the ring: cancel at one of its members");
            }
            if (isAboutToComplete(mine)) {
                return ClusterAnswer.refused("the change to ring " + (mine.base() + 1)
                        + " is about to complete and can't be taken back any more: plan the opposite when it has");
            }
        }
        boolean forgotten = staged.cancel();
        if (mine != null && changing) {
            propose.accept(new Proposal(nextNumber(), self, mine.base(), null, new TreeSet<>()));
            return ClusterAnswer.DONE;
        }
        return forgotten
                ? ClusterAnswer.DONE
                : ClusterAnswer.refused("nothing is staged and no change is under way: there is nothing to cancel");
    }

    private long nextNumber() {
        Proposal mine = standing.proposal();
        return 1 + Math.max(mine == null ? 0 : mine.number(), rival == null ? 0 : rival.number());
    }
}
