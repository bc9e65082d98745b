package dev.gramme.sim;

import dev.gramme.node.Effect;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Topology;
import dev.gramme.sim.history.History;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Dot;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the members tell each other while the ring changes, looked at from inside. "Caught up" means that nothing begun under an older topology is
 * unanswered. "Received" means that the new owner's disk holds all that its sources' disks held when the transfer could begin. Who dropped a
 * partition has forgotten, and mints under another name from then on. Finds at once what only a rare course would bring to light.
 */
final class TransferPromises {
    private record Range(NodeId newcomer, Proposal.Id proposal, int partition) implements Comparable<Range> {
        @Override
        public int compareTo(Range other) {
            int byNode = newcomer.compareTo(other.newcomer);
            int byProposal = byNode != 0 ? byNode : proposal.compareTo(other.proposal);
            return byProposal != 0 ? byProposal : Integer.compare(partition, other.partition);
        }
    }

    private final World world;
    private final SortedMap<Range, SortedMap<Key, CausalContext>> due = new TreeMap<>();
    private final Set<Long> forgetful = new HashSet<>();
    private final List<String> findings = new ArrayList<>();
    private boolean settled;

    TransferPromises(World world) {
        this.world = world;
    }

    List<String> findings() {
        return findings;
    }

    /** From now on no change of the ring is under way, and everybody knows it. */
    void ringSettled() {
        settled = true;
    }

    /** {@code self} goes by this topology from now on: what its sources hold now it must hold when it says so. */
    void published(NodeId self, Topology topology) {
        Proposal proposal = topology.proposal();
        if (proposal == null || !topology.transferring() || world.history().unforcedNanos() > 0) {
            return;
        }
        for (int p = 0; p < topology.settled().partitions(); p++) {
            Range range = new Range(self, proposal.id(), p);
            for (NodeId source : due.containsKey(range) ? List.<NodeId>of() : topology.sources(p, self)) {
                SortedMap<Key, CausalContext> held = due.computeIfAbsent(range, r -> new TreeMap<>());
                world.node(source)
                        .disk()
                        .durable()
                        .partition(p)
                        .forEach((key, state) -> held.merge(key, state.context(), CausalContext::join));
            }
        }
    }

    void received(NodeId self, Effect.RangeReceived said) {
        SortedMap<Key, CausalContext> held =
                due.getOrDefault(new Range(self, said.proposal(), said.partition()), new TreeMap<>());
        for (Map.Entry<Key, CausalContext> entry : held.entrySet()) {
            CausalContext here = world.node(self)
                    .disk()
                    .durable()
                    .everythingOf(entry.getKey())
                    .context();
            if (!here.covers(entry.getValue()) && !world.history().diskWasLost()) {
                found(self + " says that it has received partition " + said.partition() + ", but of " + entry.getKey()
                        + " its disk holds " + here + " and its sources held " + entry.getValue());
            }
        }
    }

    void caughtUp(NodeId self, int loop, long epoch, boolean isAnyOlder) {
        if (isAnyOlder) {
            found(self + " says that loop " + loop + " has caught up with topology " + epoch
                    + ", but a request that it began before is unanswered");
        }
    }

    /** A plane that minted as {@code actor} wants this done. */
    void kept(Effect.Persist persist, NodeId self, long actor) {
        for (Mutation mutation : persist.mutations()) {
            if (mutation instanceof Mutation.DropPartition drop
                    && !world.node(self)
                            .disk()
                            .visible()
                            .partition(drop.partition())
                            .isEmpty()) {
                forgetful.add(actor);
            }
        }
    }

    void minted(NodeId self, Dot dot) {
        if (forgetful.contains(dot.actor())) {
            found(self + " mints " + dot + " under the name that it had before it dropped a partition");
        }
    }

    void sent(NodeId self, NodeId to, Message message) {
        boolean aboutData = message instanceof Message.KeyRequest || message instanceof Message.PartitionRequest;
        if (settled && aboutData && !world.rings().settled().members().containsKey(to)) {
            found(self + " asks " + to + ", which is no member any more: " + message);
        }
    }

    private void found(String what) {
        findings.add("TransferPromises: " + what + ", at "
                + History.seconds(world.timeline().nowNanos()));
    }
}
