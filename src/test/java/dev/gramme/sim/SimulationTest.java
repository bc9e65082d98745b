package dev.gramme.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.wire.Probe;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Every promise of the store, held against many seeds. */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 300);
    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final int MAX_TOLD = 5;
    private static final int ENOUGH_FOR_RARE_PATHS = 200;

    /** A disk must be put back past a collection, and its owner be read from before anything else tells it: {@link ForgettingTest} looks for it where that is likely. */
    private static final Set<Probe> REACHED_BY_TESTS_OF_THEIR_OWN = EnumSet.of(Probe.OUTDATED_ANSWER_PASSED_OVER);

    @Test
    void whatever_goes_wrong_no_promise_is_broken_and_a_healed_cluster_converges() {
        Long only = Long.getLong("simulation.seed");
        if (only != null) {
            Simulation.Verdict verdict = Simulation.run(only, Tampering.NONE, System.out::println);
            assertTrue(verdict.findings().isEmpty(), verdict::told);
            return;
        }
        List<String> failures = new ArrayList<>();
        Map<Probe, Long> probes = new EnumMap<>(Probe.class);
        Map<Struck, Long> struck = new EnumMap<>(Struck.class);
        long acknowledged = 0;
        long events = 0;
        long owed = 0;
        for (Simulation.Verdict verdict : verdicts()) {
            verdict.probes().forEach((probe, times) -> probes.merge(probe, times, Long::sum));
            verdict.struck().forEach((how, times) -> struck.merge(how, times, Long::sum));
            acknowledged += verdict.acknowledged();
            events += verdict.events();
            owed += verdict.owed();
            if (!verdict.findings().isEmpty()) {
                failures.add(verdict.told());
            }
        }
        System.out.println(SEEDS + " seeds from " + FIRST + ": " + acknowledged + " writes acknowledged, " + owed
                + " requests owed, " + events + " events, probes " + probes + ", faults " + struck);
        assertTrue(
                failures.isEmpty(),
                () -> failures.size() + " of " + SEEDS + " seeds broke a promise.\n"
                        + String.join("\n", failures.subList(0, Math.min(MAX_TOLD, failures.size()))));
        if (SEEDS >= ENOUGH_FOR_RARE_PATHS) {
            Set<Probe> never = EnumSet.allOf(Probe.class);
            never.removeAll(probes.keySet());
            never.removeAll(REACHED_BY_TESTS_OF_THEIR_OWN);
            assertEquals(EnumSet.allOf(Struck.class), struck.keySet(), "faults that came to bear in some seed");
            assertEquals(
                    Set.of(), never, "rare paths that no seed ever took: the simulator must be made to reach them");
        }
    }

    /** In order of seeds; each is a world of its own, so that as many run at once as there are cores. */
    private static List<Simulation.Verdict> verdicts() {
        return LongStream.range(FIRST, FIRST + SEEDS)
                .parallel()
                .mapToObj(seed -> Simulation.run(seed, Tampering.NONE, null))
                .toList();
    }
}
