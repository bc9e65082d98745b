package dev.gramme.sim;

import dev.gramme.ring.Claim;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The machines of a world: those it was founded with, those that came later, and those that are gone for good. */
final class Machines {
    /** So many at once, and no more: a run must end. */
    static final int MAX_STANDING = 9;

    private static final int ZONES = 3;
    private static final List<Integer> WEIGHTS = List.of(50, 100, 200, 400);

    private final World world;
    private final boolean zoned;
    private final boolean weighted;
    private final Ring founding;
    private final SortedMap<NodeId, SimNode> all = new TreeMap<>();
    private final SortedSet<NodeId> founders = new TreeSet<>();
    private final SortedSet<NodeId> gone = new TreeSet<>();

    /** @param shape draws how many there are, and their zones and weights */
    Machines(World world, Randomness shape) {
        this.world = world;
        Scenario scenario = world.scenario();
        int count = (int) shape.between(scenario.nodes().low(), scenario.nodes().high());
        this.zoned = shape.chance(0.6);
        this.weighted = shape.chance(0.3);
        List<RingMember> claims = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RingMember claim = claim(i + 1, shape);
            claims.add(claim);
            founders.add(claim.id());
        }
        this.founding = Claim.first(shape.chance(0.5) ? 16 : 64, scenario.replicas(), claims);
        claims.forEach(claim -> all.put(claim.id(), new SimNode(world, claim)));
        all.values().forEach(node -> world.network().attach(node.id(), node));
    }

    private RingMember claim(int number, Randomness dice) {
        int weight = weighted ? dice.pick(WEIGHTS) : RingMember.DEFAULT_WEIGHT;
        return new RingMember(new NodeId("n" + number), "z" + (zoned ? dice.below(ZONES) : 0), weight);
    }

    /** The ring that the founders claim from their list. */
    Ring founding() {
        return founding;
    }

    boolean isFounder(NodeId id) {
        return founders.contains(id);
    }

    boolean isZoned() {
        return zoned;
    }

    boolean isWeighted() {
        return weighted;
    }

    /** Where the founders were at first, but for {@code self}: what each of them was configured with. Nothing for who came later. */
    SortedMap<NodeId, String> configuredFor(NodeId self) {
        SortedMap<NodeId, String> bridges = new TreeMap<>();
        if (founders.contains(self)) {
            founders.forEach(id -> bridges.put(id, SimNode.address(id, 0)));
            bridges.remove(self);
        }
        return bridges;
    }

    /** Those that are not gone for good, up or down, in order of their ids. */
    List<SimNode> standing() {
        return all.values().stream().filter(n -> !gone.contains(n.id())).toList();
    }

    /** Gone ones too. */
    SimNode get(NodeId id) {
        SimNode node = all.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no node " + id);
        }
        return node;
    }

    /** A machine with an empty disk that knows no ring; it is not started yet. */
    SimNode add(Randomness dice) {
        return add(claim(all.size() + 1, dice));
    }

    /** A machine like another, with an id of its own. */
    SimNode addLike(RingMember other) {
        return add(new RingMember(new NodeId("n" + (all.size() + 1)), other.zone(), other.weight()));
    }

    private SimNode add(RingMember claim) {
        SimNode node = new SimNode(world, claim);
        all.put(claim.id(), node);
        world.network().attach(claim.id(), node);
        return node;
    }

    boolean isRoom() {
        return standing().size() < MAX_STANDING;
    }

    /** It goes, with its disk, and never comes back. */
    void destroy(SimNode node) {
        node.crash();
        node.note("is gone for good");
        gone.add(node.id());
    }

    boolean isGone(NodeId id) {
        return gone.contains(id);
    }

    SortedSet<NodeId> gone() {
        return Collections.unmodifiableSortedSet(gone);
    }

    /** Who listens there now; null if nobody does. */
    @Nullable
    SimNode at(String address) {
        for (SimNode node : standing()) {
            if (node.address().equals(address)) {
                return node;
            }
        }
        return null;
    }

    /** What a name in the DNS stands for at the moment: a few of those that stand, down ones too. */
    List<String> someAddresses(Randomness dice) {
        List<SimNode> nodes = new ArrayList<>(standing());
        dice.shuffle(nodes);
        int few = Math.min(nodes.size(), 2 + dice.below(2));
        return nodes.subList(0, few).stream().map(SimNode::address).toList();
    }
}
