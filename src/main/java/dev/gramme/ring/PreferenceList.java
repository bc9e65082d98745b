package dev.gramme.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The nodes to ask for a partition, annotated as Riak's {@code riak_core_apl} does: first the owners that are up, then a
 * fallback for each owner that is down.
 *
 * @param entries reachable nodes, distinct, primaries first; at most N, or for writes as many as there are owners by the two rings of a change
 * @param spare further healthy nodes, clockwise, to stand in when an entry fails
 * @param missing owners that are down, each stood for by an entry as far as there are healthy nodes
 */
public record PreferenceList(int partition, List<Entry> entries, List<NodeId> spare, List<NodeId> missing) {

    /**
     * @param isPrimary it owns the partition, else it is a fallback
     * @param standsFor the owner in whose place it keeps a hint; null if it keeps none. Of a primary only while the ring changes: see {@link StandIns}
     * @param places whose places its copy fills: in each ring's set of owners the first of these that is one of them
     */
    public record Entry(
            NodeId node, boolean isPrimary, @Nullable NodeId standsFor, List<NodeId> places) {
        public Entry {
            places = List.copyOf(places);
        }

        /** The owners that know, or will be told by a hint, when it has the write: itself, the one it stands for, or both. */
        public List<NodeId> tells() {
            List<NodeId> owners = new ArrayList<>(2);
            if (isPrimary) {
                owners.add(node);
            }
            if (standsFor != null) {
                owners.add(standsFor);
            }
            return owners;
        }

        /** The same node as an owner and nothing else, as a strict quorum counts it. */
        public Entry alone() {
            return standsFor == null || !isPrimary ? this : primary(node);
        }

        public static Entry primary(NodeId node) {
            return new Entry(node, true, null, List.of(node));
        }

        public static Entry fallback(NodeId node, NodeId owner) {
            return new Entry(node, false, owner, List.of(owner));
        }
    }

    public PreferenceList {
        entries = List.copyOf(entries);
        spare = List.copyOf(spare);
        missing = List.copyOf(missing);
    }

    /** By one ring: the first N healthy nodes clockwise (DeCandia et al. 2007, 4.6). */
    public static PreferenceList of(Ring ring, int partition, Predicate<NodeId> isUp) {
        return of(ring, partition, ring.walk(partition), isUp);
    }

    /** @param walk every node once, in order of preference */
    static PreferenceList of(Ring ring, int partition, List<NodeId> walk, Predicate<NodeId> isUp) {
        List<NodeId> owners = ring.owners(partition);
        List<NodeId> missing = owners.stream().filter(isUp.negate()).toList();
        return of(partition, owners, missing, walk, isUp);
    }

    /**
     * @param owners most preferred first
     * @param missing of them, those that are down, in the order in which they are to be stood for
     * @param walk every node once, in order of preference
     */
    static PreferenceList of(
            int partition, List<NodeId> owners, List<NodeId> missing, List<NodeId> walk, Predicate<NodeId> isUp) {
        List<Entry> entries = new ArrayList<>();
        for (NodeId owner : owners) {
            if (!missing.contains(owner)) {
                entries.add(Entry.primary(owner));
            }
        }
        List<NodeId> spare = new ArrayList<>();
        int stoodFor = 0;
        for (NodeId node : walk) {
            if (!owners.contains(node) && isUp.test(node)) {
                if (stoodFor < missing.size()) {
                    entries.add(Entry.fallback(node, missing.get(stoodFor++)));
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

    /** Null if this node is not to be asked. */
    public @Nullable Entry entryOf(NodeId node) {
        for (Entry entry : entries) {
            if (entry.node().equals(node)) {
                return entry;
            }
        }
        return null;
    }
}
