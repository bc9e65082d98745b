package dev.gramme.node;

import dev.gramme.ring.Claim;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.Topology;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Data planes whose ring changes, phase by phase, as a test says: the part of the control planes is played by hand. */
final class ChangingCluster {
    final MiniCluster nodes;
    Ring settled;
    private final SortedMap<NodeId, Long> epochs = new TreeMap<>();

    @Nullable
    Proposal proposal;

    private final TreeSet<NodeId> involved = new TreeSet<>();
    private long proposals;

    ChangingCluster(MiniCluster nodes) {
        this.nodes = nodes;
        this.settled = nodes.ring;
        for (NodeId outsider : nodes.ids) {
            if (!settled.members().containsKey(outsider)) {
                nodes.goBy(outsider, Topology.settled(Ring.nobodys(settled.partitions(), settled.replicas())));
            }
        }
    }

    /** Of {@code nodes}, the first {@code inRing} in the ring. */
    static ChangingCluster of(int nodes, int inRing) {
        return of(nodes, inRing, NodeSettings.defaults(new NodeId("n"), 1));
    }

    static ChangingCluster of(int nodes, int inRing, NodeSettings like) {
        return new ChangingCluster(new MiniCluster(nodes, inRing, 3, like));
    }

    NodeId id(int number) {
        return nodes.ids.get(number - 1);
    }

    /** The ring to come has these members. */
    Proposal propose(Collection<NodeId> members, NodeId... excluded) {
        List<RingMember> claims = new ArrayList<>();
        members.forEach(id -> claims.add(new RingMember(id, "z" + id.name().substring(1), RingMember.DEFAULT_WEIGHT)));
        Ring target = Claim.change(settled, claims);
        Proposal next = new Proposal(++proposals, id(1), settled.version(), target, new TreeSet<>(List.of(excluded)));
        proposal = next;
        return next;
    }

    Proposal withdraw() {
        Proposal next = new Proposal(++proposals, id(1), settled.version(), null, new TreeSet<>());
        proposal = next;
        return next;
    }

    /** Every node that takes part is in this phase. */
    void all(@Nullable Phase phase, boolean transferring) {
        for (NodeId node : takingPart()) {
            at(node, phase, transferring, new BitSet());
        }
    }

    void at(NodeId node, @Nullable Phase phase, boolean transferring, BitSet received) {
        nodes.goBy(node, new Topology(nextEpoch(node), settled, proposal, phase, transferring, received));
    }

    /** Whoever is, or was, or comes to be a member: they all hear of it. */
    private List<NodeId> takingPart() {
        involved.addAll(new Topology(0, settled, proposal, null, false, new BitSet()).members());
        return List.copyOf(involved);
    }

    long nextEpoch(NodeId node) {
        return epochs.merge(node, 1L, Long::sum);
    }

    /** Everybody is through: the target is settled, for those that were in the old ring too. */
    void settle() {
        List<NodeId> tookPart = takingPart();
        if (proposal == null || proposal.target() == null) {
            throw new IllegalStateException("nothing to settle");
        }
        settled = proposal.target();
        proposal = null;
        for (NodeId node : tookPart) {
            at(node, null, false, new BitSet());
        }
    }

    Ring target() {
        if (proposal == null || proposal.target() == null) {
            throw new IllegalStateException("no change is under way");
        }
        return proposal.target();
    }

    /** A key of a partition that {@code gainer} comes to own, or that {@code loser} will not own any more; null for whoever. */
    Key moving(@Nullable NodeId gainer, @Nullable NodeId loser) {
        for (int i = 0; ; i++) {
            Key key = Key.of("b", "key" + i);
            int p = settled.partitionOf(key);
            boolean gained = gainer == null || (!settled.owns(gainer, p) && target().owns(gainer, p));
            boolean lost = loser == null || (settled.owns(loser, p) && !target().owns(loser, p));
            if (gained && lost) {
                return key;
            }
        }
    }

    /** Partitions that {@code node} comes to own. */
    BitSet gains(NodeId node) {
        BitSet gains = new BitSet();
        for (int p = 0; p < settled.partitions(); p++) {
            if (!settled.owns(node, p) && target().owns(node, p)) {
                gains.set(p);
            }
        }
        return gains;
    }
}
