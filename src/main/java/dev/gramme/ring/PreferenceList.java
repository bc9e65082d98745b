package dev.gramme.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The nodes to ask for a partition, annotated as Riak's {@code riak_core_apl} does: first the owners that are up, then a
 * fallback for each owner that is down.
 *
 * @param entries reachable nodes, distinct, primaries first; at most N
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

    /** The first N healthy nodes clockwise (DeCandia et al. 2007, 4.6). */
    public static PreferenceList of(Ring ring, int partition, Predicate<NodeId> isUp) {
        List<Entry> entries = new ArrayList<>();
        List<NodeId> missing = new ArrayList<>();
        List<NodeId> spare = new ArrayList<>();
        for (NodeId owner : ring.owners(partition)) {
            if (isUp.test(owner)) {
                entries.add(new Entry(owner, null));
            } else {
                missing.add(owner);
            }
        }
        int stoodFor = 0;
        List<NodeId> others = ring.walk(partition);
        for (NodeId node : others.subList(ring.owners(partition).size(), others.size())) {
            if (isUp.test(node)) {
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
