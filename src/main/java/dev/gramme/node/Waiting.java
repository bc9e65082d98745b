package dev.gramme.node;

import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.wire.RingProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** For people: what a change of the ring waits for, and what they can do. */
final class Waiting {
    private Waiting() {}

    /** @param rival a higher proposal that this node can't go over to; null if there is none */
    static List<String> lines(
            Topology topology,
            @Nullable Proposal rival,
            SortedMap<NodeId, RingProgress> told,
            SortedMap<NodeId, Liveness> liveness) {
        List<String> lines = new ArrayList<>();
        Ring target = topology.target();
        Proposal proposal = topology.proposal();
        if (topology.settled().version() == 0) {
            lines.add("no ring is known here yet: waiting for a member of the cluster to answer");
        }
        if (target == null || proposal == null) {
            return lines;
        }
        if (rival != null) {
            lines.add("another change was committed at " + rival.proposer()
                    + "; this one is about to complete, unless one of its members has gone over to that");
        }
        int leastReached = topology.needed().stream()
                .mapToInt(node -> reached(told.get(node), proposal))
                .min()
                .orElse(0);
        for (NodeId node : topology.needed()) {
            if (reached(told.get(node), proposal) == leastReached) {
                lines.add(line(node, target.version(), leastReached, told.get(node), liveness.get(node)));
            }
        }
        return lines;
    }

    /** 0 for a member that has told no phase of the proposal. */
    private static int reached(@Nullable RingProgress progress, Proposal proposal) {
        Phase phase = progress == null ? null : progress.phase();
        return phase == null || progress == null || !proposal.id().equals(progress.proposal())
                ? 0
                : 1 + phase.ordinal();
    }

    private static String line(
            NodeId node, long version, int reached, @Nullable RingProgress progress, @Nullable Liveness liveness) {
        boolean pulling = reached == 1 + Phase.PREPARED.ordinal();
        String transfers = pulling && progress != null && progress.gained() > 0
                ? "transfers: " + node + " has " + progress.received() + " of " + progress.gained() + " partitions"
                : "";
        if (liveness != null && liveness.state() != Liveness.State.DOWN) {
            return transfers.isEmpty() ? node + " has not " + due(reached) + " ring " + version + " yet" : transfers;
        }
        return (transfers.isEmpty()
                        ? node + " (down) has not " + due(reached) + " ring " + version
                        : transfers + ", and is down")
                + ": bring it back, or `gramme cluster remove --force " + node + "`";
    }

    private static String due(int reached) {
        return switch (reached) {
            case 0 -> "acknowledged";
            case 1 -> "received its part of";
            case 2 -> "locked";
            case 3 -> "begun to read from";
            default -> "settled";
        };
    }
}
