package dev.gramme.sim;

import dev.gramme.antientropy.CollectionBounds;
import dev.gramme.antientropy.ExchangeBounds;
import dev.gramme.handoff.HintBounds;
import dev.gramme.membership.Timings;
import dev.gramme.node.ControlPlane;
import dev.gramme.node.ControlSettings;
import dev.gramme.node.NodeSettings;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.sim.history.History;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Probe;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** A whole cluster and all that it stands on, in one thread, from one seed. */
final class World {
    /** Each pair of owners compares once in this time. */
    private static final int REPAIR_MILLIS = 10_000;
    /** Longer than the retries of one write go on. */
    private static final int COLLECT_AFTER_MILLIS = 5_000;

    /** Met while a node is away for a moment. */
    private static final HintBounds FEW_HINTS = new HintBounds(2_048, 1_500);

    private final Scenario scenario;
    private final Tampering tampering;
    private final Randomness random;
    private final Timeline timeline = new Timeline();
    private final Trace trace;
    private final SimNetwork network;
    private final History history;
    private final Machines machines;
    private final int loops;
    private final HintBounds hintBounds;
    private final Workload workload;
    private final boolean collecting;
    private final Map<Probe, Long> probes = new EnumMap<>(Probe.class);
    private final Map<Struck, Long> struck = new EnumMap<>(Struck.class);
    private final Rings rings = new Rings(this);
    private final DurablePromises promises = new DurablePromises(this);
    private final Readability readability = new Readability(this);
    private final TransferPromises transfers = new TransferPromises(this);
    private final AdmittedWork admittedWork = new AdmittedWork();
    private long disturbedNanos;

