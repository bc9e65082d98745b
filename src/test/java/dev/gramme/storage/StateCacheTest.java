package dev.gramme.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gramme.ring.Key;
import org.junit.jupiter.api.Test;

/** What is read from memory, and what a partition that goes takes along. */
class StateCacheTest {
    private static final int KEY_BYTES = 5;
    private static final int ENTRY_BYTES = entry(0).bytes;

    private final StateCache cache = new StateCache(4L * ENTRY_BYTES);

    @Test
    void what_was_put_into_a_partition_before_it_was_forgotten_is_gone() {
        cache.put(key("a"), entry(1));
        cache.put(key("b"), entry(2));
        cache.forget(1);
        assertThat(cache.get(key("a"))).isNull();
        assertThat(cache.get(key("b"))).isNotNull();
    }

    @Test
    void what_is_put_into_it_afterwards_is_there() {
        cache.put(key("a"), entry(1));
        cache.forget(1);
        Unapplied later = entry(1);
        cache.put(key("a"), later);
        assertThat(cache.get(key("a"))).isSameAs(later);
    }

    @Test
    void what_is_forgotten_gives_way_to_what_comes() {
        for (int i = 0; i < 4; i++) {
            cache.put(key("old" + i), entry(1));
        }
        cache.forget(1);
        for (int i = 0; i < 4; i++) {
            cache.put(key("new" + i), entry(2));
        }
        for (int i = 0; i < 4; i++) {
            assertThat(cache.get(key("old" + i))).isNull();
            assertThat(cache.get(key("new" + i))).isNotNull();
        }
    }

    @Test
    void room_that_a_forgotten_entry_had_is_there_again_once_it_was_asked_for() {
        cache.put(key("first"), entry(2));
        for (int i = 0; i < 3; i++) {
            cache.put(key("old" + i), entry(1));
        }
        cache.forget(1);
        assertThat(cache.get(key("old0"))).isNull();
        cache.put(key("new"), entry(2));
        assertThat(cache.get(key("first"))).isNotNull();
    }

    private static Unapplied entry(int partition) {
        return new Unapplied(partition, KEY_BYTES, null);
    }

    private static Key key(String name) {
        return Key.of("b", name);
    }
}
