package dev.gramme.ring;

import java.util.Arrays;

/**
 * A wish for a first ring: partition after partition takes the nodes that are furthest behind their quota, and of those that are about as
 * far, the ones that have so far been together least with its other owners and with the owners of the partition before. So the
 * load of a node that dies falls on many: its partners differ, and so do those who follow it clockwise.
 *
 * <p>Only a wish: {@link Placement} fills what it leaves open.
 */
final class Mixture {
    /** How many slots of being behind one more meeting weighs. Found by trial: lower mixes less, higher leaves more to repair. */
    private static final double MEETING = 0.7;

    private final ClaimTerms terms;
    private final int[] quota;
    private final int[] count;
    private final int[][] meetings;

    private Mixture(ClaimTerms terms, int[] quota) {
        this.terms = terms;
        this.quota = quota;
        this.count = new int[terms.nodes()];
        this.meetings = new int[terms.nodes()][terms.nodes()];
    }

    static int[][] of(ClaimTerms terms, int[] quota) {
        return new Mixture(terms, quota).lists();
    }

    private int[][] lists() {
        int[][] lists = new int[terms.partitions()][];
        int[] before = new int[0];
        for (int p = 0; p < lists.length; p++) {
            lists[p] = next(p, before);
            before = lists[p];
        }
        return lists;
    }

    private int[] next(int partition, int[] before) {
        int[] list = new int[terms.width()];
        Arrays.fill(list, -1);
        int[] inZone = new int[terms.zones()];
        for (int i = 0; i < list.length; i++) {
            int node = best(partition, list, before, inZone, list.length - i);
            if (node < 0) {
                break;
            }
            list[i] = node;
            count[node]++;
            inZone[terms.zoneOf(node)]++;
        }
        for (int node : list) {
            meet(node, list);
            meet(node, before);
        }
        return list;
    }

    private int best(int partition, int[] list, int[] before, int[] inZone, int open) {
        int best = -1;
        double bestScore = Double.NEGATIVE_INFINITY;
        int owed = 0;
        for (int zone = 0; zone < inZone.length; zone++) {
            owed += Math.max(0, terms.zoneLeast(zone) - inZone[zone]);
        }
        for (int node = 0; node < terms.nodes(); node++) {
            int zone = terms.zoneOf(node);
            boolean pays = inZone[zone] < terms.zoneLeast(zone);
            if (count[node] < quota[node]
                    && inZone[zone] < terms.zoneMost(zone)
                    && (pays || owed < open)
                    && ClaimTerms.indexIn(list, node) < 0) {
                double behind = (double) quota[node] * (partition + 1) / terms.partitions() - count[node];
                double score = behind - MEETING * (met(node, list) + met(node, before));
                if (score > bestScore) {
                    bestScore = score;
                    best = node;
                }
            }
        }
        return best;
    }

    /** How much more often than expected {@code node} has met those of {@code list}. */
    private double met(int node, int[] list) {
        double sum = 0;
        for (int other : list) {
            if (other == node) {
                sum += 1;
            } else if (other >= 0) {
                sum += meetings[node][other] - (double) count[node] * 3 * terms.width() * share(other);
            }
        }
        return sum;
    }

    private double share(int node) {
        return (double) quota[node] / ((double) terms.partitions() * terms.width());
    }

    private void meet(int node, int[] list) {
        for (int other : list) {
            if (node >= 0 && other >= 0) {
                meetings[node][other]++;
                meetings[other][node]++;
            }
        }
    }
}
