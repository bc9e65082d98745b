package dev.gramme.antientropy.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.gramme.antientropy.model.CollectionModel.Trouble;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The protocol by which deletes are forgotten, held against many seeds; and each of its rules shown to be needed. */
class CollectionModelTest {
    private static final int SEEDS = Integer.getInteger("model.seeds", 150);
    /** A change of the model shifts what a seed means: then another has to be looked for. */
    private static final int MORE_SEEDS = 4_000;

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void no_deleted_value_comes_back_nothing_is_lost_and_deletes_are_forgotten(Trouble trouble) {
        int collected = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            CollectionModel model = new CollectionModel(seed, trouble, null);
            assertEquals(List.of(), model.run(), "seed " + seed);
            collected += model.collected();
        }
        assertTrue(collected > SEEDS, "hardly anything was ever collected: " + collected);
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void without_this_rule_a_promise_is_broken(Rule rule) {
        for (long seed = rule.seed(); seed <= rule.seed() + MORE_SEEDS; seed++) {
            if (!new CollectionModel(seed, rule.trouble(), rule).run().isEmpty()) {
                return;
            }
        }
        fail("nobody misses " + rule + " in " + MORE_SEEDS + " seeds from " + rule.seed());
    }

    @Test
    void one_seed_is_one_course() {
        for (Trouble trouble : Trouble.values()) {
            assertEquals(course(trouble), course(trouble));
        }
    }

    private static String course(Trouble trouble) {
        CollectionModel model = new CollectionModel(7, trouble, null);
        model.run();
        return model.told();
    }
}
