package dev.gramme.ring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The nodes to ask for a partition, annotated as Riak's {@code riak_core_apl} does: first the owners that are up, then a
 * fallback for each owner that is down.
 *
 * @param entries reachable nodes, distinct, primaries first; at most N, or for writes as many as there are owners by the two rings of a change
 * @param spare further healthy nodes, clockwise, to stand in when an entry fails
 * @param missing owners that are down, each stood for by a fallback entry as far as there are healthy nodes
 */
public record PreferenceList(int partition, List<Entry> entries, List<NodeId> spare, List<NodeId> missing) {

    /**
     * @param standsFor the owner in whose place a fallback keeps a hint; null for a primary
     */
    public record Entry(NodeId node, @Nullable NodeId standsFor) {
        public boolean isPrimary() {
            return standsFor == null;
        }
    }

    public PreferenceList {
        entries = List.copyOf(entries);
        spare = List.copyOf(spare);
        missing = List.copyOf(missing);
    }

    /** By one ring: the first N healthy nodes clockwise (DeCandia et al. 2007, 4.6). */
    public static PreferenceList of(Ring ring, int partition, Predicate<NodeId> isUp) {
        return of(partition, ring.owners(partition), List.of(), ring.walk(partition), isUp);
    }

    /**
     * By the ring or the rings of the moment.
     *
     * @param owners most preferred first
     * @param needier of them, those to be stood for first where there are too few healthy nodes for all
     * @param walk every member once, in order of preference
     */
    static PreferenceList of(
            int partition, List<NodeId> owners, List<NodeId> needier, List<NodeId> walk, Predicate<NodeId> isUp) {
        List<Entry> entries = new ArrayList<>();
        List<NodeId> missing = new ArrayList<>();
        for (NodeId owner : owners) {
            if (isUp.test(owner)) {
                entries.add(new Entry(owner, null));
            } else {
                missing.add(owner);
            }
        }
        if (missing.size() > 1 && !needier.isEmpty()) {
            missing.sort(Comparator.comparing(owner -> !needier.contains(owner)));
        }
        List<NodeId> spare = new ArrayList<>();
        int stoodFor = 0;
        for (NodeId node : walk) {
            if (!owners.contains(node) && isUp.test(node)) {
                if (stoodFor < missing.size()) {
                    entries.add(new Entry(node, missing.get(stoodFor++)));
                } else {
                    spare.add(node);
                }
            }
        }
        return new PreferenceList(partition, entries, spare, missing);
    }

    /** How many of the entries are owners. */
    public int primaries() {
        return (int) entries.stream().filter(Entry::isPrimary).count();
    }
}
