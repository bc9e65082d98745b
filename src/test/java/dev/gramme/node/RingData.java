package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes and reads by the topologies of a {@link RingWorld}, at their least: a write goes to exactly W of each quorum and a read to exactly R owners, chosen
 * by ill luck. A read must see every write that was acknowledged before it began.
 */
final class RingData {
    private static final int GIVE_UP_MILLIS = 150;

    private final class Operation {
        final RingProcess at;
        final int life;
        final int partition;
        final long epoch;
        final TreeSet<NodeId> waitingFor = new TreeSet<>();
        final Set<Integer> seen = new HashSet<>();
        final List<Integer> mustSee;
        final int write;
        boolean over;

        Operation(RingProcess at, int partition, int write) {
            this.at = at;
            this.life = at.life;
            this.partition = partition;
            this.epoch = at.view(partition).epoch();
            this.write = write;
            this.mustSee = write > 0 ? List.of() : List.copyOf(acknowledged.get(partition));
        }

        void end() {
            if (!over && at.life == life) {
                over = true;
                underWay.remove(this);
                at.tellCaughtUp();
            }
        }
    }

    private final RingWorld world;
    private final int w;
    private final int r;
    private final Map<NodeId, List<Set<Integer>>> held = new HashMap<>();
    private final List<List<Integer>> acknowledged = new ArrayList<>();
    private final Set<Operation> underWay = new HashSet<>();
    private int writes;
    boolean checked = true;

    RingData(RingWorld world, int w, int r) {
        this.world = world;
        this.w = w;
        this.r = r;
        for (int p = 0; p < RingWorld.PARTITIONS; p++) {
            acknowledged.add(new ArrayList<>());
        }
    }

    int acknowledgedWrites() {
        return acknowledged.stream().mapToInt(List::size).sum();
    }

    private Set<Integer> held(NodeId node, int partition) {
        return held.computeIfAbsent(node, id -> {
                    List<Set<Integer>> fresh = new ArrayList<>();
                    for (int p = 0; p < RingWorld.PARTITIONS; p++) {
                        fresh.add(new HashSet<>());
                    }
                    return fresh;
                })
                .get(partition);
    }

    /** Clients of this node, for ever. */
    void work(RingProcess process) {
        if (process.isUp() && !process.givenUp) {
            int partition = world.random.nextInt(RingWorld.PARTITIONS);
            if (process.view(partition).serves(process.id)) {
                begin(process, partition, world.random.nextBoolean());
            }
        }
        world.after(3 + world.random.nextInt(12), () -> work(process));
    }

    private void begin(RingProcess process, int partition, boolean write) {
        Operation operation = new Operation(process, partition, write ? ++writes : 0);
        Topology view = process.view(partition);
        if (write) {
            view.quorums(partition).forEach(owners -> operation.waitingFor.addAll(some(owners, w)));
        } else {
            operation.waitingFor.addAll(some(view.reading().owners(partition), r));
        }
        underWay.add(operation);
        for (NodeId owner : List.copyOf(operation.waitingFor)) {
            world.send(process.id, owner, () -> ask(operation, owner));
        }
        world.after(GIVE_UP_MILLIS, operation::end);
    }

    private Collection<NodeId> some(List<NodeId> owners, int many) {
        List<NodeId> left = new ArrayList<>(owners);
        while (left.size() > many) {
            left.remove(world.random.nextInt(left.size()));
        }
        return left;
    }

    private void ask(Operation operation, NodeId owner) {
        RingProcess replica = world.processes.get(owner);
        int partition = operation.partition;
        if (replica == null
                || !replica.isUp()
                || !replica.view(partition).serves(operation.at.id)
                || !replica.view(partition).owns(owner, partition)) {
            return;
        }
        Set<Integer> here = held(owner, partition);
        if (operation.write > 0) {
            here.add(operation.write);
        }
        Set<Integer> answer = operation.write > 0 ? Set.of() : Set.copyOf(here);
        world.send(owner, operation.at.id, () -> answered(operation, owner, answer));
    }

    private void answered(Operation operation, NodeId owner, Set<Integer> answer) {
        if (operation.over || operation.at.life != operation.life) {
            return;
        }
        operation.seen.addAll(answer);
        if (operation.waitingFor.remove(owner) && operation.waitingFor.isEmpty()) {
            if (operation.write > 0) {
                acknowledged.get(operation.partition).add(operation.write);
            } else if (checked && !operation.at.givenUp && !operation.seen.containsAll(operation.mustSee)) {
                world.checks.broken("a read at " + operation.at.id + " of partition " + operation.partition
                        + " did not see an acknowledged write");
            }
            operation.end();
        }
    }

    boolean hasOlder(RingProcess process, int loop, long epoch) {
        return underWay.stream()
                .anyMatch(o -> o.at == process && o.partition % RingWorld.LOOPS == loop && o.epoch < epoch);
    }

    /** The process ended: what it was doing is over, and nobody hears of it. */
    void forget(RingProcess process) {
        underWay.removeIf(o -> o.at == process);
    }

    void wipe(RingProcess process) {
        held.remove(process.id);
    }

    /** What it owns by no ring is dropped as soon as it may be. */
    void drop(RingProcess process, int loop) {
        for (int p = loop; p < RingWorld.PARTITIONS; p += RingWorld.LOOPS) {
            Topology view = process.view(p);
            if (view.settled().version() > 0 && !view.owns(process.id, p)) {
                held(process.id, p).clear();
            }
        }
    }

    /** @return whether all came that the newcomer has to take over */
    boolean pull(RingProcess newcomer, int partition) {
        Topology view = newcomer.view(partition);
        for (NodeId source : view.sources(partition, newcomer.id)) {
            RingProcess from = world.processes.get(source);
            if (from == null || !from.isUp() || world.isCut(source, newcomer.id)) {
                return false;
            }
            Proposal theirs = from.view(partition).proposal();
            Proposal mine = view.proposal();
            if (theirs == null || mine == null || !theirs.id().isSameChange(mine.id())) {
                return false;
            }
            held(newcomer.id, partition).addAll(held(source, partition));
        }
        return true;
    }

    /** How often each node holds which writes, for people. */
    Map<NodeId, Integer> sizes() {
        Map<NodeId, Integer> sizes = new TreeMap<>();
        held.forEach(
                (id, sets) -> sizes.put(id, sets.stream().mapToInt(Set::size).sum()));
        return sizes;
    }
}
