package dev.gramme.sim;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whether a request asked of a node had to succeed: what "W nodes can be reached" means here. */
record Reach(World world) {
    /** Longer than the failure detector needs, so that by then every view is right. */
    static final long DETECTION_NANOS = 4 * Timeline.SECOND;

    /**
     * @param quorum R or W
     * @param writing only nodes with room on their disks count
     */
    boolean owes(NodeId asked, Key key, int quorum, boolean strict, boolean writing, long invokedNanos) {
        if (world.calmSinceNanos() + DETECTION_NANOS > invokedNanos
                || world.scenario().tight()
                || world.nodes().stream().anyMatch(n -> n.disk().isSlow())
                || !world.network().weather().isReliable()) {
            return false;
        }
        SortedSet<NodeId> together = togetherWith(asked);
        List<NodeId> counted = strict ? world.ring().owners(world.ring().partitionOf(key)) : List.copyOf(together);
        long reached = counted.stream()
                .filter(together::contains)
                .filter(n -> !writing || !world.node(n).disk().isKnownFull())
                .count();
        return reached >= quorum;
    }

    /** The working nodes on this node's side of every cut; none if a cut is one-way, for then views may differ for as long as it lasts. */
    private SortedSet<NodeId> togetherWith(NodeId asked) {
        SortedSet<NodeId> together = new TreeSet<>();
        if (!world.node(asked).isWorking() || world.network().cuts().stream().anyMatch(Cut::oneWay)) {
            return together;
        }
        for (SimNode node : world.nodes()) {
            if (node.isWorking() && (node.id().equals(asked) || world.network().passes(asked, node.id()))) {
                together.add(node.id());
            }
        }
        return together;
    }
}
