package dev.gramme.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every checker is itself checked: a node with one broken rule must make it speak. */
class MutantsTest {
    private static final int MAX_SEEDS = 120;

    /** Why each was not noticed; empty if it was. */
    private static final Map<Mutant, String> UNNOTICED = new ConcurrentHashMap<>();

    /** As many at once as there are cores: each has worlds of its own. */
    @BeforeAll
    static void try_each() {
        Arrays.stream(Mutant.values()).parallel().forEach(mutant -> UNNOTICED.put(mutant, unnoticed(mutant)));
    }

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void a_broken_rule_is_noticed_by_the_checker_that_guards_it(Mutant mutant) {
        assertEquals("", UNNOTICED.get(mutant));
    }

    private static String unnoticed(Mutant mutant) {
        Set<String> others = new LinkedHashSet<>();
        for (long seed = 1; seed <= MAX_SEEDS; seed++) {
            Simulation.Verdict verdict = Simulation.run(seed, mutant.scenario(), mutant.tampering(), null);
            if (verdict.findings().stream().anyMatch(f -> f.startsWith(mutant.catcher()))) {
                return "";
            }
            verdict.findings().forEach(f -> others.add(f.split(":")[0]));
        }
        return mutant.catcher() + " did not notice " + mutant + " in " + MAX_SEEDS + " seeds of '"
                + mutant.scenario().name() + "'; others that spoke: " + others;
    }
}
