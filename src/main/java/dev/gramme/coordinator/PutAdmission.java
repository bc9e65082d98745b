package dev.gramme.coordinator;

import dev.gramme.quorum.QuorumRules;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.PreferenceList;
import dev.gramme.wire.Failure;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides whether this node coordinates a put, refusing before anything is minted, and starts it. */
final class PutAdmission {
    sealed interface Decision {}

    record Refused(PutOutcome.Failed failed) implements Decision {}

    /** @param token of the own write */
    record Admitted(PutCoordination put, long token) implements Decision {}

    private final Means means;
    private final NodeId self;

    PutAdmission(Means means) {
        this.means = means;
        this.self = means.limits().self();
    }

    /** Null if W is possible. */
    PutOutcome.@Nullable Failed quorumRefusal(PutTask task, Outlook outlook) {
        int replicas = outlook.view().ring().replicas();
        if (QuorumRules.isPossible(task.needed(), replicas)) {
            return null;
        }
        return new PutOutcome.Failed(Failure.IMPOSSIBLE_QUORUM, "w=" + task.needed() + " is not from 1 to " + replicas);
    }

    Decision admit(PutTask task, Turn turn) {
        PutCommand command = task.command();
        int partition = task.partition();
        Outlook outlook = turn.outlook();
        boolean strict = command.options().strict();
        boolean owner = outlook.owns(self, partition);
        if (strict && !owner) {
            return refused(Failure.UNAVAILABLE, self + " is no owner of the key, and the quorum is strict");
        }
        if (!means.local().isWritable()) {
            return refused(Failure.STORAGE_FULL, "the disk of " + self + " takes no writes");
        }
        PreferenceList list = outlook.forWrites(partition);
        PreferenceList.Entry own = own(list, owner, strict, outlook, partition);
        List<List<NodeId>> quorums = outlook.view().topology().quorums(partition);
        int spares = strict ? 0 : free(list.spare());
        for (int i = 0; i < quorums.size(); i++) {
            int reachable = reachable(list, quorums.get(i), own, strict) + spares;
            if (reachable < QuorumRules.neededOf(task.needed(), quorums, i)) {
                return new Refused(tooFew(task, reachable, turn));
            }
        }
        List<NodeId> uncovered = uncovered(list, strict, own);
        NodeId standsFor = owner ? null : own.standsFor();
        return switch (means.local().put(command, partition, standsFor, uncovered, turn)) {
            case LocalReplica.Refused refusal -> refused(refusal.failure(), refusal.detail());
            case LocalReplica.Minted minted -> begin(task, minted, quorums, own, uncovered.size(), list, turn);
        };
    }

    private Admitted begin(
            PutTask task,
            LocalReplica.Minted minted,
            List<List<NodeId>> quorums,
            PreferenceList.Entry own,
            int pointers,
            PreferenceList list,
            Turn turn) {
        boolean owner = own.isPrimary();
        boolean strict = task.command().options().strict();
        observe(owner, minted, turn);
        int hints = pointers + (owner ? 0 : 1);
        List<NodeId> spare = strict ? List.of() : list.spare();
        PutCoordination put = new PutCoordination(turn.out().nextId(), task, minted, quorums, own, hints, spare, means);
        for (PreferenceList.Entry entry : list.entries()) {
            if (!entry.node().equals(self) && (entry.isPrimary() || !strict)) {
                put.ask(strict ? entry.alone() : entry, turn);
            }
        }
        return new Admitted(put, minted.token());
    }

    /**
     * What a put is told for which fewer than W nodes can be written to: that disks are full, if with room on them there were enough.
     *
     * @param reachable how many can be written to
     */
    PutOutcome.Failed tooFew(PutTask task, int reachable, Turn turn) {
        turn.out().observed(Probe.PUT_QUORUM_FAILED);
        List<NodeId> full = full(task, turn.outlook());
        if (!full.isEmpty() && reachable + full.size() >= task.needed()) {
            return new PutOutcome.Failed(
                    Failure.STORAGE_FULL,
                    "w=" + task.needed() + ", and " + reachable + " nodes can be written to: " + full
                            + " can be reached, and their disks take no writes");
        }
        return new PutOutcome.Failed(
                Failure.UNAVAILABLE, "w=" + task.needed() + ", and " + reachable + " nodes can be reached");
    }

