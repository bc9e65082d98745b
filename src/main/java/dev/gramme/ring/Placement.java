package dev.gramme.ring;

import java.util.Arrays;

/**
 * Makes a wished placement fit quotas and zones with the fewest changes: a flow of minimum cost.
 *
 * <pre>
 *   source --quota--> node --1--> (partition, its zone) --least--------------------> sink
 *                                        \--most - least--> partition --the rest--> sink
 * </pre>
 *
 * <p>A full flow is a placement: distinct owners, every zone of a partition between its least and its most, every quota met. A
 * slot costs 1 where it was not wished for. The flow starts with what can stay of the wish, which costs nothing, and grows along
 * cheapest paths: so the result is the cheapest of all.
 */
final class Placement {
    private static final int SOURCE = 0;
    private static final int SINK = 1;

    private final ClaimTerms terms;
    private final int[] quota;
    private final MinimumCostFlow flow;
    private final int[] fromSource;
    private final int[][] slot;
    private final int[][] owed;
    private final int[][] extra;
    private final int[] rest;

    Placement(ClaimTerms terms, int[] quota) {
        int partitions = terms.partitions();
        this.terms = terms;
        this.quota = quota;
        int cells = partitions * terms.zones();
        this.flow = new MinimumCostFlow(
                2 + terms.nodes() + cells + partitions, terms.nodes() * (1 + partitions) + 2 * cells + partitions);
        this.fromSource = new int[terms.nodes()];
        this.slot = new int[terms.nodes()][partitions];
        this.owed = new int[partitions][terms.zones()];
        this.extra = new int[partitions][terms.zones()];
        this.rest = new int[partitions];
    }

    /**
     * The owners of each partition, in no order.
     *
     * @param wish lists of nodes, distinct; entries below 0 are open
     */
    int[][] from(int[][] wish) {
        addSlots(wish);
        addPartitions();
        keep(wish);
        int moved = flow.fill(SOURCE, SINK);
        int[][] owners = new int[terms.partitions()][terms.width()];
        int[] filled = new int[terms.partitions()];
        for (int node = 0; node < terms.nodes(); node++) {
            for (int p = 0; p < terms.partitions(); p++) {
                if (flow.isFull(slot[node][p])) {
                    owners[p][filled[p]++] = node;
                }
            }
        }
        for (int p = 0; p < filled.length; p++) {
            if (filled[p] != terms.width()) {
                throw new IllegalStateException(
                        "partition " + p + " has " + filled[p] + " owners of " + terms.width() + " after " + moved);
            }
        }
        return owners;
    }

    /** Slots are offered in an order of each node's own, so that a newcomer takes from all over the ring. */
    private void addSlots(int[][] wish) {
        for (int node = 0; node < terms.nodes(); node++) {
            fromSource[node] = flow.edge(SOURCE, vertex(node), quota[node], 0);
            for (int p : inOwnOrder(node)) {
                int cost = ClaimTerms.indexIn(wish[p], node) < 0 ? 1 : 0;
                slot[node][p] = flow.edge(vertex(node), cell(p, terms.zoneOf(node)), 1, cost);
            }
        }
    }

    private void addPartitions() {
        for (int p = 0; p < terms.partitions(); p++) {
            int free = terms.width();
            for (int zone = 0; zone < terms.zones(); zone++) {
                int least = terms.zoneLeast(zone);
                free -= least;
                owed[p][zone] = flow.edge(cell(p, zone), SINK, least, 0);
                extra[p][zone] = flow.edge(cell(p, zone), hub(p), terms.zoneMost(zone) - least, 0);
            }
            rest[p] = flow.edge(hub(p), SINK, free, 0);
        }
    }

    /** Keeps what fits of the wish. A node with more than its quota gives where fewest others have given. */
    private void keep(int[][] wish) {
        int[] had = terms.count(wish);
        int[] given = new int[terms.partitions()];
        boolean[][] gives = new boolean[terms.nodes()][terms.partitions()];
        for (int p = 0; p < given.length; p++) {
            given[p] = (int) Arrays.stream(wish[p]).filter(n -> n < 0).count();
        }
        for (int node = 0; node < terms.nodes(); node++) {
            int excess = had[node] - quota[node];
            for (int round = 0; excess > 0; round++) {
                for (int p : inOwnOrder(node)) {
                    if (excess > 0 && given[p] == round && !gives[node][p] && ClaimTerms.indexIn(wish[p], node) >= 0) {
                        gives[node][p] = true;
                        given[p]++;
                        excess--;
                    }
                }
            }
        }
        for (int p = 0; p < given.length; p++) {
            for (int node : wish[p]) {
                if (node >= 0 && !gives[node][p]) {
                    keep(node, p);
                }
            }
        }
    }

    private void keep(int node, int p) {
        int zone = terms.zoneOf(node);
        boolean pays = !flow.isFull(owed[p][zone]);
        if (pays || (!flow.isFull(extra[p][zone]) && !flow.isFull(rest[p]))) {
            flow.carry(fromSource[node]);
            flow.carry(slot[node][p]);
            if (pays) {
                flow.carry(owed[p][zone]);
            } else {
                flow.carry(extra[p][zone]);
                flow.carry(rest[p]);
            }
        }
    }

    private int[] inOwnOrder(int node) {
        long[] keys = new long[terms.partitions()];
        for (int p = 0; p < keys.length; p++) {
            keys[p] = terms.draw(node, p) & -Ring.MAX_PARTITIONS | p;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys)
                .mapToInt(key -> (int) (key & Ring.MAX_PARTITIONS - 1))
                .toArray();
    }

    private int vertex(int node) {
        return 2 + node;
    }

    private int cell(int partition, int zone) {
        return 2 + terms.nodes() + partition * terms.zones() + zone;
    }

    private int hub(int partition) {
        return 2 + terms.nodes() + terms.partitions() * terms.zones() + partition;
    }
}
