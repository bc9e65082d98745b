package dev.gramme.sim;

import dev.gramme.membership.Timings;
import dev.gramme.node.ControlPlane;
import dev.gramme.node.ControlSettings;
import dev.gramme.node.NodeSettings;
import dev.gramme.ring.Claim;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.sim.history.History;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Probe;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** A whole cluster and all that it stands on, in one thread, from one seed. */
final class World {
    private final Scenario scenario;
    private final Tampering tampering;
    private final Randomness random;
    private final Timeline timeline = new Timeline();
    private final Trace trace;
    private final SimNetwork network;
    private final History history;
    private final Ring ring;
    private final int loops;
    private final Workload workload;
    private final SortedMap<NodeId, SimNode> nodes = new TreeMap<>();
    private final Map<Probe, Long> probes = new EnumMap<>(Probe.class);
    private final DurablePromises promises = new DurablePromises(this);
    private long disturbedNanos;

    World(Scenario scenario, long seed, Tampering tampering, Trace trace) {
        this.scenario = scenario;
        this.tampering = tampering;
        this.random = new Randomness(seed);
        this.trace = trace;
        this.network = new SimNetwork(timeline, trace, random.fork("network"));
        this.history = new History(scenario.replicas(), scenario.unforcedNanos());
        Randomness shape = random.fork("shape");
        int count = (int) shape.between(scenario.nodes().low(), scenario.nodes().high());
        List<RingMember> claims = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            claims.add(new RingMember(new NodeId("n" + (i + 1)), "z" + shape.below(3), RingMember.DEFAULT_WEIGHT));
        }
        this.workload = shape.pick(scenario.workloads());
        this.loops = shape.chance(0.4) ? 2 : 1;
        this.ring = Claim.claim(shape.chance(0.5) ? 16 : 64, scenario.replicas(), claims);
        for (RingMember member : claims) {
            SimNode node = new SimNode(this, member.id());
            nodes.put(member.id(), node);
            network.attach(member.id(), node);
        }
    }

    Scenario scenario() {
        return scenario;
    }

    Workload workload() {
        return workload;
    }

    Tampering tampering() {
        return tampering;
    }

    Randomness random() {
        return random;
    }

    Timeline timeline() {
        return timeline;
    }

    Trace trace() {
        return trace;
    }

    SimNetwork network() {
        return network;
    }

    History history() {
        return history;
    }

    Ring ring() {
        return ring;
    }

    /** K. */
    int loops() {
        return loops;
    }

    /** In order of their ids. */
    List<SimNode> nodes() {
        return List.copyOf(nodes.values());
    }

    SimNode node(NodeId id) {
        SimNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no node " + id);
        }
        return node;
    }

    NodeSettings settings(NodeId self) {
        NodeSettings usual = NodeSettings.defaults(self, loops);
        return scenario.tight() ? usual.withRequests(2, 3) : usual;
    }

    private static String bridge(NodeId id) {
        return id + ":7000";
    }

    ControlPlane controlPlane(SimNode node, long instance) {
        RingMember claim = Objects.requireNonNull(ring.members().get(node.id()));
        SortedMap<NodeId, String> bridges = new TreeMap<>();
        ring.members().keySet().forEach(id -> bridges.put(id, bridge(id)));
        bridges.remove(node.id());
        return new ControlPlane(
                new ControlSettings(
                        node.id(),
                        instance,
                        "simulated",
                        ring.partitions(),
                        ring.replicas(),
                        claim.zone(),
                        claim.weight(),
                        bridge(node.id()),
                        node.id() + ":8080",
                        "simulated",
                        loops,
                        Timings.DEFAULT,
                        ring,
                        bridges),
                node.buckets(),
                null);
    }

    DurablePromises promises() {
        return promises;
    }

    /** R and W of both buckets. */
    int bucketQuorum() {
        return Math.min(2, scenario.replicas());
    }

    Reach reach() {
        return new Reach(this);
    }

    void observed(Probe probe, long amount) {
        probes.merge(probe, amount, Long::sum);
    }

    Map<Probe, Long> probes() {
        return probes;
    }

    /** A node's plane has this kept. */
    void kept(NodeId node, Mutation mutation, long nowNanos) {
        switch (mutation) {
            case Mutation.SetState set -> history.ledger().kept(node, set.key(), set.state(), nowNanos);
            case Mutation.SetHint set -> history.ledger().kept(node, set.key(), set.state(), nowNanos);
            case Mutation.DropHint ignored -> {}
            case Mutation.DropPartition ignored -> {}
        }
    }

    /** Whatever who can reach whom depends on has just changed. */
    void disturbed() {
        disturbedNanos = timeline.nowNanos();
    }

    /** Since when nothing has changed of who can reach whom. */
    long calmSinceNanos() {
        return disturbedNanos;
    }

    /** All that is known of the key anywhere. */
    VersionSet everythingOf(Key key) {
        VersionSet merged = VersionSet.EMPTY;
        for (SimNode node : nodes.values()) {
            merged = merged.absorb(node.disk().visible().everythingOf(key));
        }
        return merged;
    }

    /** Hints waiting anywhere. */
    long hints() {
        long hints = 0;
        for (SimNode node : nodes.values()) {
            for (SortedMap<NodeId, ?> byOwner : node.disk().visible().hints()) {
                hints += byOwner.size();
            }
        }
        return hints;
    }
}
