package dev.gramme.sim;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whether a request asked of a node had to succeed: what "W nodes can be reached" means here. */
record Reach(World world) {
    /** Longer than the failure detector needs, so that by then every view is right. */
    static final long DETECTION_NANOS = 4 * Timeline.SECOND;

    /** Who hears hardly anybody doubts itself first, and judges others later (Lifeguard's local health). */
    static final long DETECTION_OF_MOST_NANOS = 7 * Timeline.SECOND;

    /**
     * @param quorum R or W
     * @param writing only nodes with room on their disks count; who lacks something counts for no strict read
     */
    boolean owes(NodeId asked, Key key, int quorum, boolean strict, boolean writing, long invokedNanos) {
        if (world.calmSinceNanos() + DETECTION_NANOS > invokedNanos
                || world.scenario().tight()
                || world.nodes().stream().anyMatch(n -> n.disk().isSlow())
                || !world.network().weather().isReliable()) {
            return false;
        }
        SortedSet<NodeId> together = togetherWith(asked);
        boolean amongMost = 2 * together.size() > world.nodes().size();
        if (!amongMost && world.calmSinceNanos() + DETECTION_OF_MOST_NANOS > invokedNanos) {
            return false;
        }
        if (!serves(asked, together)) {
            return false;
        }
        SortedSet<NodeId> able = new TreeSet<>(together);
        if (writing) {
            able.removeIf(n -> world.node(n).disk().isKnownFull());
        }
        int partition = world.partitionOf(key);
        if (strict && !writing) {
            able.removeIf(n -> world.node(n).disk().losses().isLacking(partition));
        }
        return together.stream()
                .map(n -> topology(n))
                .allMatch(topology -> isEnough(topology, partition, quorum, strict, able));
    }

    /**
     * Whether a node that goes by this topology finds so many that are able. Strictly, so many owners by each ring; else so many nodes, whatever they own: who
     * owns the key by one ring alone stands in for an owner by the other.
     */
    private static boolean isEnough(
            Topology topology, int partition, int quorum, boolean strict, SortedSet<NodeId> able) {
        List<NodeId> serving = able.stream().filter(topology::serves).toList();
        return topology.quorums(partition).stream().allMatch(set -> {
            long reached = strict ? set.stream().filter(serving::contains).count() : serving.size();
            return reached >= Math.min(quorum, set.size());
        });
    }

    /** Who comes in or goes takes no requests, or not all the time: only who is a member by both rings is owed that. */
    private boolean serves(NodeId asked, SortedSet<NodeId> together) {
        return !together.isEmpty() && together.stream().allMatch(n -> isMember(topology(n), asked));
    }

    private static boolean isMember(Topology topology, NodeId asked) {
        return topology.settled().members().containsKey(asked)
                && topology.latest().members().containsKey(asked);
    }

    private Topology topology(NodeId node) {
        NodeProcess process = world.node(node).process();
        if (process == null) {
            throw new IllegalStateException(node + " works, and has no process");
        }
        return process.topology();
    }

    /** The working nodes on this node's side of every cut; none if a cut is one-way, for then views may differ for as long as it lasts. */
    private SortedSet<NodeId> togetherWith(NodeId asked) {
        SortedSet<NodeId> together = new TreeSet<>();
        if (!world.node(asked).isWorking() || world.network().cuts().stream().anyMatch(Cut::oneWay)) {
            return together;
        }
        for (SimNode node : world.nodes()) {
            if (node.isWorking()
                    && isMember(node)
                    && (node.id().equals(asked) || world.network().passes(asked, node.id()))) {
                together.add(node.id());
            }
        }
        return together;
    }

    private static boolean isMember(SimNode node) {
        NodeProcess process = node.process();
        return process != null && process.topology().serves(node.id());
    }
}
