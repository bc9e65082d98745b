package dev.gramme.ring;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The ring as one node goes by it at one moment: the settled ring, and, while a change is under way, the ring to come and how far this node is. An
 * immutable snapshot.
 *
 * <p>While a change is under way a write needs W of the owners of both rings, and a read asks the settled owners; from {@link Phase#READY} on it asks the
 * new ones. Old and new are read by what both have written, so no acknowledged write is unreadable at any moment.
 *
 * @param epoch counts the topologies this node has gone by since its start, so that a loop can say which one it has caught up with
 * @param proposal null if no change is under way; a withdrawal is none
 * @param phase this node's, with the proposal; null if there is none
 * @param transferring every member that the proposal needs is prepared: this node may pull what it comes to own
 * @param received of the partitions that this node comes to own, those it holds already; not to be changed
 */
public record Topology(
        long epoch,
        Ring settled,
        @Nullable Proposal proposal,
        @Nullable Phase phase,
        boolean transferring,
        BitSet received) {

    public static Topology settled(Ring ring) {
        return new Topology(0, ring, null, null, false, new BitSet());
    }

    /** The ring to come; null if no change is under way. */
    public @Nullable Ring target() {
        return proposal == null ? null : proposal.target();
    }

    /** The ring that reads go by. */
    public Ring reading() {
        Ring target = target();
        return target != null && phase == Phase.READY ? target : settled;
    }

    /** The ring that will hold when the change under way is done, or the settled one. */
    public Ring latest() {
        Ring target = target();
        return target == null ? settled : target;
    }

    /** Whether {@code node} owns the partition by either ring. */
    public boolean owns(NodeId node, int partition) {
        Ring target = target();
        return settled.owns(node, partition) || (target != null && target.owns(node, partition));
    }

    /** The owners by either ring, those of the settled one first. */
    public List<NodeId> owners(int partition) {
        Ring target = target();
        if (target == null) {
            return settled.owners(partition);
        }
        List<NodeId> owners = new ArrayList<>(settled.owners(partition));
        for (NodeId owner : target.owners(partition)) {
            if (!owners.contains(owner)) {
                owners.add(owner);
            }
        }
        return owners;
    }

    /** Sets of owners: a write needs W of each (all of a smaller one). One set unless a change is under way and moves this partition. */
    public List<List<NodeId>> quorums(int partition) {
        Ring target = target();
        List<NodeId> before = settled.owners(partition);
        if (target == null || target.owners(partition).equals(before)) {
            return List.of(before);
        }
        return List.of(before, target.owners(partition));
    }

    /**
     * From whom {@code newcomer} takes over {@code partition}: the owner whose place it takes, if that one is not excluded; else every settled owner that
     * is not. Place by place, so that whatever W owners have, the W owners in the same places have afterwards. Empty if it comes to own nothing there, or
     * nobody held it.
     */
    public List<NodeId> sources(int partition, NodeId newcomer) {
        Ring target = target();
        if (target == null
                || proposal == null
                || settled.owns(newcomer, partition)
                || !target.owns(newcomer, partition)) {
            return List.of();
        }
        NodeId predecessor = predecessor(partition, newcomer, target);
        if (predecessor != null && !proposal.excluded().contains(predecessor)) {
            return List.of(predecessor);
        }
        return remaining(partition);
    }

    /** The settled owners of the partition but those that the change under way excludes. */
    public List<NodeId> remaining(int partition) {
        List<NodeId> remaining = new ArrayList<>(settled.owners(partition));
        if (proposal != null) {
            remaining.removeAll(proposal.excluded());
        }
        return remaining;
    }

    /**
     * From whom {@code newcomer} takes over {@code partition} if its one source can't read what it holds: all other settled owners together. Empty if they are its
     * sources already, or one of them is excluded: of two that are lost nobody can say what only they held.
     *
     * <p>Each write acknowledged at W of the old owners, W of 2 or more, lies at one of the others too, so their union has it, and the newcomer is one more holder in the
     * place of one that can't say what it has: W of the new owners hold it, in the same places. What was acknowledged at W = 1 by the broken one alone is lost with its
     * store, now or when that is rebuilt from the very same owners.
     */
    public List<NodeId> otherSources(int partition, NodeId newcomer) {
        List<NodeId> sources = sources(partition, newcomer);
        if (sources.size() != 1
                || (proposal != null && proposal.excluded().stream().anyMatch(n -> settled.owns(n, partition)))) {
            return List.of();
        }
        List<NodeId> others = new ArrayList<>(settled.owners(partition));
        others.removeAll(sources);
        return others;
    }

    /** Who takes the place of {@code leaver} in {@code partition}; null if it keeps it, or nobody does. */
    public @Nullable NodeId successor(int partition, NodeId leaver) {
        Ring target = target();
        if (target == null || target.owns(leaver, partition)) {
            return null;
        }
        for (NodeId newcomer : target.owners(partition)) {
            if (!settled.owns(newcomer, partition) && leaver.equals(predecessor(partition, newcomer, target))) {
                return newcomer;
            }
        }
        return null;
    }

    /** The i-th newcomer takes the place of the i-th leaver. */
    private @Nullable NodeId predecessor(int partition, NodeId newcomer, Ring target) {
        int place = 0;
        for (NodeId owner : target.owners(partition)) {
            if (owner.equals(newcomer)) {
                break;
            }
            place += settled.owns(owner, partition) ? 0 : 1;
        }
        for (NodeId owner : settled.owners(partition)) {
            if (!target.owns(owner, partition) && place-- == 0) {
                return owner;
            }
        }
        return null;
    }

    /** The members of either ring, in order of id. */
    public SortedSet<NodeId> members() {
        SortedSet<NodeId> members = new TreeSet<>(settled.members().keySet());
        members.addAll(latest().members().keySet());
        return Collections.unmodifiableSortedSet(members);
    }

    /** Whom each phase waits for. */
    public SortedSet<NodeId> needed() {
        SortedSet<NodeId> needed = new TreeSet<>(members());
        if (proposal != null) {
            needed.removeAll(proposal.excluded());
        }
        return Collections.unmodifiableSortedSet(needed);
    }

    /** Whether {@code node} may take clients' requests and be listened to: it is a member of either ring, and not excluded. */
    public boolean serves(NodeId node) {
        return needed().contains(node);
    }
}
