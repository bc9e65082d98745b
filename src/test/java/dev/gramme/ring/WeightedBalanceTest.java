package dev.gramme.ring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.generators.Clusters;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How closely shares follow weights, zones or not, with Q = 1024 and N = 3. */
class WeightedBalanceTest {
    private static final int PARTITIONS = 1_024;
    private static final int REPLICAS = 3;
    private static final int SEEDS = 120;
    private static final double FIVE_PERCENT = 0.05;

    private int possible;
    private int impossible;

    @Test
    void shares_follow_weights_within_five_percent_or_a_slot_wherever_nodes_and_zones_can_take_them() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Clusters clusters = new Clusters(seed, 4 + random.nextInt(40), 1 + random.nextInt(5), true);
            Ring ring = Claim.first(PARTITIONS, REPLICAS, clusters.members());
            look("seed " + seed, ring);
            for (int i = 0; i < 2; i++) {
                String change = clusters.change();
                ring = Claim.change(ring, clusters.members());
                look("seed " + seed + " " + change, ring);
            }
        }
        assertTrue(possible > SEEDS && impossible > SEEDS / 4, possible + " possible, " + impossible + " not");
    }

    private void look(String change, Ring ring) {
        if (!isPossible(ring)) {
            impossible++;
            return;
        }
        possible++;
        for (RingMember member : ring.members().values()) {
            double ideal = ideal(ring, member.weight());
            double off = Math.abs(ring.share(member.id()) - ideal);
            assertTrue(off <= Math.max(1, FIVE_PERCENT * ideal), change + ": " + member + " is off by " + off);
        }
    }

    private static double ideal(Ring ring, long weight) {
        long total =
                ring.members().values().stream().mapToLong(RingMember::weight).sum();
        return (double) PARTITIONS * ring.owners(0).size() * weight / total;
    }

    /**
     * Precisely when: no node is to have more slots than there are partitions, and no zone more, or fewer, than an even spread of each partition's owners over
     * the zones gives it.
     */
    private static boolean isPossible(Ring ring) {
        Map<String, Integer> sizes = new TreeMap<>();
        Map<String, Long> weights = new TreeMap<>();
        for (RingMember member : ring.members().values()) {
            sizes.merge(member.zone(), 1, Integer::sum);
            weights.merge(member.zone(), (long) member.weight(), Long::sum);
        }
        int width = ring.owners(0).size();
        int level = 1;
        while (spread(sizes, level) < width) {
            level++;
        }
        int top = level;
        boolean zones = sizes.entrySet().stream().allMatch(zone -> {
            double ideal = ideal(ring, weights.getOrDefault(zone.getKey(), 0L)) / PARTITIONS;
            return ideal >= Math.min(zone.getValue(), top - 1) && ideal <= Math.min(zone.getValue(), top);
        });
        return zones && ring.members().values().stream().allMatch(member -> ideal(ring, member.weight()) <= PARTITIONS);
    }

    private static int spread(Map<String, Integer> sizes, int level) {
        return sizes.values().stream().mapToInt(size -> Math.min(size, level)).sum();
    }
}
