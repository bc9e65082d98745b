package dev.gramme.sim;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingDiff;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.Topology;
import dev.gramme.sim.history.History;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Every ring that was settled for any node, looked at as it comes: one of each version, N distinct owners, few moves, even shares. */
final class Rings {
    /** The bound on what moves beyond the least possible, and room for what is not a whole slot. */
    private static final double MOST_MOVES = 1.10;

    private final World world;
    private final SortedMap<Long, Ring> settled = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();

    Rings(World world) {
        this.world = world;
    }

    /** The highest ring that is settled for any node; the founders' until then. */
    Ring settled() {
        return settled.isEmpty()
                ? world.machines().founding()
                : settled.lastEntry().getValue();
    }

    /** How many came. */
    int count() {
        return settled.size();
    }

    List<String> findings() {
        return findings;
    }

    /** A process goes by {@code next} from now on. */
    void published(SimNode node, Topology before, Topology next) {
        Ring ring = next.settled();
        if (ring.version() < before.settled().version()) {
            found(node + " went back from ring " + before.settled().version() + " to " + ring.version());
        }
        if (ring.version() > 0) {
            Ring known = settled.putIfAbsent(ring.version(), ring);
            if (known == null) {
                note(ring);
            } else if (known.hash() != ring.hash()) {
                found("two rings of version " + ring.version() + ": " + known.members() + " and, at " + node.id() + ", "
                        + ring.members());
            }
        }
    }

    private void note(Ring ring) {
        world.trace().note(world.timeline().nowNanos(), "*** ring " + ring.version() + " is " + ring.members());
        int replicas = world.scenario().replicas();
        if (ring.members().size()
                < Math.min(replicas, world.machines().founding().members().size())) {
            found("ring " + ring.version() + " has only the members "
                    + ring.members().keySet());
        }
        for (int p = 0; p < ring.partitions(); p++) {
            SortedSet<NodeId> owners = new TreeSet<>(ring.owners(p));
            if (owners.size() != Math.min(replicas, ring.members().size())) {
                found("partition " + p + " of ring " + ring.version() + " has the owners " + ring.owners(p));
            }
        }
        Ring before = settled.get(ring.version() - 1);
        if (isEven(ring)) {
            balance(ring);
            if (before != null && isEven(before)) {
                movement(before, ring);
            }
        }
    }

    /** Where zones bind, or unequal weights with so few members, more may have to move than the shares say, and shares differ. */
    private boolean isEven(Ring ring) {
        return !world.machines().isZoned()
                && ring.members().values().stream()
                                .map(RingMember::weight)
                                .distinct()
                                .count()
                        == 1;
    }

    private void movement(Ring before, Ring ring) {
        RingDiff moves = RingDiff.between(before, ring);
        if (moves.gained().size() > Math.ceil(moves.leastPossible() * MOST_MOVES)) {
            found("ring " + ring.version() + " moves " + moves.gained().size() + " slots, of which only "
                    + moves.leastPossible() + " had to");
        }
    }

    private void balance(Ring ring) {
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (NodeId member : ring.members().keySet()) {
            least = Math.min(least, ring.share(member));
            most = Math.max(most, ring.share(member));
        }
        if (most - least > 1) {
            found("ring " + ring.version() + " gives " + least + " slots to one member and " + most + " to another");
        }
    }

    private void found(String what) {
        findings.add(
                "Rings: " + what + ", at " + History.seconds(world.timeline().nowNanos()));
    }
}
