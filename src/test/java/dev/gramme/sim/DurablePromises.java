package dev.gramme.sim;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.sim.history.History;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The promises about disks, looked at from inside. "Written" means that at the moment of the answer W disks hold the version in their safe part, or
 * a state that has replaced it; a replica's "OK" means that its disk holds what it was told. Finds at once what a crash would only
 * uncover in one of many seeds.
 */
final class DurablePromises {
    private record Asked(NodeId from, NodeId to, long id) implements Comparable<Asked> {
        @Override
        public int compareTo(Asked other) {
            int byFrom = from.compareTo(other.from);
            int byTo = byFrom != 0 ? byFrom : to.compareTo(other.to);
            return byTo != 0 ? byTo : Long.compare(id, other.id);
        }
    }

    private final World world;
    private final SortedMap<Asked, Message.ReplicaPut> asked = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();
    /** By key, who gave up a hint of it for an owner that stayed away. */
    private final SortedMap<Key, SortedSet<NodeId>> gaveUp = new TreeMap<>();

    DurablePromises(World world) {
        this.world = world;
    }

    private boolean areMade() {
        return world.history().unforcedNanos() == 0 && !world.history().anyDiskLost();
    }

    void asked(NodeId from, NodeId to, Message.ReplicaPut put) {
        if (areMade()) {
            asked.put(new Asked(from, to, put.id()), put);
        }
    }

    void replied(NodeId by, NodeId to, Message.ReplicaPutReply reply) {
        Message.ReplicaPut put = asked.get(new Asked(to, by, reply.id()));
        if (put != null && put.hintFor() == null && !world.rings().settled().owns(by, world.partitionOf(put.key()))) {
            // It may have dropped the partition since, in the same force: by the ring that is settled it is for others
            // to hold it.
            return;
        }
        if (put == null || reply.status() != ReplicaStatus.OK || !areMade()) {
            return;
        }
        Tables safe = world.node(by).disk().durable();
        VersionSet held = put.hintFor() == null ? safe.state(put.key()) : safe.everythingOf(put.key());
        if (put.hintFor() != null) {
            // A hint may have been delivered and dropped by now, and while the ring changes have gone on to its owner's
            // heirs.
            int partition = world.partitionOf(put.key());
            SortedSet<NodeId> heirs = new TreeSet<>(world.rings().settled().owners(partition));
            heirs.add(put.hintFor());
            world.serving().forEach(process -> heirs.addAll(process.topology().owners(partition)));
            for (NodeId heir : heirs) {
                held = held.merge(world.node(heir).disk().durable().state(put.key()));
            }
        }
        if (!held.context()
                .join(world.history().forgotten().context(put.key()))
                .covers(put.state().context())) {
            findings.add("DurablePromises: " + by + " acknowledged to " + to + " at " + now() + " to hold " + put
                    + ", but its disk holds " + held);
        }
    }

    /** More was kept for an owner than the bounds allow: {@code by} has forgotten hints in favour of all other owners. */
    void gaveUp(NodeId by, Key key) {
        gaveUp.computeIfAbsent(key, k -> new TreeSet<>()).add(by);
    }

    void answered(NodeId by, PutCommand command, PutOutcome outcome) {
        if (!(outcome instanceof PutOutcome.Written written) || !areMade()) {
            return;
        }
        Key key = command.key();
        int needed = command.options().w() == 0
                ? world.bucketQuorum()
                : command.options().w();
        int partition = world.partitionOf(key);
        SortedSet<NodeId> owners = new TreeSet<>(world.rings().settled().owners(partition));
        world.serving().forEach(process -> owners.addAll(process.topology().owners(partition)));
        SortedSet<NodeId> holders = new TreeSet<>();
        for (SimNode node : world.nodes()) {
            VersionSet safe = node.disk().durable().everythingOf(key);
            boolean holds = safe.context()
                    .join(world.history().forgotten().context(key))
                    .covers(written.dot());
            if (holds && (!command.options().strict() || owners.contains(node.id()))) {
                holders.add(node.id());
            }
        }
        SortedSet<NodeId> counted = new TreeSet<>(holders);
        if (holders.size() >= Math.min(needed, world.scenario().replicas() - 1)) {
            // W of N, and one is away for so long that its stand-in had given up the hint before the answer: all others
            // have it.
            counted.addAll(gaveUp.getOrDefault(key, new TreeSet<>()));
        }
        if (counted.size() < needed) {
            findings.add("DurablePromises: " + by + " answered at " + now() + " that "
                    + command.content().idempotencyKey() + " of " + key + " is written at W=" + needed + " ("
                    + written + "), but only the disks of " + holders + " hold it");
        }
    }

    private String now() {
        return History.seconds(world.timeline().nowNanos());
    }

    List<String> findings() {
        return findings;
    }
}
