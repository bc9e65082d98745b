package dev.gramme.ring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who owns what: for each of Q equal partitions of the hash space its owners in order of preference. Immutable.
 *
 * <p>The owners come from {@link Claim}; this class only says them and walks clockwise for fallbacks.
 */
public final class Ring {
    public static final int DEFAULT_PARTITIONS = 256;
    public static final int MAX_PARTITIONS = 65_536;
    public static final int DEFAULT_REPLICAS = 3;
    public static final int MAX_MEMBERS = 1_000;

    private final long version;
    private final int replicas;
    private final SortedMap<NodeId, RingMember> members;
    private final List<List<NodeId>> owners;
    private final SortedMap<NodeId, Integer> shares = new TreeMap<>();
    private final long hash;

    /**
     * @param version counts the changes of the ring in the cluster's life, from 1
     * @param replicas N, the cluster's
     * @param members by id
     * @param owners Q lists of min(N, members) distinct ids, the first the most preferred
     * @throws IllegalArgumentException if an owner is no member, or twice in one list
     */
    public Ring(long version, int replicas, SortedMap<NodeId, RingMember> members, List<List<NodeId>> owners) {
        this.version = version;
        this.replicas = replicas;
        this.members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        Map<NodeId, Integer> places = new HashMap<>();
        for (NodeId member : members.keySet()) {
            places.put(member, places.size());
        }
        int[] counted = new int[places.size()];
        // The last partition, from 1, of which each member was found an owner.
        int[] last = new int[places.size()];
        List<List<NodeId>> copy = new ArrayList<>(owners.size());
        for (List<NodeId> list : owners) {
            copy.add(List.copyOf(list));
            for (NodeId owner : list) {
                Integer place = places.get(owner);
                if (place == null) {
                    throw new IllegalArgumentException(
                            "owner " + owner + " of partition " + (copy.size() - 1) + " is no member");
                }
                if (last[place] == copy.size()) {
                    throw new IllegalArgumentException("owner " + owner + " twice in partition " + (copy.size() - 1));
                }
                last[place] = copy.size();
                counted[place]++;
            }
        }
        for (NodeId member : members.keySet()) {
            shares.put(member, counted[shares.size()]);
        }
        this.owners = Collections.unmodifiableList(copy);
        this.hash = RingHash.of(this);
    }

    /** The ring of a node that knows none yet: version 0, no members, no owners. */
    public static Ring nobodys(int partitions, int replicas) {
        return new Ring(0, replicas, new TreeMap<>(), Collections.nCopies(partitions, List.of()));
    }

    public long version() {
        return version;
    }

    /** N, the cluster's; a partition has fewer owners while there are fewer members. */
    public int replicas() {
        return replicas;
    }

    /** By id; unmodifiable. */
    public SortedMap<NodeId, RingMember> members() {
        return members;
    }

    /** One list for each partition; unmodifiable. */
    public List<List<NodeId>> owners() {
        return owners;
    }

    /** Q. */
    public int partitions() {
        return owners.size();
    }

    public int partitionOf(Key key) {
        return key.token().partition(partitions());
    }

    public List<NodeId> owners(int partition) {
        return owners.get(partition);
    }

    public boolean owns(NodeId node, int partition) {
        return owners.get(partition).contains(node);
    }

    /** In how many partitions {@code node} is an owner; 0 if it is no member. */
    public int share(NodeId node) {
        return shares.getOrDefault(node, 0);
    }

    /** A fingerprint of everything in this ring, the same on every node: two rings of one version that differ, differ here. */
    public long hash() {
        return hash;
    }

    /**
     * What all rings that come of a cluster's first one, this, have in common, and hardly any other cluster's: never 0, which stands for "not known". Nodes that
     * were given the same list of members have the same.
     */
    public long lineage() {
        return hash == 0 ? 1 : hash;
    }

    /**
     * Every member in order of preference for {@code partition}: its owners, then the others as they own the following
     * partitions clockwise (DeCandia et al. 2007, 4.3), then those that own nothing, by id.
     */
    public List<NodeId> walk(int partition) {
        // Insertion order is the answer; a membership test on a growing list would make this quadratic in the members.
        LinkedHashSet<NodeId> order = new LinkedHashSet<>(owners.get(partition));
        for (int step = 1; step < partitions() && order.size() < members.size(); step++) {
            order.addAll(owners.get((partition + step) % partitions()));
        }
        order.addAll(members.keySet());
        return List.copyOf(order);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ring ring
                && hash == ring.hash
                && version == ring.version
                && replicas == ring.replicas
                && members.equals(ring.members)
                && owners.equals(ring.owners);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }

    @Override
    public String toString() {
        return "Ring[version=" + version + ", replicas=" + replicas + ", members=" + members.keySet() + ", partitions="
                + partitions() + "]";
    }
}
