package dev.gramme.rest;

import dev.gramme.node.ClusterSnapshot;
import dev.gramme.node.ClusterSnapshot.MemberState;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.wire.StagedChange;

/** Where a node stands in its cluster, in a sentence for people. */
final class Standing {
    private Standing() {}

    static String of(NodeId self, ClusterSnapshot cluster, Topology topology) {
        if (topology.settled().version() == 0) {
            return self + " looks for its cluster: it knows no ring yet";
        }
        boolean settled = topology.settled().members().containsKey(self);
        boolean coming = topology.latest().members().containsKey(self);
        if (settled && coming) {
            return self + " is a member of ring " + topology.settled().version();
        }
        if (settled) {
            return self + " is leaving: its partitions are handed over";
        }
        if (coming) {
            return self + " is joining: it receives what it comes to own";
        }
        if (isStagedToJoin(self, cluster)) {
            return self + " waits to join: see the plan, and commit it";
        }
        return storedBytes(self, cluster) == 0
                ? self + " has left, or was never in: nothing is held here; it can be stopped"
                : self + " has left: its partitions are being dropped";
    }

    private static boolean isStagedToJoin(NodeId self, ClusterSnapshot cluster) {
        return cluster.ring().staged().stream()
                .anyMatch(change -> change.node().equals(self) && change.kind() == StagedChange.Kind.JOIN);
    }

    private static long storedBytes(NodeId self, ClusterSnapshot cluster) {
        return cluster.members().stream()
                .filter(member -> member.id().equals(self))
                .mapToLong(MemberState::storedBytes)
                .sum();
    }
}
