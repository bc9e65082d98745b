package dev.gramme.ring;

import java.util.Arrays;

/**
 * Orders each partition's owners so that every node is first for its share of the partitions it owns, then second for its share of
 * the rest, and so on: within one, by a flow from nodes to partitions. Giving each owner the same fraction of every partition
 * is such a flow, so a whole one exists.
 */
final class PreferenceOrder {
    private static final int SOURCE = 0;
    private static final int SINK = 1;

    private PreferenceOrder() {}

    /** Reorders the lists of {@code owners} in place; an order that is balanced already stays as it is. */
    static void balance(ClaimTerms terms, int[][] owners) {
        for (int place = 0; place < terms.width() - 1; place++) {
            balance(terms, owners, place);
        }
    }

    private static void balance(ClaimTerms terms, int[][] owners, int place) {
        int choices = terms.width() - place;
        int[] candidacies = new int[terms.nodes()];
        for (int[] list : owners) {
            for (int i = place; i < list.length; i++) {
                candidacies[list[i]]++;
            }
        }
        if (isBalanced(owners, place, candidacies, choices)) {
            return;
        }
        MinimumCostFlow flow =
                new MinimumCostFlow(2 + terms.nodes() + owners.length, terms.nodes() + owners.length * (choices + 1));
        int[] fromSource = new int[terms.nodes()];
        for (int node = 0; node < terms.nodes(); node++) {
            fromSource[node] = flow.edge(SOURCE, 2 + node, candidacies[node] / choices, 0);
        }
        int[][] choice = new int[owners.length][choices];
        for (int p = 0; p < owners.length; p++) {
            int partition = 2 + terms.nodes() + p;
            for (int i = 0; i < choices; i++) {
                choice[p][i] = flow.edge(2 + owners[p][place + i], partition, 1, 0);
            }
            int chosen = flow.edge(partition, SINK, 1, 0);
            if (!flow.isFull(fromSource[owners[p][place]])) {
                flow.carry(fromSource[owners[p][place]]);
                flow.carry(choice[p][0]);
                flow.carry(chosen);
            }
        }
        // Whole shares first: what the rounding leaves can only then go to nobody who lacks his share.
        flow.fill(SOURCE, SINK);
        for (int node = 0; node < terms.nodes(); node++) {
            if (candidacies[node] % choices != 0) {
                flow.widen(fromSource[node]);
            }
        }
        flow.fill(SOURCE, SINK);
        choose(owners, place, choice, flow);
    }

    private static boolean isBalanced(int[][] owners, int place, int[] candidacies, int choices) {
        int[] held = new int[candidacies.length];
        for (int[] list : owners) {
            held[list[place]]++;
        }
        for (int node = 0; node < held.length; node++) {
            int whole = candidacies[node] / choices;
            int most = candidacies[node] % choices == 0 ? whole : whole + 1;
            if (held[node] < whole || held[node] > most) {
                return false;
            }
        }
        return true;
    }

    private static void choose(int[][] owners, int place, int[][] choice, MinimumCostFlow flow) {
        for (int p = 0; p < owners.length; p++) {
            int[] edges = choice[p];
            int chosen =
                    (int) Arrays.stream(edges).takeWhile(e -> !flow.isFull(e)).count();
            if (chosen == edges.length) {
                throw new IllegalStateException("no owner at place " + place + " of partition " + p);
            }
            int node = owners[p][place + chosen];
            owners[p][place + chosen] = owners[p][place];
            owners[p][place] = node;
        }
    }
}
