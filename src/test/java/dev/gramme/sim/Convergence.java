package dev.gramme.sim;

import dev.gramme.antientropy.Trees;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.sim.history.History;
import dev.gramme.version.VersionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a healed cluster must come to within a bound: one ring, everywhere; every change ended, one way or the other; every hint delivered; every
 * partition held by its owners alone, by all of them in the same states; nothing asked by a client still under way.
 */
final class Convergence {
    private static final long BOUND_NANOS = 90 * Timeline.SECOND;
    private static final long LOOK_NANOS = Timeline.SECOND / 2;

    private final World world;
    private final RingChaos ring;

    Convergence(World world, RingChaos ring) {
        this.world = world;
        this.ring = ring;
    }

    /** What it has not come to, in words; nothing if all is well. */
    List<String> await() {
        Timeline timeline = world.timeline();
        long deadline = timeline.nowNanos() + BOUND_NANOS;
        List<String> left = left();
        while (!left.isEmpty() && timeline.nowNanos() < deadline) {
            ring.buryTheDead();
            timeline.runUntil(timeline.nowNanos() + LOOK_NANOS);
            left = left();
        }
        String bound = " within " + History.seconds(BOUND_NANOS) + " of a healthy cluster";
        return left.stream().map(l -> "Liveness: " + l + bound).toList();
    }

    private List<String> left() {
        List<String> left = new ArrayList<>();
        if (world.hints() > 0) {
            left.add(world.hints() + " hints were not delivered");
        }
        Ring settled = world.rings().settled();
        for (NodeId member : settled.members().keySet()) {
            if (world.machines().isGone(member)) {
                left.add(member + ", which is gone for good, is still in ring " + settled.version());
            }
        }
        for (SimNode node : world.nodes()) {
            NodeProcess process = node.process();
            if (process == null) {
                if (settled.members().containsKey(node.id())) {
                    left.add(node.id() + " is not up");
                }
                continue;
            }
            requests(process, left);
            if (node.disk().bad().isAny()) {
                left.add(node.id() + " has not found its damaged record");
            }
            ring(process, settled, left);
            data(node, settled, left);
        }
        equality(settled, left);
        lacking(settled, left);
        return left;
    }

    /** Nobody has read anything for this: what differs is for the trees to find. */
    private void equality(Ring settled, List<String> left) {
        for (int partition = 0; partition < settled.partitions(); partition++) {
            NodeId first = settled.owners(partition).getFirst();
            for (NodeId owner : settled.owners(partition)) {
                SortedMap<Key, VersionSet> expected = held(first, partition);
                SortedMap<Key, VersionSet> held = held(owner, partition);
                if (!held.equals(expected)) {
                    left.add(owner + " and " + first + " still held different states of partition " + partition + ": "
                            + held + " and " + expected);
                } else if (trees(owner).root(partition) != trees(first).root(partition)) {
                    left.add(owner + " and " + first + " had different trees over the same partition " + partition);
                }
            }
        }
    }

    private void lacking(Ring settled, List<String> left) {
        for (int partition = 0; partition < settled.partitions(); partition++) {
            for (NodeId owner : settled.owners(partition)) {
                if (world.node(owner).disk().losses().isLacking(partition)) {
                    left.add(owner + " did not become whole again in partition " + partition);
                }
            }
        }
    }

    private SortedMap<Key, VersionSet> held(NodeId node, int partition) {
        return world.node(node).disk().visible().partition(partition);
    }

    private Trees trees(NodeId node) {
        return new SimStore(world.node(node)).trees(world.partitions());
    }

    private static void requests(NodeProcess process, List<String> left) {
        if (process.unanswered() > 0) {
            left.add(process.node() + " still owed answers to " + process.unanswered() + " requests");
        }
        if (process.underWay() > 0) {
            left.add(process.node() + " did not let go of " + process.underWay() + " requests that were over");
        }
    }

    private static void ring(NodeProcess process, Ring settled, List<String> left) {
        Topology topology = process.topology();
        if (topology.settled().hash() != settled.hash()) {
            left.add(
                    process.node() + " still went by ring " + topology.settled().version() + " of "
                            + topology.settled().members().keySet() + ", not by " + settled.version());
        }
        if (topology.target() != null) {
            left.add(process.node() + " was still changing the ring: " + topology.proposal() + " in phase "
                    + topology.phase());
        }
    }

    private static void data(SimNode node, Ring settled, List<String> left) {
        SortedSet<Integer> held = node.disk().visible().partitions();
        held.removeIf(partition -> settled.owns(node.id(), partition));
        if (!held.isEmpty()) {
            left.add(node.id() + " still held the partitions " + held + ", which it does not own");
        }
    }
}
