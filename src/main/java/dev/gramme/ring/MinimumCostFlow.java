package dev.gramme.ring;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * A flow network in arrays, grown to a maximum flow along cheapest paths: shortest paths by reduced cost (Dijkstra with potentials,
 * after Edmonds and Karp 1972), and along those as many at once as there are (blocking flows, after Dinic 1970).
 *
 * <p>Edge {@code e} and its reverse {@code e ^ 1} share their flow: what one carries is room in the other.
 */
final class MinimumCostFlow {
    private static final int FAR = Integer.MAX_VALUE;

    private final int[] head;
    private final int[] next;
    private final int[] to;
    private final int[] room;
    private final byte[] cost;
    private final int[] potential;
    private int edges;

    MinimumCostFlow(int vertices, int maxEdges) {
        head = new int[vertices];
        Arrays.fill(head, -1);
        next = new int[2 * maxEdges];
        to = new int[2 * maxEdges];
        room = new int[2 * maxEdges];
        cost = new byte[2 * maxEdges];
        potential = new int[vertices];
    }

    /** Adds an edge and gives its number. @param edgeCost for each unit, 0 or 1 */
    int edge(int from, int target, int capacity, int edgeCost) {
        half(from, target, capacity, edgeCost);
        half(target, from, 0, -edgeCost);
        return edges - 2;
    }

    private void half(int from, int target, int capacity, int edgeCost) {
        to[edges] = target;
        room[edges] = capacity;
        cost[edges] = (byte) edgeCost;
        next[edges] = head[from];
        head[from] = edges++;
    }

    /** Whether the edge carries all it can; an edge without capacity always does. */
    boolean isFull(int edge) {
        return room[edge] == 0;
    }

    /** Sends one unit over an edge before {@link #fill}; only over whole paths, and only where it costs nothing. */
    void carry(int edge) {
        if (room[edge] == 0 || cost[edge] != 0) {
            throw new IllegalStateException("edge " + edge + " cannot carry one more for nothing");
        }
        room[edge]--;
        room[edge ^ 1]++;
    }

    /** Adds one to an edge's capacity. After a {@link #fill}, only in a network where nothing costs. */
    void widen(int edge) {
        room[edge]++;
    }

    /** Grows the flow to the most there can be, and gives by how much it grew. */
    int fill(int source, int sink) {
        int grown = 0;
        int[] level = new int[head.length];
        while (reprice(source, sink)) {
            while (rank(source, sink, level)) {
                grown += block(source, sink, level);
            }
        }
        return grown;
    }

    /** Makes the cheapest paths cost nothing, all others something. */
    private boolean reprice(int source, int sink) {
        int[] distance = new int[head.length];
        Arrays.fill(distance, FAR);
        distance[source] = 0;
        PriorityQueue<Long> queue = new PriorityQueue<>();
        queue.add((long) source);
        for (Long entry = queue.poll(); entry != null; entry = queue.poll()) {
            int vertex = (int) (entry & FAR);
            int reached = (int) (entry >>> 32);
            if (reached > distance[vertex]) {
                continue;
            }
            if (vertex == sink) {
                break;
            }
            for (int e = head[vertex]; e >= 0; e = next[e]) {
                int length = reached + reducedCost(vertex, e);
                if (room[e] > 0 && length < distance[to[e]]) {
                    distance[to[e]] = length;
                    queue.add((long) length << 32 | to[e]);
                }
            }
        }
        if (distance[sink] == FAR) {
            return false;
        }
        for (int v = 0; v < potential.length; v++) {
            potential[v] += Math.min(distance[v], distance[sink]);
        }
        return true;
    }

    private int reducedCost(int from, int edge) {
        return cost[edge] + potential[from] - potential[to[edge]];
    }

    /** Ranks the vertices by their number of free steps from the source; whether the sink is among them. */
    private boolean rank(int source, int sink, int[] level) {
        Arrays.fill(level, FAR);
        int[] queue = new int[head.length];
        int size = 1;
        queue[0] = source;
        level[source] = 0;
        for (int i = 0; i < size; i++) {
            int vertex = queue[i];
            for (int e = head[vertex]; e >= 0; e = next[e]) {
                if (room[e] > 0 && level[to[e]] == FAR && reducedCost(vertex, e) == 0) {
                    level[to[e]] = level[vertex] + 1;
                    queue[size++] = to[e];
                }
            }
        }
        return level[sink] != FAR;
    }

    /** Fills paths that step up one level at a time until none is left. Walks with a stack: a path may be long. */
    private int block(int source, int sink, int[] level) {
        int[] arc = head.clone();
        int[] path = new int[head.length];
        int depth = 0;
        int vertex = source;
        int grown = 0;
        while (true) {
            if (vertex == sink) {
                for (int i = 0; i < depth; i++) {
                    room[path[i]]--;
                    room[path[i] ^ 1]++;
                }
                grown++;
                depth = 0;
                vertex = source;
            }
            while (arc[vertex] >= 0 && !steps(vertex, arc[vertex], level)) {
                arc[vertex] = next[arc[vertex]];
            }
            if (arc[vertex] >= 0) {
                path[depth++] = arc[vertex];
                vertex = to[arc[vertex]];
            } else if (depth == 0) {
                return grown;
            } else {
                vertex = to[path[--depth] ^ 1];
                arc[vertex] = next[arc[vertex]];
            }
        }
    }

    private boolean steps(int from, int edge, int[] level) {
        return room[edge] > 0 && level[to[edge]] == level[from] + 1 && reducedCost(from, edge) == 0;
    }
}
