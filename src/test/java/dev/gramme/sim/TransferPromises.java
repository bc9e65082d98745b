package dev.gramme.sim;

import dev.gramme.handoff.HintBook;
import dev.gramme.node.Effect;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Topology;
import dev.gramme.sim.history.History;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Dot;
import dev.gramme.version.VersionSet;
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
 * partition has forgotten, and mints under another name from then on. A hint whose owner gives the partition away, or has, is dropped only when who comes after
 * that owner has what it says, or a hint of its own. Finds at once what only a rare course would bring to light.
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
            if (!here.join(world.history().forgotten().context(entry.getKey())).covers(entry.getValue())
                    && !world.history().anyDiskLost()) {
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

    /** {@code self}, which goes by {@code topology}, is about to write this down. */
    void persisting(SimNode self, Topology topology, List<Mutation> mutations) {
        for (Mutation mutation : mutations) {
            if (mutation instanceof Mutation.DropHint drop) {
                HintBook.Hint hint = self.disk().visible().hintsOf(drop.key()).get(drop.owner());
                for (NodeId heir : hint == null ? List.<NodeId>of() : heirs(topology, drop)) {
                    VersionSet told =
                            hint.state().isEmpty() ? self.disk().visible().state(drop.key()) : hint.state();
                    if (!knows(heir, drop.key(), told) && !isToBeTold(heir, drop.key(), mutations)) {
                        found(self.id() + " drops the hint for " + drop.owner() + " of " + drop.key() + ", and " + heir
                                + ", which comes to own it, knows nothing of it");
                    }
                }
            }
        }
    }

    private static List<NodeId> heirs(Topology topology, Mutation.DropHint drop) {
        if (!topology.owns(drop.owner(), drop.partition())) {
            return topology.owners(drop.partition());
        }
        NodeId successor = topology.successor(drop.partition(), drop.owner());
        return successor == null ? List.of() : List.of(successor);
    }

    private boolean knows(NodeId heir, Key key, VersionSet told) {
        return world.node(heir)
                .disk()
                .visible()
                .everythingOf(key)
                .context()
                .join(world.history().forgotten().context(key))
                .covers(told.context());
    }

    private boolean isToBeTold(NodeId heir, Key key, List<Mutation> mutations) {
        return mutations.stream().anyMatch(m -> switch (m) {
                    case Mutation.SetHint set ->
                        set.key().equals(key) && set.owner().equals(heir);
                    case Mutation.SetState set -> set.key().equals(key);
                    case Mutation.DropHint ignored -> false;
                    case Mutation.DropPartition ignored -> false;
                    case Mutation.SetAside ignored -> false;
                    case Mutation.Barrier ignored -> false;
                    case Mutation.Collect ignored -> false;
                    case Mutation.Promise ignored -> false;
                })
                || world.nodes().stream()
                        .anyMatch(n -> n.disk().visible().hintsOf(key).containsKey(heir));
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
