package dev.gramme.ring;

import java.util.ArrayList;
import java.util.List;

/**
 * What a change of the ring makes move: the slots that a node has in {@code to} and had not in {@code from}.
 *
 * @param gained in order of partition; unmodifiable
 */
public record RingDiff(Ring from, Ring to, List<Gain> gained) {

    /** @param node comes to own the partition */
    public record Gain(int partition, NodeId node) {}

    public RingDiff {
        gained = List.copyOf(gained);
    }

    /** @throws IllegalArgumentException if the two have not the same number of partitions */
    public static RingDiff between(Ring from, Ring to) {
        if (from.partitions() != to.partitions()) {
            throw new IllegalArgumentException(
                    "rings of " + from.partitions() + " and " + to.partitions() + " partitions cannot be compared");
        }
        List<Gain> gained = new ArrayList<>();
        for (int p = 0; p < to.partitions(); p++) {
            for (NodeId node : to.owners(p)) {
                if (!from.owns(node, p)) {
                    gained.add(new Gain(p, node));
                }
            }
        }
        return new RingDiff(from, to, gained);
    }

    /**
     * What the nodes of {@link #to} have more than they had: no ring with these shares moves less. Where zones must be kept apart a slot can't always go
     * straight to who gains, and the least that is possible may lie above.
     */
    public int leastPossible() {
        int least = 0;
        for (NodeId node : to.members().keySet()) {
            least += Math.max(0, to.share(node) - from.share(node));
        }
        return least;
    }
}
