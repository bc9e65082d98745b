package dev.gramme.coordinator;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.PreferenceList;
import dev.gramme.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom to ask, best first. */
final class Candidates {
    private Candidates() {}

    /**
     * Coordinators of a write: an owner that is up, the one preferred by the client's context first (DeCandia et al. 2007, 5), then this node
     * if it is one, and while the ring changes none before those that hold the key already; only after all owners the fallbacks, and then the spare nodes, this one first: where no owner can be reached after all, anybody
     * may take the write.
     */
    static List<NodeId> forPut(
            PreferenceList list, Ring settled, NodeId self, @Nullable NodeId preferred, boolean strict) {
        List<NodeId> nodes = new ArrayList<>(list.entries().size());
        for (PreferenceList.Entry entry : list.entries()) {
            if (!entry.isPrimary()) {
                if (!strict) {
                    nodes.add(entry.node());
                }
            } else if (entry.node().equals(preferred) && settled.owns(entry.node(), list.partition())) {
                nodes.add(0, entry.node());
            } else if (entry.node().equals(self) && settled.owns(self, list.partition())) {
                nodes.add(!nodes.isEmpty() && nodes.get(0).equals(preferred) ? 1 : 0, entry.node());
            } else {
                nodes.add(entry.node());
            }
        }
        if (!strict) {
            int spares = nodes.size();
            for (NodeId node : list.spare()) {
                nodes.add(node.equals(self) ? spares : nodes.size(), node);
            }
        }
        return nodes;
    }

    /** Replicas to read from: this node first if it is in the list (no message), then owners by recent latency, then fallbacks, then spares. */
    static List<NodeId> forGet(PreferenceList list, NodeId self, boolean strict, PeerLatency latency) {
        List<NodeId> nodes =
                new ArrayList<>(list.entries().size() + list.spare().size());
        int first = 0;
        for (PreferenceList.Entry entry : list.entries()) {
            NodeId node = entry.node();
            if (strict && !entry.isPrimary()) {
                continue;
            }
            if (node.equals(self)) {
                nodes.add(0, node);
                first = 1;
            } else if (latency.hasRoom(node)) {
                int at = nodes.size();
                while (entry.isPrimary()
                        && at > first
                        && latency.meanNanos(nodes.get(at - 1)) > latency.meanNanos(node)) {
                    at--;
                }
                nodes.add(at, node);
            }
        }
        if (!strict) {
            for (NodeId node : list.spare()) {
                if (!node.equals(self) && latency.hasRoom(node)) {
                    nodes.add(node);
                }
            }
        }
        return nodes;
    }
}
