package dev.gramme.sim;

import dev.gramme.ring.NodeId;
import java.util.SortedSet;
import java.util.TreeSet;

/** A partition of the network: nothing goes from one side to the other, nor back unless it is one-way. */
record Cut(SortedSet<NodeId> side, boolean oneWay) {
    Cut {
        side = new TreeSet<>(side);
    }

    boolean blocks(NodeId from, NodeId to) {
        boolean leaves = side.contains(from) && !side.contains(to);
        boolean enters = !side.contains(from) && side.contains(to);
        return leaves || (enters && !oneWay);
    }
}
