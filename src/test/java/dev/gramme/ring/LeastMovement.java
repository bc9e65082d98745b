package dev.gramme.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The fewest slots that any ring could move which has the members and shares of one that is given, distinct owners everywhere and each zone as often in a
 * partition as allowed. Found without a flow algorithm: from the given ring on, slots are exchanged around any ring of nodes and partitions where that saves
 * moves, until there is none (no negative cycle: Klein 1967), and that is the proof that no ring is cheaper.
 */
final class LeastMovement {
    private static final int NOBODY = -1;

    /** How often a zone may be among the owners of one partition. */
    record Times(int least, int most) {}

    private record Arc(int from, int to, int cost, Runnable step) {}

    private final Ring before;
    private final Ring after;
    private final List<NodeId> ids;
    private final List<String> zones;
    private final int[] zoneOf;
    private final Times[] times;
    private final boolean[][] owns;

    private LeastMovement(Ring before, Ring after, Map<String, Times> allowed) {
        this.before = before;
        this.after = after;
        this.ids = List.copyOf(after.members().keySet());
        this.zones = List.copyOf(allowed.keySet());
        this.zoneOf = ids.stream()
                .mapToInt(id -> zones.indexOf(after.members().get(id).zone()))
                .toArray();
        this.times = zones.stream().map(allowed::get).toArray(Times[]::new);
        this.owns = new boolean[ids.size()][after.partitions()];
        for (int p = 0; p < after.partitions(); p++) {
            for (NodeId owner : after.owners(p)) {
                owns[ids.indexOf(owner)][p] = true;
            }
        }
    }

    /** With each zone as evenly in each partition as its size allows: what the claim promises. */
    static int withZonesEven(Ring before, Ring after) {
        Map<String, Integer> sizes = sizes(after);
        int width = after.owners(0).size();
        int level = 1;
        while (levelled(sizes, level) < width) {
            level++;
        }
        Map<String, Times> allowed = new TreeMap<>();
        int top = level;
        sizes.forEach((zone, size) -> allowed.put(zone, new Times(Math.min(size, top - 1), Math.min(size, top))));
        return new LeastMovement(before, after, allowed).find();
    }

    /** With the owners of each partition in as many zones as there are, and no word of how many in each. */
    static int withZonesApart(Ring before, Ring after) {
        Map<String, Integer> sizes = sizes(after);
        int width = after.owners(0).size();
        Map<String, Times> allowed = new TreeMap<>();
        boolean enough = sizes.size() >= width;
        sizes.forEach((zone, size) -> allowed.put(zone, enough ? new Times(0, 1) : new Times(1, size)));
        return new LeastMovement(before, after, allowed).find();
    }

    private static Map<String, Integer> sizes(Ring ring) {
        Map<String, Integer> sizes = new TreeMap<>();
        ring.members().values().forEach(member -> sizes.merge(member.zone(), 1, Integer::sum));
        return sizes;
    }

    private static int levelled(Map<String, Integer> sizes, int level) {
        return sizes.values().stream().mapToInt(size -> Math.min(size, level)).sum();
    }

    private int find() {
        while (saveSome()) {}
        int moved = 0;
        for (int node = 0; node < ids.size(); node++) {
            for (int p = 0; p < after.partitions(); p++) {
                moved += owns[node][p] ? price(node, p) : 0;
            }
        }
        return moved;
    }

    private int price(int node, int partition) {
        return before.owns(ids.get(node), partition) ? 0 : 1;
    }

    /** A node, or a partition's share of a zone, or a partition. */
    private int cell(int partition, int zone) {
        return ids.size() + partition * zones.size() + zone;
    }

    private int hub(int partition) {
        return ids.size() + after.partitions() * zones.size() + partition;
    }

    /** Who gives a slot gets another; who takes one gives another; a zone of a partition passes on what it may not keep. */
    private List<Arc> arcs() {
        List<Arc> arcs = new ArrayList<>();
        for (int p = 0; p < after.partitions(); p++) {
            int[] count = new int[zones.size()];
            for (int node = 0; node < ids.size(); node++) {
                addSlot(node, p, arcs);
                count[zoneOf[node]] += owns[node][p] ? 1 : 0;
            }
            for (int zone = 0; zone < count.length; zone++) {
                if (count[zone] < times[zone].most()) {
                    arcs.add(new Arc(cell(p, zone), hub(p), 0, () -> {}));
                }
                if (count[zone] > times[zone].least()) {
                    arcs.add(new Arc(hub(p), cell(p, zone), 0, () -> {}));
                }
            }
        }
        return arcs;
    }

    private void addSlot(int node, int p, List<Arc> arcs) {
        int cell = cell(p, zoneOf[node]);
        if (owns[node][p]) {
            arcs.add(new Arc(cell, node, -price(node, p), () -> owns[node][p] = false));
        } else {
            arcs.add(new Arc(node, cell, price(node, p), () -> owns[node][p] = true));
        }
    }

    /** Bellman and Ford from everywhere at once: what can still be improved after as many rounds as there are vertices lies behind a cycle. */
    private boolean saveSome() {
        List<Arc> arcs = arcs();
        int vertices = hub(after.partitions());
        int[] distance = new int[vertices];
        Arc[] by = new Arc[vertices];
        for (int round = 0; round < vertices; round++) {
            int improved = NOBODY;
            for (Arc arc : arcs) {
                if (distance[arc.from()] + arc.cost() < distance[arc.to()]) {
                    distance[arc.to()] = distance[arc.from()] + arc.cost();
                    by[arc.to()] = arc;
                    improved = arc.to();
                }
            }
            if (improved == NOBODY) {
                return false;
            }
            if (follow(by)) {
                return true;
            }
        }
        throw new IllegalStateException("a cycle that saves something was not found");
    }

    /** Takes a cycle among the last improvements, if there is one by now. */
    private static boolean follow(Arc[] by) {
        int[] seen = new int[by.length];
        Arrays.fill(seen, NOBODY);
        for (int start = 0; start < by.length; start++) {
            int vertex = start;
            while (by[vertex] != null && seen[vertex] == NOBODY) {
                seen[vertex] = start;
                vertex = by[vertex].from();
            }
            if (by[vertex] != null && seen[vertex] == start) {
                int end = vertex;
                do {
                    by[vertex].step().run();
                    vertex = by[vertex].from();
                } while (vertex != end);
                return true;
            }
        }
        return false;
    }
}