    /** Nodes that would be asked to take the write if their disks had room. */
    private List<NodeId> full(PutTask task, Outlook outlook) {
        boolean strict = task.command().options().strict();
        PreferenceList readable = outlook.forReads(task.partition());
        List<NodeId> nodes = new ArrayList<>(strict ? List.of() : readable.spare());
        for (PreferenceList.Entry entry : readable.entries()) {
            if (entry.isPrimary() || !strict) {
                nodes.add(entry.node());
            }
        }
        // Of its own disk this node knows itself, before the view does.
        nodes.removeIf(node ->
                node.equals(self) ? means.local().isWritable() : outlook.view().isWritable(node));
        return nodes;
    }

    private static Refused refused(Failure failure, String detail) {
        return new Refused(new PutOutcome.Failed(failure, detail));
    }

    private static void observe(boolean owner, LocalReplica.Minted minted, Turn turn) {
        turn.out().observed(owner ? Probe.PUT_COORDINATED : Probe.PUT_COORDINATED_BY_FALLBACK);
        if (minted.siblings() > 1) {
            turn.out().observed(Probe.PUT_MADE_SIBLINGS);
        }
    }

    /** How many places of {@code quorum} can be filled now without the spare nodes, this node's own among them. */
    private int reachable(PreferenceList list, List<NodeId> quorum, PreferenceList.Entry own, boolean strict) {
        int count = fills(own, quorum) ? 1 : 0;
        for (PreferenceList.Entry entry : list.entries()) {
            if ((entry.isPrimary() || !strict)
                    && isFree(entry.node())
                    && fills(strict ? entry.alone() : entry, quorum)) {
                count++;
            }
        }
        return count;
    }

    private static boolean fills(PreferenceList.Entry entry, List<NodeId> quorum) {
        return entry.places().stream().anyMatch(quorum::contains);
    }

    private int free(List<NodeId> nodes) {
        int count = 0;
        for (NodeId node : nodes) {
            if (isFree(node)) {
                count++;
            }
        }
        return count;
    }

    private boolean isFree(NodeId node) {
        return !node.equals(self) && means.latency().hasRoom(node);
    }

    /** What this node, which coordinates, keeps the write for. */
    private PreferenceList.Entry own(
            PreferenceList list, boolean owner, boolean strict, Outlook outlook, int partition) {
        PreferenceList.Entry listed = list.entryOf(self);
        if (owner) {
            return listed == null || strict ? PreferenceList.Entry.primary(self) : listed;
        }
        if (listed != null) {
            return listed;
        }
        // Whoever asked us sees no owner up where we see all, or others stand for those that are down: one hint too
        // many does no harm.
        return PreferenceList.Entry.fallback(
                self,
                list.missing().isEmpty()
                        ? outlook.view().topology().owners(partition).get(0)
                        : list.missing().get(0));
    }

    /** The owners that are down and that no other node stands for: this one, where it is an owner, keeps pointers to its own copy for them. */
    private List<NodeId> uncovered(PreferenceList list, boolean strict, PreferenceList.Entry own) {
        if (list.missing().isEmpty()) {
            return List.of();
        }
        List<NodeId> uncovered = new ArrayList<>(list.missing());
        uncovered.remove(self);
        NodeId hinted = own.isPrimary() ? null : own.standsFor();
        if (hinted != null) {
            uncovered.remove(hinted);
        }
        if (!strict) {
            for (PreferenceList.Entry entry : list.entries()) {
                NodeId owner = entry.standsFor();
                if (owner != null && !entry.node().equals(self)) {
                    uncovered.remove(owner);
                }
            }
        }
        return uncovered;
    }
}
