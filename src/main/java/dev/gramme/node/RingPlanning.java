package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingDiff;
import dev.gramme.ring.RingMember;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.StagedChange;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes a {@link RingPlan} of staged changes: the members afterwards, the ring to come, and what it costs. */
final class RingPlanning {
    private final Ring settled;
    private final SortedMap<NodeId, MemberRecord> records;
    private final Objections objections;
    private final KnownClaim claims;

    /**
     * Who is to be in the ring, before it is known who is to own what.
     *
     * @param refusal why there can be no plan; empty if there can
     */
    private record Draft(String refusal, List<StagedChange> changes, MembersAfter members, List<String> warnings) {}

    RingPlanning(Ring settled, SortedMap<NodeId, MemberRecord> records, Objections objections, KnownClaim claims) {
        this.settled = settled;
        this.records = records;
        this.objections = objections;
        this.claims = claims;
    }

    /** What {@link #plan} has to claim anew; null if nothing. @param staged in order of node */
    @Nullable
    ClaimQuestion question(List<StagedChange> staged) {
        Draft draft = draft(staged);
        return draft.refusal().isEmpty() ? draft.members().question() : null;
    }

    /** @param staged in order of node */
    ClusterAnswer plan(List<StagedChange> staged) {
        Draft draft = draft(staged);
        if (!draft.refusal().isEmpty()) {
            return ClusterAnswer.refused(draft.refusal());
        }
        Ring after = draft.members().ring(claims);
        if (after.members().equals(settled.members()) && after.owners().equals(settled.owners())) {
            return ClusterAnswer.refused("nothing would change: the ring is as the staged changes want it");
        }
        SortedSet<NodeId> excluded = draft.members().excluded();
        List<String> warnings = new ArrayList<>(draft.warnings());
        warnings.addAll(PlanWarnings.of(settled, after, excluded));
        return new ClusterAnswer("", plan(after, draft.changes(), excluded, warnings));
    }

    private Draft draft(List<StagedChange> staged) {
        List<String> warnings = new ArrayList<>();
        List<StagedChange> changes = new ArrayList<>();
        SortedSet<NodeId> successors = new TreeSet<>();
        for (StagedChange change : staged) {
            if (change.successor() != null) {
                successors.add(change.successor());
            }
        }
        for (StagedChange change : staged) {
            if (change.kind() == StagedChange.Kind.JOIN && successors.contains(change.node())) {
                continue;
            }
            List<StagedChange> others = new ArrayList<>(staged);
            others.remove(change);
            String objection = objections.to(change, others);
            if (objection.isEmpty()) {
                changes.add(change);
            } else if (change.kind() == StagedChange.Kind.JOIN
                    || !settled.members().containsKey(change.node())) {
                warnings.add("left out: " + objection);
            } else {
                String refusal = objection + ". To forget all that is staged: `gramme cluster cancel`";
                return new Draft(refusal, changes, new MembersAfter(settled), warnings);
            }
        }
        MembersAfter members = new MembersAfter(settled);
        changes.forEach(change -> members.apply(change, records));
        return new Draft(toMembers(changes, members, warnings), changes, members, warnings);
    }

    private String toMembers(List<StagedChange> changes, MembersAfter members, List<String> warnings) {
        if (changes.isEmpty()) {
            return "nothing is staged" + (warnings.isEmpty() ? "" : " that can be done (" + warnings.get(0) + ")")
                    + ": stage a change first, with `gramme cluster join`, `leave`, `replace`, `remove` or `weight`";
        }
        if (members.byId().isEmpty()) {
            return "no member would be left";
        }
        return members.byId().size() <= Ring.MAX_MEMBERS
                ? ""
                : members.byId().size() + " members would be in the ring, which may have " + Ring.MAX_MEMBERS;
    }

    /** The change under way, and nobody waits for {@code dead} any more. */
    ClusterAnswer without(Proposal underWay, SortedSet<NodeId> dead, List<StagedChange> staged) {
        Ring target = underWay.target();
        List<StagedChange> changes =
                staged.stream().filter(c -> dead.contains(c.node())).toList();
        for (StagedChange change : changes) {
            String objection = objections.to(change, List.of());
            if (!objection.isEmpty()) {
                return ClusterAnswer.refused(objection);
            }
        }
        if (target == null) {
            return ClusterAnswer.refused("no change is under way");
        }
        SortedSet<NodeId> excluded = underWay.without(dead).excluded();
        List<String> warnings = new ArrayList<>();
        warnings.add("the change under way can't be altered any more, and completes without waiting for " + dead);
        for (NodeId node : dead) {
            if (target.members().containsKey(node)) {
                warnings.add(node + " is in ring " + target.version() + " all the same: remove it from that one again");
            }
        }
        return new ClusterAnswer("", plan(target, changes, excluded, warnings));
    }

    private RingPlan plan(Ring after, List<StagedChange> changes, SortedSet<NodeId> excluded, List<String> warnings) {
        RingDiff diff = RingDiff.between(settled, after);
        SortedMap<NodeId, Integer> gains = new TreeMap<>();
        diff.gained().forEach(gain -> gains.merge(gain.node(), 1, Integer::sum));
        double bytesPerSlot = bytesPerSlot();
        SortedMap<NodeId, RingMember> all = new TreeMap<>(settled.members());
        all.putAll(after.members());
        List<RingPlan.Share> shares = new ArrayList<>();
        for (RingMember member : all.values()) {
            NodeId id = member.id();
            int gained = gains.getOrDefault(id, 0);
            shares.add(new RingPlan.Share(
                    id,
                    member.zone(),
                    member.weight(),
                    settled.share(id),
                    after.share(id),
                    gained,
                    Math.round(gained * bytesPerSlot)));
        }
        int moves = diff.gained().size();
        return new RingPlan(
                id(after, changes, excluded),
                settled,
                after,
                changes,
                excluded,
                shares,
                moves,
                diff.leastPossible(),
                Math.round(moves * bytesPerSlot),
                warnings);
    }

    /** About: the partitions are taken to be of one size. */
    private double bytesPerSlot() {
        long bytes = 0;
        long slots = 0;
        for (NodeId member : settled.members().keySet()) {
            MemberRecord record = records.get(member);
            if (record != null && record.storedBytes() > 0) {
                bytes += record.storedBytes();
                slots += settled.share(member);
            }
        }
        return slots == 0 ? 0 : (double) bytes / slots;
    }

    /** Eight hexadecimal digits: good against accidents, and short enough to be typed. */
    private String id(Ring after, List<StagedChange> changes, SortedSet<NodeId> excluded) {
        long hash = settled.hash();
        for (StagedChange change : changes) {
            String said = change.node() + " " + change.kind() + " " + change.weight() + " " + change.successor();
            hash = 31 * hash + said.hashCode();
        }
        hash = 31 * hash
                + new Proposal(0, after.members().firstKey(), settled.version(), after, excluded)
                        .id()
                        .hash();
        return HexFormat.of().toHexDigits((int) (hash ^ hash >>> 32));
    }
}
