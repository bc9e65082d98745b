package dev.gramme.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HintAgesTest {
    private static final Key KEY = Key.of("b", "k");

    private final HintAges ages = new HintAges();

    private void took(boolean first, long stamp) {
        ages.took(0, KEY, first, stamp, (partition, key) -> true);
    }

    @Test
    void a_hint_of_this_life_is_as_old_as_the_oldest_that_it_was_made_of() {
        took(true, 9);
        took(false, 7);
        took(false, 8);

        assertTrue(ages.isKnownNoOlder(KEY, 7));
        assertFalse(ages.isKnownNoOlder(KEY, 8));
    }

    @Test
    void of_a_hint_that_was_there_before_nothing_is_known() {
        took(false, 9);

        assertFalse(ages.isKnownNoOlder(KEY, 1));
    }

    @Test
    void after_more_hints_than_are_noted_new_ones_are_noted_again_when_those_are_gone() {
        for (int i = 0; i < 3 * HintAges.MOST; i++) {
            ages.took(0, Key.of("b", "many" + i), true, 1, (partition, key) -> true);
        }
        assertFalse(ages.isKnownNoOlder(Key.of("b", "many" + (3 * HintAges.MOST - 1)), 1));

        for (int i = 0; i < 2 * HintAges.MOST; i++) {
            ages.took(0, Key.of("b", "gone" + i), true, 1, (partition, key) -> false);
        }
        took(true, 9);

        assertTrue(ages.isKnownNoOlder(KEY, 9));
    }

    @Test
    void a_note_is_made_before_its_hint_is_kept_and_stays() {
        Set<Key> kept = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            Key key = Key.of("b", "key" + i);
            ages.took(0, key, true, 9, (partition, other) -> kept.contains(other));
            kept.add(key);
        }

        for (Key key : kept) {
            assertTrue(ages.isKnownNoOlder(key, 9), key::toString);
        }
    }

    @Test
    void keys_of_which_nothing_is_kept_any_more_are_forgotten() {
        took(true, 9);
        for (int i = 0; i < 10_000; i++) {
            Key other = Key.of("b", "other" + i);
            ages.took(1, other, true, 1, (partition, key) -> key.equals(KEY));
        }

        assertTrue(ages.isKnownNoOlder(KEY, 9));
        assertFalse(ages.isKnownNoOlder(Key.of("b", "other0"), 1));
    }

    @Test
    void each_hint_taken_looks_at_two_notes_however_many_there_are() {
        for (int i = 0; i < HintAges.MOST; i++) {
            ages.took(0, Key.of("b", "many" + i), true, 1, (partition, key) -> true);
        }
        AtomicInteger looks = new AtomicInteger();
        for (int i = 0; i < 2 * HintAges.MOST; i++) {
            int before = looks.get();
            ages.took(0, Key.of("b", "more" + i), true, 1, (partition, key) -> looks.incrementAndGet() > 0);
            assertTrue(looks.get() - before <= HintAges.LOOKED_AT_ONCE);
        }
        assertEquals(2 * HintAges.MOST * HintAges.LOOKED_AT_ONCE, looks.get());
    }
}
