package dev.gramme.ring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who owns what: for each of Q equal partitions of the hash space its owners in order of preference. Immutable.
 *
 * <p>The owners come from {@link Claim}; this record only says them and walks clockwise for fallbacks.
 *
 * @param version counts the changes of the ring in the cluster's life, from 1
 * @param replicas N, the cluster's
 * @param members by id; unmodifiable
 * @param owners Q lists of min(N, members) distinct ids, the first the most preferred; unmodifiable
 */
public record Ring(long version, int replicas, SortedMap<NodeId, RingMember> members, List<List<NodeId>> owners) {
    public static final int DEFAULT_PARTITIONS = 256;
    public static final int MAX_PARTITIONS = 65_536;
    public static final int DEFAULT_REPLICAS = 3;

    public Ring {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        List<List<NodeId>> copy = new ArrayList<>(owners.size());
        for (List<NodeId> list : owners) {
            copy.add(List.copyOf(list));
        }
        owners = Collections.unmodifiableList(copy);
    }

    /** Q. */
    public int partitions() {
        return owners.size();
    }

    public int partitionOf(Key key) {
        return Token.of(key).partition(partitions());
    }

    public List<NodeId> owners(int partition) {
        return owners.get(partition);
    }

    public boolean owns(NodeId node, int partition) {
        return owners.get(partition).contains(node);
    }

    /**
     * Every member in order of preference for {@code partition}: its owners, then the others as they own the following
     * partitions clockwise (DeCandia et al. 2007, 4.3).
     */
    public List<NodeId> walk(int partition) {
        List<NodeId> order = new ArrayList<>(owners.get(partition));
        for (int step = 1; step < partitions() && order.size() < members.size(); step++) {
            for (NodeId node : owners.get((partition + step) % partitions())) {
                if (!order.contains(node)) {
                    order.add(node);
                }
            }
        }
        return order;
    }
}
