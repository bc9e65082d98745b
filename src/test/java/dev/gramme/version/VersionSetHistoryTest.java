package dev.gramme.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.generators.CausalHistory;
import dev.gramme.generators.CausalHistory.AfterForgetting;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Over random histories with lost stores, against an oracle that keeps causal pasts as explicit sets. */
class VersionSetHistoryTest {
    private static final int SEEDS = 400;
    private static final int STEPS = 60;

    @Test
    void the_siblings_are_exactly_the_maximal_concurrent_versions_after_any_history() {
        for (long seed = 0; seed < SEEDS; seed++) {
            CausalHistory history = history(seed, AfterForgetting.RENEW_ACTOR);
            for (int step = 0; step < STEPS; step++) {
                int replica = history.step();
                assertEquals(
                        history.expectedSiblings(replica),
                        history.actualSiblings(replica),
                        "seed " + seed + " step " + step + " replica " + replica);
                assertTrue(history.contextIsExact(replica), "seed " + seed + " step " + step + " replica " + replica);
            }
        }
    }

    @Test
    void all_replicas_are_equal_once_they_have_heard_of_everything() {
        for (long seed = 0; seed < SEEDS; seed++) {
            CausalHistory history = history(seed, AfterForgetting.RENEW_ACTOR);
            run(history);
            history.heal();
            for (int replica = 0; replica < history.replicas(); replica++) {
                assertEquals(history.state(0), history.state(replica), "seed " + seed);
                assertEquals(history.expectedSiblings(replica), history.actualSiblings(replica), "seed " + seed);
            }
        }
    }

    @Test
    void the_oracle_catches_an_actor_that_goes_on_after_its_store_forgot() {
        int caught = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            CausalHistory history = history(seed, AfterForgetting.KEEP_ACTOR);
            boolean wrong = false;
            for (int step = 0; step < STEPS && !wrong; step++) {
                try {
                    int replica = history.step();
                    wrong = !history.expectedSiblings(replica).equals(history.actualSiblings(replica));
                } catch (IllegalStateException mintedTwice) {
                    wrong = true;
                }
            }
            caught += wrong ? 1 : 0;
        }
        assertTrue(caught > SEEDS / 20, "the mutant was caught in only " + caught + " of " + SEEDS + " histories");
    }

    @Test
    void merge_is_commutative_associative_and_idempotent_on_reachable_states() {
        for (long seed = 0; seed < 60; seed++) {
            CausalHistory history = history(seed, AfterForgetting.RENEW_ACTOR);
            run(history);
            List<VersionSet> states = history.reached();
            for (int i = 0; i < states.size(); i++) {
                VersionSet a = states.get(i);
                VersionSet b = states.get(i * 7 % states.size());
                VersionSet c = states.get(i * 11 % states.size());
                assertEquals(a, a.merge(a));
                assertEquals(a.merge(b), b.merge(a), "seed " + seed);
                assertEquals(a.merge(b).merge(c), a.merge(b.merge(c)), "seed " + seed);
                assertEquals(a.merge(b), a.merge(b).merge(b), "seed " + seed);
                assertEquals(a, a.merge(VersionSet.EMPTY));
            }
        }
    }

    private static CausalHistory history(long seed, AfterForgetting afterForgetting) {
        return new CausalHistory(seed, 2 + (int) (seed % 4), afterForgetting);
    }

    private static void run(CausalHistory history) {
        for (int step = 0; step < STEPS; step++) {
            history.step();
        }
    }
}
