package dev.gramme.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Anti-entropy alone makes owners equal: it waits for nobody to read. */
class WithoutReadRepairTest {
    private static final int SEEDS = 2;

    @ParameterizedTest
    @ValueSource(strings = {"lost hints", "a lost disk", "a disk rolled back", "absent for long"})
    void whatever_was_lost_owners_become_equal_without_a_read_that_repairs(String scenario) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation.Verdict verdict =
                    Simulation.run(seed, Scenario.named(scenario), new BrokenRepair.NoReadRepair(), null);
            assertTrue(verdict.findings().isEmpty(), verdict::told);
        }
    }
}
