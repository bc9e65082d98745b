package dev.gramme.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.generators.Clusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against an exact bound that honours zones: see {@link LeastMovement}. */
class LeastMovementTest {
    private static final int SEEDS = 40;
    private static final int CHANGES = 3;

    private interface Check {
        void of(String change, Ring before, Ring after);
    }

    @Test
    void a_change_moves_the_least_that_its_shares_and_zones_allow() {
        forEachChange((change, before, after) ->
                assertEquals(LeastMovement.withZonesEven(before, after), moved(before, after), change));
    }

    /** Zones are kept apart more evenly than they would have to be; that may cost something, and no more than this. */
    @Test
    void keeping_zones_even_costs_within_ten_percent_of_keeping_them_apart() {
        forEachChange((change, before, after) -> assertTrue(
                moved(before, after) <= 1.1 * LeastMovement.withZonesApart(before, after),
                change + " moves " + moved(before, after)));
    }

    @Test
    void the_bound_finds_out_a_ring_that_moves_more() {
        Clusters clusters = new Clusters(7, 9, 3, true);
        Ring before = Claim.first(64, 3, clusters.members());
        Ring anew = Claim.first(
                64, 3, Claim.change(before, clusters.members()).members().values());
        assertEquals(0, LeastMovement.withZonesEven(before, anew));
        clusters.change();
        Ring afresh = Claim.first(64, 3, clusters.members());
        assertTrue(LeastMovement.withZonesEven(before, afresh) * 2 < moved(before, afresh));
    }

    private static int moved(Ring before, Ring after) {
        return RingDiff.between(before, after).gained().size();
    }

    /** Leaves, joins, replacements and other weights, in zones of unequal sizes. */
    private static void forEachChange(Check check) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Clusters clusters = new Clusters(seed, 4 + random.nextInt(10), 1 + random.nextInt(5), random.nextBoolean());
            Ring ring = Claim.first(random.nextBoolean() ? 64 : 256, 2 + random.nextInt(3), clusters.members());
            List<RingMember> left = new ArrayList<>(clusters.members());
            RingMember gone = left.remove(random.nextInt(left.size()));
            check.of("seed " + seed + " leave " + gone, ring, Claim.change(ring, left));
            for (int i = 0; i < CHANGES; i++) {
                String change = clusters.change();
                Ring next = Claim.change(ring, clusters.members());
                check.of("seed " + seed + " " + change, ring, next);
                ring = next;
            }
        }
    }
}
