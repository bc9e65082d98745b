package dev.gramme.ring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides who owns what. A function of its arguments alone: every node that is given the same members finds the same ring.
 *
 * <p>In three steps, each with its own class:
 *
 * <ol>
 *   <li>{@link Quota}: how many of the Q·N slots each node is to have, by weight, so that zones can still be kept apart;
 *   <li>{@link Placement}: which slots. A wish (the previous ring, or a well-mixed {@link Mixture} for a first one) is made to
 *       fit quotas and zones by a minimum-cost flow, so with the fewest possible slots given to a node that did not have them;
 *   <li>{@link PreferenceOrder}: in which order, so that each node is first for its share.
 * </ol>
 *
 * <p>Zones come before weights: when N replicas can sit in N zones they do, even if a small zone must then take more than its
 * weight. Source of the placement apart from partitioning: DeCandia et al. 2007, 6.2, strategy 3.
 */
public final class Claim {
    private Claim() {}

    /** A first ring, version 1. Same as {@link #first}. */
    public static Ring claim(int partitions, int replicas, Collection<RingMember> members) {
        return first(partitions, replicas, members);
    }

    /**
     * A first ring, version 1.
     *
     * @param partitions Q, 1 to {@link Ring#MAX_PARTITIONS}
     * @param replicas N, 1 or more
     * @param members one or more, ids distinct, in any order
     */
    public static Ring first(int partitions, int replicas, Collection<RingMember> members) {
        if (partitions < 1 || partitions > Ring.MAX_PARTITIONS) {
            throw new IllegalArgumentException(
                    "partitions must be 1 to " + Ring.MAX_PARTITIONS + ", not " + partitions);
        }
        SortedMap<NodeId, RingMember> byId = byId(members);
        ClaimTerms terms = new ClaimTerms(partitions, replicas, byId.values());
        int[] quota = Quota.of(terms, new int[terms.nodes()]);
        int[][] owners = new Placement(terms, quota).from(Mixture.of(terms, quota));
        terms.shuffle(owners);
        return ring(1, replicas, byId, terms, owners);
    }

    /**
     * The ring that follows {@code previous} when its members become {@code members}: a join, a leave, another weight or zone, a
     * replacement, or several at once. Of all rings that meet the quotas and keep zones apart, one that moves fewest slots.
     */
    public static Ring change(Ring previous, Collection<RingMember> members) {
        SortedMap<NodeId, RingMember> byId = byId(members);
        ClaimTerms terms = new ClaimTerms(previous.partitions(), previous.replicas(), byId.values());
        int[][] had = terms.indexes(previous);
        int[] quota = Quota.of(terms, terms.count(had));
        int[][] owners = terms.inOrderOf(had, new Placement(terms, quota).from(had));
        return ring(previous.version() + 1, previous.replicas(), byId, terms, owners);
    }

    private static Ring ring(
            long version, int replicas, SortedMap<NodeId, RingMember> byId, ClaimTerms terms, int[][] owners) {
        PreferenceOrder.balance(terms, owners);
        List<List<NodeId>> named = new ArrayList<>(owners.length);
        for (int[] list : owners) {
            List<NodeId> names = new ArrayList<>(list.length);
            for (int node : list) {
                names.add(terms.id(node));
            }
            named.add(names);
        }
        return new Ring(version, replicas, byId, named);
    }

    private static SortedMap<NodeId, RingMember> byId(Collection<RingMember> members) {
        SortedMap<NodeId, RingMember> byId = new TreeMap<>();
        for (RingMember member : members) {
            if (byId.put(member.id(), member) != null) {
                throw new IllegalArgumentException("two members are called " + member.id());
            }
        }
        if (byId.isEmpty()) {
            throw new IllegalArgumentException("a ring needs at least one member");
        }
        return byId;
    }
}
