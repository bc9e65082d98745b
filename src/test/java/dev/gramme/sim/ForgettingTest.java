package dev.gramme.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.gramme.wire.Probe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In the scenarios that are to forget deletes, deletes are forgotten; else no seed of them would prove anything. */
class ForgettingTest {
    private static final int MAX_SEEDS = 20;

    @ParameterizedTest
    @CsvSource({
        "deletes are forgotten, KEY_COLLECTED",
        "deletes are forgotten, OUTDATED_REFUSED",
        "deletes are forgotten past loners, KEY_COLLECTED",
        "a backup restored after deletes were forgotten, OUTDATED_REFUSED",
        "deletes are forgotten by old disks, KEY_COLLECTED",
        "deletes are forgotten by old disks, COLLECTION_UNKNOWN_HERE",
        "deletes are forgotten by old disks, OUTDATED_ANSWER_PASSED_OVER",
        "deletes are forgotten by images put back, KEY_COLLECTED",
        "deletes are forgotten by images put back, COLLECTION_UNKNOWN_HERE",
        "values expire, KEY_COLLECTED",
        "deletes are forgotten while nodes come and go, KEY_COLLECTED",
        "deletes are forgotten far apart, KEY_COLLECTED",
        "deletes are forgotten far apart, RANGE_PULLED",
    })
    void some_seed_takes_this_path(String scenario, Probe probe) {
        for (long seed = 1; seed <= MAX_SEEDS; seed++) {
            Simulation.Verdict verdict = Simulation.run(seed, Scenario.named(scenario), Tampering.NONE, null);
            assertTrue(verdict.findings().isEmpty(), verdict::told);
            if (verdict.probes().getOrDefault(probe, 0L) > 0) {
                return;
            }
        }
        fail("none of " + MAX_SEEDS + " seeds of '" + scenario + "' ever came to " + probe);
    }

    @Test
    void some_backup_is_taken_though_deletes_that_it_holds_were_forgotten_since() {
        for (long seed = 1; seed <= MAX_SEEDS; seed++) {
            Scenario scenario = Scenario.named("a backup restored after deletes were forgotten");
            Simulation.Verdict verdict = Simulation.run(seed, scenario, Tampering.NONE, null);
            assertTrue(verdict.findings().isEmpty(), verdict::told);
            if (verdict.struck().getOrDefault(Struck.YOUNGER_BACKUP_TAKEN, 0L) > 0) {
                return;
            }
        }
        fail("none of " + MAX_SEEDS + " seeds");
    }
}
