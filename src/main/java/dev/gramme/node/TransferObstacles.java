package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What stands in the way of what this node is to take over, for people: which members can't read their stores of which partitions, or lack some of them. */
final class TransferObstacles {
    /** Named in one line; the rest is counted. */
    private static final int MAX_NAMED = 8;

    private record Obstacle(NodeId source, ReplicaStatus why) implements Comparable<Obstacle> {
        @Override
        public int compareTo(Obstacle other) {
            int bySource = source.compareTo(other.source);
            return bySource != 0 ? bySource : why.compareTo(other.why);
        }
    }

    private final SortedMap<Integer, Obstacle> refused = new TreeMap<>();

    void refused(int partition, NodeId source, ReplicaStatus why) {
        refused.put(partition, new Obstacle(source, why));
    }

    /** Something of it has come, or all. */
    void gone(int partition) {
        refused.remove(partition);
    }

    void restart() {
        refused.clear();
    }

    /** The lines, and after them a line for each member that can't give. */
    List<String> among(List<String> lines) {
        List<String> all = new ArrayList<>(lines);
        SortedMap<Obstacle, SortedSet<Integer>> partitions = new TreeMap<>();
        refused.forEach((partition, obstacle) ->
                partitions.computeIfAbsent(obstacle, o -> new TreeSet<>()).add(partition));
        partitions.forEach((obstacle, refused) -> all.add(line(obstacle, refused)));
        return all;
    }

    private static String line(Obstacle obstacle, SortedSet<Integer> partitions) {
        NodeId source = obstacle.source();
        List<Integer> named = partitions.stream().limit(MAX_NAMED).toList();
        int more = partitions.size() - named.size();
        String which = named + (more > 0 ? " and " + more + " more" : "") + ", which this node is to take over: ";
        if (obstacle.why() == ReplicaStatus.OUTDATED) {
            return source + " has an older disk, and so may hold what was deleted in partitions " + which
                    + "it gives them when it has compared what it held since with their other owners, which needs each of them up";
        }
        return obstacle.why() == ReplicaStatus.LACKING
                ? source + " may have lost some of partitions " + which
                        + "it gives them when it has been compared with their other owners, which needs room on its disk;"
                        + " soon all of them are asked for what they have left, which needs each of them up"
                : source + " can't read its store of partitions " + which + "see the log of " + source
                        + "; mend or restart it, or, if its disk is lost, `gramme cluster remove --force " + source
                        + "`";
    }
}
