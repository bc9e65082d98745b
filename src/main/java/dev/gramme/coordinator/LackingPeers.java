package dev.gramme.coordinator;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Outlook;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has said lately of which partition that it may have lost some of it: for a moment it is asked after the other owners, so that reads do not go there and back in vain until it is whole.
 */
final class LackingPeers {
    static final int REMEMBERED_MILLIS = 1_000;
    /** Beyond, all is forgotten, and learnt anew. */
    private static final int MAX_REMEMBERED = 65_536;

    private record Place(NodeId node, int partition) {}

    private final Map<Place, Long> saidNanos = new HashMap<>();

    void said(NodeId node, int partition, long nowNanos) {
        if (saidNanos.size() >= MAX_REMEMBERED) {
            saidNanos.clear();
        }
        saidNanos.put(new Place(node, partition), nowNanos);
    }

    /**
     * The same nodes in the same order, but owners that lack the partition after all other owners. Not after who owns nothing of it: that one's "nothing" counts, and would
     * hide what they still have.
     */
    List<NodeId> last(List<NodeId> nodes, Outlook outlook, int partition, long nowNanos) {
        if (saidNanos.isEmpty()) {
            return nodes;
        }
        List<NodeId> sorted = new ArrayList<>(nodes.size());
        List<NodeId> lacking = new ArrayList<>();
        List<NodeId> others = new ArrayList<>();
        for (NodeId node : nodes) {
            if (!outlook.owns(node, partition)) {
                others.add(node);
            } else if (isLacking(new Place(node, partition), nowNanos)) {
                lacking.add(node);
            } else {
                sorted.add(node);
            }
        }
        sorted.addAll(lacking);
        sorted.addAll(others);
        return sorted;
    }

    private boolean isLacking(Place place, long nowNanos) {
        Long said = saidNanos.get(place);
        if (said == null) {
            return false;
        }
        if (nowNanos - said < REMEMBERED_MILLIS * Turn.NANOS_PER_MILLI) {
            return true;
        }
        saidNanos.remove(place);
        return false;
    }
}
