package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RingAgreementTest {
    private static final int SEEDS = Integer.getInteger("gramme.ring.seeds", 40);
    private static final int ROUNDS = 60;

    @Test
    void members_agree_and_reads_see_what_was_acknowledged_whatever_is_committed_where() {
        assertAgreement(RingOperator.Hazards.MILD, 0);
    }

    @Test
    void members_agree_though_some_die_for_good_at_any_moment() {
        assertAgreement(RingOperator.Hazards.DEATHS, 100_000);
    }

    @Test
    void members_agree_though_one_was_given_up_that_comes_back() {
        assertAgreement(RingOperator.Hazards.MISTAKES, 200_000);
    }

    @Test
    void members_agree_though_some_lose_their_disks() {
        assertAgreement(RingOperator.Hazards.WIPES, 300_000);
    }

    private static void assertAgreement(RingOperator.Hazards hazards, long firstSeed) {
        List<String> failures = new ArrayList<>();
        TreeSet<String> probes = new TreeSet<>();
        int commits = 0;
        int cancels = 0;
        long rings = 0;
        int writes = 0;
        for (long seed = firstSeed; seed < firstSeed + SEEDS; seed++) {
            RingWorld world = new RingWorld(seed, PhaseRule.UNANIMITY);
            RingOperator operator = new RingOperator(world, hazards);
            operator.trouble(ROUNDS);
            String difference = operator.convergence();
            if (!difference.isEmpty() || !world.checks.broken().isEmpty()) {
                failures.add("seed " + seed + ": "
                        + world.checks.broken().stream().limit(2).toList() + " " + difference);
            }
            commits += operator.commits;
            cancels += operator.cancels;
            writes += world.data.acknowledgedWrites();
            probes.addAll(world.checks.probes());
            RingProcess up = world.anyUp();
            rings += up == null ? 0 : up.topology().settled().version();
        }
        assertEquals(List.of(), failures);
        assertTrue(commits > SEEDS && 2 * rings > 3L * SEEDS, commits + " commits made " + rings + " rings");
    }
}
