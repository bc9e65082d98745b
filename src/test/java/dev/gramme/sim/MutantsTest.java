package dev.gramme.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every checker is itself checked: a node with one broken rule must make it speak. */
class MutantsTest {
    private static final int MAX_SEEDS = 120;

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void a_broken_rule_is_noticed_by_the_checker_that_guards_it(Mutant mutant) {
        Set<String> others = ConcurrentHashMap.newKeySet();
        boolean noticed = LongStream.rangeClosed(1, MAX_SEEDS).parallel().anyMatch(seed -> {
            Simulation.Verdict verdict = Simulation.run(seed, mutant.scenario(), mutant.tampering(), null);
            verdict.findings().forEach(f -> others.add(f.split(":")[0]));
            return verdict.findings().stream().anyMatch(f -> f.startsWith(mutant.catcher()));
        });
        assertTrue(
                noticed,
                () -> mutant.catcher() + " did not notice " + mutant + " in " + MAX_SEEDS + " seeds of '"
                        + mutant.scenario().name() + "'; others that spoke: " + others);
    }
}
