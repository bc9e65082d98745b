package dev.gramme.node;

import dev.gramme.ring.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What stands in the way of what this node is to take over, for people: which members can't read their stores of which partitions. */
final class TransferObstacles {
    /** Named in one line; the rest is counted. */
    private static final int MAX_NAMED = 8;

    private final SortedMap<Integer, NodeId> unreadable = new TreeMap<>();

    void unreadable(int partition, NodeId source) {
        unreadable.put(partition, source);
    }

    /** Something of it has come, or all. */
    void gone(int partition) {
        unreadable.remove(partition);
    }

    void restart() {
        unreadable.clear();
    }

    /** The lines, and after them a line for each member that can't give. */
    List<String> among(List<String> lines) {
        List<String> all = new ArrayList<>(lines);
        SortedMap<NodeId, SortedSet<Integer>> bySource = new TreeMap<>();
        unreadable.forEach((partition, source) ->
                bySource.computeIfAbsent(source, s -> new TreeSet<>()).add(partition));
        bySource.forEach((source, partitions) -> all.add(line(source, partitions)));
        return all;
    }

    private static String line(NodeId source, SortedSet<Integer> partitions) {
        List<Integer> named = partitions.stream().limit(MAX_NAMED).toList();
        int more = partitions.size() - named.size();
        return source + " can't read its store of partitions " + named + (more > 0 ? " and " + more + " more" : "")
                + ", which this node is to take over: see the log of " + source
                + "; mend or restart it, or, if its disk is lost, `gramme cluster remove --force "
                + source + "`";
    }
}
