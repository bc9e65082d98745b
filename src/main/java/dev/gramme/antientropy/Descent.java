package dev.gramme.antientropy;

import java.util.ArrayList;
import java.util.List;

/**
 * The way from a root to the leaves in which two trees differ: level by level, a few nodes at a time, only where hashes differ (DeCandia et al. 2007, 4.7).
 */
final class Descent {
    /** Nodes whose children are asked for at once: 1,024 hashes, 8 KiB. */
    static final int NODES_A_MESSAGE = 64;

    /** How many nodes a level has. */
    static int nodesAt(int level) {
        int nodes = 1;
        for (int i = 0; i < level; i++) {
            nodes *= MerkleTree.FAN_OUT;
        }
        return nodes;
    }

    private int level;
    /** Of this level, those that differ: the first {@code asked} were looked into. */
    private List<Integer> nodes = List.of(0);

    private int asked;
    private List<Integer> below = new ArrayList<>();

    /** Whether the leaves that differ are known. */
    boolean isOver() {
        return level == MerkleTree.DEPTH;
    }

    int level() {
        return level;
    }

    /** Whose children are to be asked for next. */
    List<Integer> next() {
        return nodes.subList(asked, Math.min(nodes.size(), asked + NODES_A_MESSAGE));
    }

    /** The leaves that differ, in order, when it is over. */
    List<Integer> leaves() {
        return nodes;
    }

    /** The root is the same: nothing differs. */
    void foundSame() {
        level = MerkleTree.DEPTH;
        nodes = List.of();
    }

    /**
     * @param hashes the peer's, of the children of {@link #next}
     * @return false if these are no such hashes
     */
    boolean take(List<Long> hashes, Trees trees, int partition) {
        List<Integer> batch = next();
        if (hashes.size() != batch.size() * MerkleTree.FAN_OUT) {
            return false;
        }
        int i = 0;
        for (int node : batch) {
            long[] own = trees.children(partition, level, node);
            for (int child = 0; child < MerkleTree.FAN_OUT; child++) {
                if (own[child] != hashes.get(i++)) {
                    below.add(node * MerkleTree.FAN_OUT + child);
                }
            }
        }
        asked += batch.size();
        if (asked == nodes.size()) {
            level = below.isEmpty() ? MerkleTree.DEPTH : level + 1;
            nodes = below;
            below = new ArrayList<>();
            asked = 0;
        }
        return true;
    }
}
