package dev.gramme.ring;

import dev.gramme.ring.PreferenceList.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is written to while the ring changes, when owners are down. A write needs W places of the old owners and W of the new, and is accepted whenever W nodes can
 * be reached: so each node that is up should fill one place in each set, as long as there are places nobody fills.
 *
 * <p>A fallback for an owner by both rings does. What is left over is made up for in two ways, only where there are too few healthy nodes for a
 * fallback each:
 *
 * <ul>
 *   <li>an owner by one ring alone stands in for an owner of the other ring that is down: it keeps its own copy, and with it a hint;
 *   <li>who keeps a hint for one that gives the partition away stands in for its successor too: that hint goes on to the successor when it was delivered, to all
 *       owners when the change is done, and if the change is withdrawn the successor's place is none. Not the other way round: what was
 *       delivered to a newcomer is dropped there when a change is withdrawn.
 * </ul>
 *
 * <p>A copy fills one place of a set at most, so W places of a set are W nodes; also when all hints were delivered, for an owner that is told by two is one place
 * too. With sets of N owners each, what the first rule leaves open in the two sets are the places of pairs, a leaver and its successor, both down; so
 * the second closes both with one node.
 */
final class StandIns {
    private final Topology topology;
    private final int partition;
    private final List<List<NodeId>> quorums;
    private final Predicate<NodeId> isUp;

    StandIns(Topology topology, int partition, Predicate<NodeId> isUp) {
        this.topology = topology;
        this.partition = partition;
        this.quorums = topology.quorums(partition);
        this.isUp = isUp;
    }

    /** @param walk every member of either ring once, in order of preference */
    PreferenceList list(List<NodeId> walk) {
        List<NodeId> owners = topology.owners(partition);
        List<NodeId> missing = new ArrayList<>(owners);
        missing.removeIf(isUp);
        // Where there are too few for all, who fills most places comes first.
        missing.sort(Comparator.comparing(this::worth).reversed());
        PreferenceList list = PreferenceList.of(partition, owners, missing, walk, isUp);
        boolean isAnyLeft = missing.stream().anyMatch(owner -> !isStoodFor(owner, list.entries()));
        return isAnyLeft ? new PreferenceList(partition, doubled(list), list.spare(), missing) : list;
    }

    /** Both places of an owner by both rings; of a leaver whose successor is down too; a place. */
    private int worth(NodeId missing) {
        if (quorums.stream().allMatch(set -> set.contains(missing))) {
            return 2;
        }
        NodeId successor = topology.successor(partition, missing);
        return successor != null && !isUp.test(successor) ? 1 : 0;
    }

    /** Fallbacks first: they are less free. */
    private List<Entry> doubled(PreferenceList list) {
        List<Entry> entries = new ArrayList<>(list.entries());
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            NodeId leaver = entry.standsFor();
            NodeId successor = leaver == null ? null : topology.successor(partition, leaver);
            if (leaver != null && successor != null && isOpen(successor, entries, list)) {
                entries.set(i, new Entry(entry.node(), false, leaver, List.of(leaver, successor)));
            }
        }
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            NodeId owner = entry.isPrimary() ? otherOwner(entry.node(), entries, list) : null;
            if (owner != null) {
                entries.set(i, new Entry(entry.node(), true, owner, List.of(entry.node(), owner)));
            }
        }
        return entries;
    }

    /** For whom {@code node}, an owner by one ring, may stand in by the other: for one that nobody stands for at all, if there is one. */
    private @Nullable NodeId otherOwner(NodeId node, List<Entry> entries, PreferenceList list) {
        NodeId found = null;
        for (List<NodeId> set : quorums) {
            for (NodeId owner : set.contains(node) ? List.<NodeId>of() : list.missing()) {
                if (set.contains(owner) && !isFilled(set, owner, entries)) {
                    if (!isStoodFor(owner, entries)) {
                        return owner;
                    }
                    found = found == null ? owner : found;
                }
            }
        }
        return found;
    }

    private boolean isOpen(NodeId owner, List<Entry> entries, PreferenceList list) {
        return list.missing().contains(owner)
                && quorums.stream().anyMatch(set -> set.contains(owner) && !isFilled(set, owner, entries));
    }

    private static boolean isStoodFor(NodeId owner, List<Entry> entries) {
        return entries.stream().anyMatch(entry -> owner.equals(entry.standsFor()));
    }

    private static boolean isFilled(List<NodeId> set, NodeId owner, List<Entry> entries) {
        return entries.stream()
                .anyMatch(entry -> entry.places().stream()
                        .filter(set::contains)
                        .findFirst()
                        .filter(owner::equals)
                        .isPresent());
    }
}
