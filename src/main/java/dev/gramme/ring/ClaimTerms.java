package dev.gramme.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * What a claim must fulfil, in numbers: nodes and zones are indexes in order of their names.
 *
 * <p>How evenly zones share one partition: each takes at least {@link #zoneLeast} and at most {@link #zoneMost} of its owners. The
 * two are one apart (a zone of few nodes gives all it has), from the lowest level at which all zones together reach the width.
 */
final class ClaimTerms {
    private final int partitions;
    private final int width;
    private final List<NodeId> ids = new ArrayList<>();
    private final int[] weight;
    private final int[] zoneOf;
    private final int[] zoneLeast;
    private final int[] zoneMost;

    /** @param members distinct, in order of their ids */
    ClaimTerms(int partitions, int replicas, Collection<RingMember> members) {
        if (replicas < 1) {
            throw new IllegalArgumentException("replicas must be 1 or more, not " + replicas);
        }
        this.partitions = partitions;
        this.width = Math.min(replicas, members.size());
        this.weight = members.stream().mapToInt(RingMember::weight).toArray();
        TreeMap<String, Integer> zones = new TreeMap<>();
        for (RingMember member : members) {
            ids.add(member.id());
            zones.put(member.zone(), 0);
        }
        int next = 0;
        for (var zone : zones.entrySet()) {
            zone.setValue(next++);
        }
        this.zoneOf =
                members.stream().mapToInt(m -> zones.getOrDefault(m.zone(), 0)).toArray();
        int[] size = new int[zones.size()];
        for (int zone : zoneOf) {
            size[zone]++;
        }
        int level = 1;
        while (levelled(size, level) < width) {
            level++;
        }
        int top = level;
        this.zoneMost = Arrays.stream(size).map(n -> Math.min(n, top)).toArray();
        this.zoneLeast = Arrays.stream(size).map(n -> Math.min(n, top - 1)).toArray();
    }

    private static int levelled(int[] size, int level) {
        return Arrays.stream(size).map(n -> Math.min(n, level)).sum();
    }

    int partitions() {
        return partitions;
    }

    /** How many owners a partition has: N, or all members if they are fewer. */
    int width() {
        return width;
    }

    int nodes() {
        return weight.length;
    }

    int zones() {
        return zoneLeast.length;
    }

    int weight(int node) {
        return weight[node];
    }

    int zoneOf(int node) {
        return zoneOf[node];
    }

    int zoneLeast(int zone) {
        return zoneLeast[zone];
    }

    int zoneMost(int zone) {
        return zoneMost[zone];
    }

    NodeId id(int node) {
        return ids.get(node);
    }

    /** The owners of {@code ring} as indexes; those that are members no longer are left out. */
    int[][] indexes(Ring ring) {
        TreeMap<NodeId, Integer> index = new TreeMap<>();
        for (NodeId id : ids) {
            index.put(id, index.size());
        }
        int[][] owners = new int[partitions][];
        for (int p = 0; p < partitions; p++) {
            owners[p] = ring.owners(p).stream()
                    .mapToInt(id -> index.getOrDefault(id, -1))
                    .toArray();
        }
        return owners;
    }

    /** How many slots of {@code owners} each node has; entries below 0 are nobody's. */
    int[] count(int[][] owners) {
        int[] count = new int[nodes()];
        for (int[] list : owners) {
            for (int node : list) {
                if (node >= 0) {
                    count[node]++;
                }
            }
        }
        return count;
    }

    /** Puts each list of {@code owners} in an order that depends on its partition and the nodes' names, and is otherwise random. */
    void shuffle(int[][] owners) {
        for (int p = 0; p < partitions; p++) {
            int partition = p;
            owners[p] = Arrays.stream(owners[p])
                    .boxed()
                    .sorted((a, b) -> Long.compare(draw(a, partition), draw(b, partition)))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
    }

    /** The lists of {@code owners} with whoever stayed at the place it had in {@code had}, and newcomers in the places left. */
    int[][] inOrderOf(int[][] had, int[][] owners) {
        int[][] ordered = new int[partitions][];
        for (int p = 0; p < partitions; p++) {
            int[] list = new int[owners[p].length];
            Arrays.fill(list, -1);
            List<Integer> newcomers = new ArrayList<>();
            for (int node : owners[p]) {
                int place = indexIn(had[p], node);
                if (place >= 0 && place < list.length) {
                    list[place] = node;
                } else {
                    newcomers.add(node);
                }
            }
            int next = 0;
            for (int i = 0; i < list.length; i++) {
                list[i] = list[i] < 0 ? newcomers.get(next++) : list[i];
            }
            ordered[p] = list;
        }
        return ordered;
    }

    static int indexIn(int[] list, int node) {
        for (int i = 0; i < list.length; i++) {
            if (list[i] == node) {
                return i;
            }
        }
        return -1;
    }

    /** 64 bits that look random and depend on the node's name and the partition alone (the finalizer of SplitMix64). */
    long draw(int node, int partition) {
        return RingHash.mix(RingHash.mix(ids.get(node).name().hashCode()) + partition);
    }
}
