package dev.gramme.antientropy;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;

/** A partition and another owner of it: what an exchange is about. */
record Pair(int partition, NodeId peer) implements Comparable<Pair> {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    @Override
    public int compareTo(Pair other) {
        int byPartition = Integer.compare(partition, other.partition);
        return byPartition != 0 ? byPartition : peer.compareTo(other.peer);
    }

    /** Whether it is for {@code self} to begin their regular exchange: for one of the two, each as often. */
    boolean isBegunBy(NodeId self) {
        boolean firstById =
                (hash(self.compareTo(peer) < 0 ? self : peer, peer.compareTo(self) < 0 ? self : peer) & 1) == 0;
        return firstById == self.compareTo(peer) < 0;
    }

    /** A share of {@code span}, the same each time, spread evenly over all pairs. */
    long spread(NodeId self, long span) {
        return span <= 0 ? 0 : Long.remainderUnsigned(hash(self, peer) >>> 1, span);
    }

    /** By what it is called, not by {@code hashCode}: the same on every machine and in every version. */
    private long hash(NodeId one, NodeId other) {
        long hash = partition * GOLDEN;
        for (char c : (one.name() + '\0' + other.name()).toCharArray()) {
            hash = (hash ^ c) * 0x100000001B3L;
        }
        long mixed = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        return mixed ^ (mixed >>> 31);
    }

    /** Whether the two may compare: both own the partition by the settled ring, and no change under way moves it. */
    static boolean mayCompare(Topology topology, int partition, NodeId self, NodeId peer) {
        return mayMend(topology, partition, self, peer)
                && topology.quorums(partition).size() == 1;
    }

    /** Whether the one of them that lacks the partition may fill it from the other: both own it by the settled ring, whatever a change under way does with it. */
    static boolean mayMend(Topology topology, int partition, NodeId self, NodeId peer) {
        return partition < topology.settled().partitions()
                && topology.settled().owns(self, partition)
                && topology.settled().owns(peer, partition)
                && topology.serves(self)
                && topology.serves(peer);
    }
}
