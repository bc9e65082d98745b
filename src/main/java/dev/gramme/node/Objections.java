package dev.gramme.node;

import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.Topology;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.StagedChange;
import java.util.Collection;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What is in the way of a change, as sentences that say what to do; empty where nothing is. */
final class Objections {
    private static final Pattern ZONE = Pattern.compile("[^\\p{Cntrl}\\s]{0,64}");

    private final Ring settled;
    private final Topology topology;
    private final SortedMap<NodeId, MemberRecord> records;
    private final SortedMap<NodeId, Liveness> liveness;

    Objections(Topology topology, SortedMap<NodeId, MemberRecord> records, SortedMap<NodeId, Liveness> liveness) {
        this.settled = topology.settled();
        this.topology = topology;
        this.records = records;
        this.liveness = liveness;
    }

    /** @param others the changes staged for other nodes */
    String to(StagedChange change, Collection<StagedChange> others) {
        NodeId node = change.node();
        boolean member = settled.members().containsKey(node);
        return switch (change.kind()) {
            case NONE -> "";
            case JOIN -> member ? node + " is in the ring already" : toNewcomer(node);
            case LEAVE -> !member ? stranger(node) : toFewer(change, others);
            case REMOVE ->
                !member && !topology.members().contains(node)
                        ? stranger(node)
                        : toGone(node, "let it leave with `gramme cluster leave " + node + "`");
            case REPLACE -> !member ? stranger(node) : toReplace(change, others);
            case WEIGHT -> !member ? stranger(node) : toWeight(node, change.weight());
        };
    }

    /** Empty, or why a node of this zone and weight can't be in a ring. */
    String toNewcomer(NodeId node) {
        MemberRecord record = records.get(node);
        if (record == null) {
            return node + " is not known here: start it with `--seeds` naming a member of this cluster, and ask again";
        }
        if (!isUp(node)) {
            return node + " is down: start it first";
        }
        if (!ZONE.matcher(record.zone()).matches()) {
            return "the zone of " + node + " is '" + record.zone()
                    + "': start it with one of at most 64 characters without spaces";
        }
        return toWeight(node, record.weight());
    }

    private static String toWeight(NodeId node, int weight) {
        return weight >= 1 && weight <= RingMember.MAX_WEIGHT
                ? ""
                : "the weight of " + node + " must be 1 to " + RingMember.MAX_WEIGHT + " (" + RingMember.DEFAULT_WEIGHT
                        + " is the default), not " + weight;
    }

    private String toReplace(StagedChange change, Collection<StagedChange> others) {
        NodeId old = change.node();
        NodeId successor = change.successor();
        if (successor == null) {
            return "by whom is " + old + " to be replaced? Name a node that is running and not in the ring";
        }
        if (settled.members().containsKey(successor)) {
            return successor + " is in the ring already and can't take the place of " + old
                    + ": start a new node for it, or `gramme cluster remove --force " + old + "`";
        }
        if (others.stream().anyMatch(other -> successor.equals(other.successor()))) {
            return successor + " is to replace another member already: start one new node for each";
        }
        String gone = toGone(old, "let " + successor + " join and " + old + " leave in one plan");
        return gone.isEmpty() ? toNewcomer(successor) : gone;
    }

    private String toGone(NodeId node, String instead) {
        Liveness known = liveness.get(node);
        return known == null || known.state() == Liveness.State.DOWN
                ? ""
                : node + " is alive (" + known.state() + "), and only what is down can be given up for gone: " + instead
                        + ", or stop it first";
    }

    /** Fewer members than N are only taken from an operator whose members are dead. Who is staged to join and can't is no member to count on. */
    private String toFewer(StagedChange change, Collection<StagedChange> others) {
        SortedSet<NodeId> left = new TreeSet<>(settled.members().keySet());
        left.remove(change.node());
        for (StagedChange other : others) {
            switch (other.kind()) {
                case LEAVE, REMOVE -> left.remove(other.node());
                case JOIN -> {
                    if (toNewcomer(other.node()).isEmpty()) {
                        left.add(other.node());
                    }
                }
                case NONE, WEIGHT, REPLACE -> {}
            }
        }
        return left.size() >= settled.replicas()
                ? ""
                : change.node() + " can't leave: " + left.size() + " members would be left, fewer than N = "
                        + settled.replicas() + "; let another node join first, or in the same plan";
    }

    boolean isUp(NodeId node) {
        Liveness known = liveness.get(node);
        return known != null && known.state() == Liveness.State.UP;
    }

    private String stranger(NodeId node) {
        return node + " is not in ring " + settled.version() + ", whose members are "
                + settled.members().keySet();
    }
}
