package dev.gramme.rest;

import dev.gramme.node.ClusterAnswer;
import dev.gramme.node.ClusterCommand;
import dev.gramme.node.ClusterSnapshot;
import dev.gramme.node.RingPlan;
import dev.gramme.node.RingStatus;
import dev.gramme.ring.Claim;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.Topology;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.RingProgress;
import dev.gramme.wire.StagedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The ring of a {@link MemoryNode}, as a test sets it; it remembers what was asked of it. */
final class MemoryRing {
    private final NodeId self;
    private final Ring first;
    private final List<ClusterCommand> commands = new ArrayList<>();
    private final SortedMap<NodeId, RingProgress> progress = new TreeMap<>();
    private final SortedMap<NodeId, MemberRecord.Standing> standings = new TreeMap<>();
    private Topology topology;
    private List<StagedChange> staged = List.of();
    private List<String> waitingFor = List.of();
    private String refusal = "";
    private long storedBytes = 1_000;
    private @Nullable RingPlan plan;

    MemoryRing(NodeId self, Ring first) {
        this.self = self;
        this.first = first;
        this.topology = Topology.settled(first);
    }

    synchronized void reset() {
        commands.clear();
        progress.clear();
        standings.clear();
        topology = Topology.settled(first);
        staged = List.of();
        waitingFor = List.of();
        refusal = "";
        storedBytes = 1_000;
        plan = null;
    }

    Ring first() {
        return first;
    }

    synchronized Topology topology() {
        return topology;
    }

    /** All that was asked since the last reset. */
    synchronized List<ClusterCommand> commands() {
        return List.copyOf(commands);
    }

    synchronized void refuse(String why) {
        refusal = why;
    }

    synchronized void plan(RingPlan next) {
        plan = next;
    }

    synchronized void stage(StagedChange... changes) {
        staged = List.of(changes);
    }

    synchronized void standing(String node, MemberRecord.Standing standing) {
        standings.put(new NodeId(node), standing);
    }

    /** The ring is of others, and this node holds nothing. */
    synchronized void isOfOthers() {
        List<RingMember> others = new ArrayList<>(first.members().values());
        others.removeIf(member -> member.id().equals(self));
        topology = Topology.settled(Claim.first(first.partitions(), first.replicas(), others));
        storedBytes = 0;
    }

    synchronized void isUnknown() {
        topology = Topology.settled(Ring.nobodys(first.partitions(), first.replicas()));
    }

    /** A change is under way, and waits. */
    synchronized void changes(Topology next, SortedMap<NodeId, RingProgress> told, String... waits) {
        topology = next;
        progress.putAll(told);
        waitingFor = List.of(waits);
    }

    synchronized ClusterAnswer administer(ClusterCommand command) {
        commands.add(command);
        if (!refusal.isEmpty()) {
            return ClusterAnswer.refused(refusal);
        }
        boolean shown = command instanceof ClusterCommand.Plan || command instanceof ClusterCommand.Commit;
        return shown ? new ClusterAnswer("", plan) : ClusterAnswer.DONE;
    }

    synchronized ClusterSnapshot snapshot(SortedMap<NodeId, Liveness> liveness) {
        List<ClusterSnapshot.MemberState> members = new ArrayList<>();
        liveness.forEach((id, seen) -> members.add(new ClusterSnapshot.MemberState(
                id,
                "z" + id,
                RingMember.DEFAULT_WEIGHT,
                "127.0.0.1:1",
                "127.0.0.1:2",
                seen.state(),
                true,
                seen.writable(),
                0,
                topology.settled().share(id),
                "",
                standings.getOrDefault(id, MemberRecord.Standing.SERVING),
                "test",
                storedBytes,
                progress.getOrDefault(id, RingProgress.NONE),
                topology.latest().share(id))));
        Proposal change = topology.target() == null ? null : topology.proposal();
        RingStatus status = new RingStatus(
                topology.settled().version(),
                topology.settled().hash(),
                change == null ? null : change.id(),
                progress,
                waitingFor,
                staged);
        return new ClusterSnapshot(true, members, List.of(), status);
    }
}
