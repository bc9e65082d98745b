package dev.gramme.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CausalContextTest {
    @Test
    void a_context_agrees_with_a_map_of_highest_counters() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            CausalContext context = CausalContext.EMPTY;
            TreeMap<Long, Long> map = new TreeMap<>(Long::compareUnsigned);
            for (int i = 0; i < 30; i++) {
                Dot dot = dot(random);
                context = context.with(dot);
                map.merge(dot.actor(), dot.counter(), Math::max);
                assertTrue(context.covers(dot));
            }
            assertEquals(map.size(), context.size());
            int index = 0;
            for (var entry : map.entrySet()) {
                assertEquals(entry.getKey(), context.actor(index));
                assertEquals(entry.getValue(), context.counter(index++));
                assertFalse(context.covers(new Dot(entry.getKey(), entry.getValue() + 1)));
            }
        }
    }

    @Test
    void join_is_the_least_upper_bound() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            CausalContext a = context(random);
            CausalContext b = context(random);
            CausalContext c = context(random);
            CausalContext joined = a.join(b);
            assertEquals(joined, b.join(a));
            assertEquals(joined.join(c), a.join(b.join(c)));
            assertEquals(a, a.join(a));
            assertTrue(joined.covers(a) && joined.covers(b), "seed " + seed);
            if (c.covers(a) && c.covers(b)) {
                assertTrue(c.covers(joined), "seed " + seed);
            }
            assertEquals(a.covers(b), joined.equals(a), "seed " + seed);
        }
    }

    @Test
    void joining_what_is_known_makes_nothing_new() {
        CausalContext a = CausalContext.of(new Dot(1, 5)).with(new Dot(-1, 2));
        assertSame(a, a.join(CausalContext.of(new Dot(1, 4))));
        assertSame(a, CausalContext.EMPTY.join(a));
        assertSame(a, a.with(new Dot(-1, 2)));
    }

    private static CausalContext context(Random random) {
        CausalContext context = CausalContext.EMPTY;
        int size = random.nextInt(8);
        for (int i = 0; i < size; i++) {
            context = context.with(dot(random));
        }
        return context;
    }

    /** Few actors and counters, so that contexts meet; actors on both sides of the sign. */
    private static Dot dot(Random random) {
        return new Dot(random.nextInt(8) - 4L, 1 + random.nextInt(5));
    }
}
