package dev.gramme.ring;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * How many slots each node is to have. A slot is one replica of one partition.
 *
 * <p>Ideally in proportion to weight, but a node has at most Q slots (one of each partition), and a zone between Q times its least and
 * Q times its most of a partition's owners ({@link ClaimTerms}); what a node or zone cannot take goes to the others in
 * proportion. Any such quotas can be met: giving each node the same fraction of every partition meets them all, and where
 * fractions can, whole slots can (flows are integral).
 *
 * <p>Fractions are rounded by largest remainder, ties to who has the slot already, then by name: first for the zones, then for the nodes of each. So nodes of
 * equal weight in one zone end within one slot of each other, and with Q = 1024 and N = 3 every share is within 5% of its weight's, or one slot where that is
 * more. It can't be, and then is as close as can be, where a node's weight is more than an N-th of all, or a zone's is more (or less) than an even spread of N
 * owners over the zones gives it: of three zones each has a third of the slots, also if one weighs half of all.
 */
final class Quota {
    /** Below this, two remainders are equal: far above the error of the arithmetic, far below a slot. */
    private static final double GRAIN = 1e-6;

    private static final int HALVINGS = 100;

    private final ClaimTerms terms;

    private Quota(ClaimTerms terms) {
        this.terms = terms;
    }

    /** @param had slots that each node has now */
    static int[] of(ClaimTerms terms, int[] had) {
        return new Quota(terms).quotas(had);
    }

    private int[] quotas(int[] had) {
        int slots = terms.partitions() * terms.width();
        double level = levelWhere(slots, this::ofAllZones);
        double[] ofZone = new double[terms.zones()];
        int[] zoneHad = new int[terms.zones()];
        Arrays.setAll(ofZone, zone -> ofZone(zone, level));
        for (int node = 0; node < terms.nodes(); node++) {
            zoneHad[terms.zoneOf(node)] += had[node];
        }
        int[] all = IntStream.range(0, terms.zones()).toArray();
        int[] zoneQuota = new int[terms.zones()];
        round(all, ofZone, slots, zoneHad, zoneQuota);
        int[] quota = new int[terms.nodes()];
        for (int zone : all) {
            int[] nodes = IntStream.range(0, terms.nodes())
                    .filter(n -> terms.zoneOf(n) == zone)
                    .toArray();
            double zoneLevel = levelWhere(zoneQuota[zone], l -> ofNodes(zone, l));
            double[] ideal = new double[terms.nodes()];
            Arrays.setAll(ideal, node -> ofNode(node, zoneLevel));
            round(nodes, ideal, zoneQuota[zone], had, quota);
        }
        return quota;
    }

    /** The level (slots for each unit of weight) at which {@code taken}, which never falls, reaches {@code slots}. */
    private double levelWhere(double slots, DoubleUnaryOperator taken) {
        double low = 0;
        double high = terms.partitions();
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (taken.applyAsDouble(middle) < slots) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private double ofNode(int node, double level) {
        return Math.min(level * terms.weight(node), terms.partitions());
    }

    private double ofNodes(int zone, double level) {
        double sum = 0;
        for (int node = 0; node < terms.nodes(); node++) {
            sum += terms.zoneOf(node) == zone ? ofNode(node, level) : 0;
        }
        return sum;
    }

    private double ofZone(int zone, double level) {
        double least = (double) terms.zoneLeast(zone) * terms.partitions();
        double most = (double) terms.zoneMost(zone) * terms.partitions();
        return Math.max(least, Math.min(most, ofNodes(zone, level)));
    }

    private double ofAllZones(double level) {
        double sum = 0;
        for (int zone = 0; zone < terms.zones(); zone++) {
            sum += ofZone(zone, level);
        }
        return sum;
    }

    private static void round(int[] takers, double[] ideal, int total, int[] had, int[] into) {
        int left = total;
        for (int taker : takers) {
            into[taker] = (int) Math.floor(ideal[taker] + GRAIN);
            left -= into[taker];
        }
        int[] inOrder = Arrays.stream(takers)
                .boxed()
                .sorted(Comparator.comparingLong((Integer t) -> -grains(ideal[t] - into[t]))
                        .thenComparingInt(t -> into[t] - had[t])
                        .thenComparingInt(t -> t))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i = 0; i < left; i++) {
            into[inOrder[i]]++;
        }
    }

    private static long grains(double remainder) {
        return Math.round(remainder / GRAIN);
    }
}