    World(Scenario scenario, long seed, Tampering tampering, Trace trace) {
        this.scenario = scenario;
        this.tampering = tampering;
        this.random = new Randomness(seed);
        this.trace = trace;
        this.network = new SimNetwork(timeline, trace, random.fork("network"));
        this.history = new History(scenario.replicas(), scenario.unforcedNanos());
        Randomness shape = random.fork("shape");
        this.machines = new Machines(this, shape);
        this.workload = shape.pick(scenario.workloads());
        this.loops = shape.chance(0.4) ? 2 : 1;
        this.hintBounds = shape.chance(0.4) ? FEW_HINTS : HintBounds.DEFAULT;
        SortedSet<Fault> faults = scenario.choose(random.fork("faults"));
        // By clocks that are apart nobody can say how old a delete is.
        boolean clocksAgree = !faults.contains(Fault.CLOCK_SKEW) && !faults.contains(Fault.CLOCK_JUMP);
        this.collecting = clocksAgree
                && (workload.equals(Workload.WANING)
                        || random.fork("collecting").chance(0.4));
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

    Machines machines() {
        return machines;
    }

    Rings rings() {
        return rings;
    }

    int partitionOf(Key key) {
        return machines.founding().partitionOf(key);
    }

    /** Q. */
    int partitions() {
        return machines.founding().partitions();
    }

    /** K. */
    int loops() {
        return loops;
    }

    /** Those that are not gone for good, in order of their ids. */
    List<SimNode> nodes() {
        return machines.standing();
    }

    SimNode node(NodeId id) {
        return machines.get(id);
    }

    /**
     * Whether it has been wiped, begun the cluster of which it was the first node once more, and not heard yet that there is more of it. Nothing on its disk says so, and nobody
     * promises anything of what it answers alone.
     */
    boolean isAloneAgain(NodeProcess process) {
        return process.topology().latest().members().size() == 1
                && rings.settled().members().size() > 1;
    }

    boolean isAloneAgain(NodeId node) {
        NodeProcess process = node(node).process();
        return process != null && isAloneAgain(process);
    }

    /** Every node that runs now and goes by a ring in which it serves. */
    List<NodeProcess> serving() {
        List<NodeProcess> serving = new ArrayList<>();
        for (SimNode node : nodes()) {
            NodeProcess process = node.process();
            if (process != null && process.topology().serves(node.id()) && !isAloneAgain(process)) {
                serving.add(process);
            }
        }
        return serving;
    }

    boolean isCollecting() {
        return collecting;
    }

    /** How long a client may go on with one write: as long as deletes are surely not forgotten. */
    long retryNanos() {
        return collecting ? COLLECT_AFTER_MILLIS * Timeline.MILLI : Long.MAX_VALUE / 4;
    }

    NodeSettings settings(NodeId self) {
        NodeSettings usual = NodeSettings.defaults(self, loops);
        NodeSettings repairing = usual.withExchanges(new ExchangeBounds(4, 16 << 20, REPAIR_MILLIS))
                .withHints(hintBounds);
        if (collecting) {
            repairing = repairing.withCollections(new CollectionBounds(COLLECT_AFTER_MILLIS, 300, 10));
        }
        return scenario.tight() ? repairing.withRequests(2, 3) : repairing;
    }

    ControlPlane controlPlane(SimNode node, long instance) {
        Ring founding = machines.founding();
        return new ControlPlane(
                new ControlSettings(
                        node.id(),
                        instance,
                        "simulated",
                        founding.partitions(),
                        founding.replicas(),
                        node.claim().zone(),
                        node.claim().weight(),
                        node.address(),
                        node.id() + ":8080",
                        "simulated",
                        loops,
                        Timings.DEFAULT,
                        machines.isFounder(node.id()) ? founding : null,
                        machines.configuredFor(node.id())),
                node.buckets(),
                node.topologyFile().kept());
    }

    /** Whether all are up and whole, and no hint is out. */
    boolean isMended() {
        Ring settled = rings.settled();
        return hints() == 0
                && nodes().stream().allMatch(SimNode::isUp)
                && settled.members().keySet().stream().allMatch(member -> isWhole(member, settled));
    }

    private boolean isWhole(NodeId member, Ring settled) {
        for (int p = 0; p < settled.partitions(); p++) {
            if (settled.owns(member, p) && node(member).disk().losses().isLacking(p)) {
                return false;
            }
        }
        return true;
    }

    DurablePromises promises() {
        return promises;
    }

    Readability readability() {
        return readability;
    }

    TransferPromises transfers() {
        return transfers;
    }

    AdmittedWork admittedWork() {
        return admittedWork;
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

    void struck(Struck how) {
        struck.merge(how, 1L, Long::sum);
    }

    Map<Struck, Long> struck() {
        return struck;
    }

    /** A node's plane has this kept. */
    void kept(NodeId node, Mutation mutation, long nowNanos) {
        long aheadMillis = node(node).clock().aheadMillis();
        switch (mutation) {
            case Mutation.SetState set -> history.ledger().kept(node, set.key(), set.state(), nowNanos, aheadMillis);
            case Mutation.SetHint set -> history.ledger().kept(node, set.key(), set.state(), nowNanos, aheadMillis);
            case Mutation.DropHint ignored -> {}
            case Mutation.DropPartition drop -> readability.dropping(node, drop.partition());
            case Mutation.SetAside ignored -> {}
            case Mutation.Barrier ignored -> {}
            case Mutation.Collect collect -> collected(node, collect, nowNanos);
            case Mutation.Promise ignored -> {}
        }
    }

    /** Of those that are named, the ones that the node holds as they are named. */
    private void collected(NodeId at, Mutation.Collect collect, long nowNanos) {
        for (KeyDigest named : collect.keys()) {
            VersionSet state = node(at).disk().visible().state(named.key());
            if (!state.isEmpty() && StateDigest.of(state) == named.digest()) {
                history.forgotten().collected(named.key(), state, node(at).now().wallMillis(), nowNanos);
            }
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

    /** All that the members of the settled ring know of the key. */
    VersionSet everythingOf(Key key) {
        VersionSet merged = VersionSet.EMPTY;
        for (NodeId member : rings.settled().members().keySet()) {
            merged = merged.absorb(node(member).disk().visible().everythingOf(key));
        }
        return merged;
    }

    /** Hints waiting anywhere. */
    long hints() {
        return nodes().stream().mapToLong(n -> n.disk().visible().hintCount()).sum();
    }
}
