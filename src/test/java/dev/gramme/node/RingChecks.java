package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** What must hold in a {@link RingWorld} at every moment. */
final class RingChecks {
    private final RingWorld world;
    private final List<String> broken = new ArrayList<>();
    private final TreeMap<Long, Proposal.Id> readBy = new TreeMap<>();
    private final TreeMap<Long, Long> settled = new TreeMap<>();
    private final TreeSet<String> probes = new TreeSet<>();

    RingChecks(RingWorld world) {
        this.world = world;
    }

    /** Rare things that were seen to happen. */
    TreeSet<String> probes() {
        return probes;
    }

    void probe(String what) {
        probes.add(what);
    }

    List<String> broken() {
        return broken;
    }

    void broken(String what) {
        broken.add("at " + world.millis + " ms: " + what);
    }

    void merged(RingProcess process, String objection) {
        if (!objection.isEmpty()) {
            broken(process.id + " can't merge: " + objection);
        }
    }

    void look(RingProcess process) {
        Topology topology = process.topology();
        Ring ring = topology.settled();
        if (ring.version() > 0) {
            Long other = settled.putIfAbsent(ring.version(), ring.hash());
            if (other != null && other != ring.hash()) {
                broken("two rings " + ring.version() + " are settled");
            }
            ownersOf(ring);
        }
        Proposal proposal = topology.proposal();
        Phase phase = topology.phase();
        if (proposal != null) {
            ownersOf(topology.latest());
        }
        if (proposal != null && phase != null) {
            neighbours(process, topology, proposal, phase);
        }
        if (proposal != null && phase == Phase.READY) {
            Proposal.Id other = readBy.putIfAbsent(proposal.base(), proposal.id());
            if (other != null && !other.isSameChange(proposal.id())) {
                broken("two rivals on ring " + proposal.base() + " are read from: " + other + " and " + proposal.id());
            }
        }
    }

    private void ownersOf(Ring ring) {
        int width = Math.min(RingWorld.REPLICAS, ring.members().size());
        for (List<NodeId> owners : ring.owners()) {
            if (owners.size() != width || new HashSet<>(owners).size() != width) {
                broken("not " + width + " distinct owners: " + owners);
            }
        }
    }

    /** No member that is needed is more than one phase behind this one. */
    private void neighbours(RingProcess process, Topology topology, Proposal proposal, Phase phase) {
        for (NodeId node : topology.needed()) {
            RingProcess other = world.processes.get(node);
            if (other == null || !other.isUp() || phase == Phase.PREPARED) {
                continue;
            }
            Topology theirs = other.topology();
            if (theirs.settled().version() > proposal.base()) {
                continue;
            }
            Proposal theirProposal = theirs.proposal();
            Phase theirPhase = theirs.phase();
            boolean same = theirProposal != null && theirProposal.id().isSameChange(proposal.id());
            int behind = !same || theirPhase == null ? -1 : theirPhase.ordinal();
            boolean left = theirs.settled().version() == proposal.base()
                    && other.keeper().table().proposal() != null
                    && !same
                    && !phase.isAtLeast(Phase.READY);
            if (phase.ordinal() - behind > 1 && !left && world.data.checked) {
                broken(process.id + " is " + phase + " and " + node + " only " + theirPhase + " with " + proposal.id());
            }
        }
    }
}
