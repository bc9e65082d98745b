package dev.gramme.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplacedWritesTest {
    private static final int SEEDS = 400;
    private static final long A = 0xa;
    private static final long B = 0xb;

    @Test
    void union_is_commutative_associative_and_idempotent_whatever_the_bounds_drop() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            ReplacedWrites a = random(random);
            ReplacedWrites b = random(random);
            ReplacedWrites c = random(random);
            assertEquals(a, a.union(a));
            assertEquals(a.union(b), b.union(a), "seed " + seed);
            assertEquals(a.union(b).union(c), a.union(b.union(c)), "seed " + seed);
            ReplacedWrites both = a.union(b);
            assertSame(both, both.union(b));
            assertTrue(a.union(b).entries().size() <= ReplacedWrites.MAX_REPLACED);
        }
    }

    @Test
    void merge_with_what_is_replaced_is_commutative_associative_and_idempotent() {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<VersionSet> states = states(new Random(seed));
            VersionSet a = states.get(0);
            VersionSet b = states.get(1);
            VersionSet c = states.get(2);
            assertEquals(a, a.merge(a));
            assertEquals(a.merge(b), b.merge(a), "seed " + seed);
            assertEquals(a.merge(b).merge(c), a.merge(b.merge(c)), "seed " + seed);
            assertEquals(a.merge(b), a.merge(b).merge(b), "seed " + seed);
        }
    }

    @Test
    void what_is_older_than_the_window_before_the_newest_is_forgotten() {
        long window = ReplacedWrites.REPLACED_WINDOW_MILLIS << HybridLogicalClock.LOGICAL_BITS;
        ReplacedWrites old = ReplacedWrites.NONE.with(entry(1, 5));
        assertEquals(2, old.with(entry(2, 5 + window)).entries().size());
        assertEquals(1, old.with(entry(2, 6 + window)).entries().size());
    }

    @Test
    void a_put_remembers_the_keys_of_what_it_replaces_and_not_its_own() {
        VersionSet state = VersionSet.EMPTY.put(CausalContext.EMPTY, version(A, 1, "old"));
        VersionSet after = state.put(state.context(), version(A, 2, "new"));
        assertNotNull(after.replaced().find(Bytes.utf8("old")));
        assertNull(after.replaced().find(Bytes.utf8("new")));
        assertNull(after.replaced().find(Bytes.EMPTY));
    }

    @Test
    void another_version_of_a_replaced_write_is_dropped_where_siblings_are_kept_and_stays_covered() {
        VersionSet state = VersionSet.EMPTY.put(CausalContext.EMPTY, version(A, 1, "old"));
        VersionSet after = state.put(state.context(), version(A, 2, "new"));
        VersionSet late = VersionSet.EMPTY.put(CausalContext.EMPTY, version(B, 1, "old"));
        VersionSet settled = after.absorb(late).settle(ConflictPolicy.SIBLINGS);
        assertEquals(after.siblings(), settled.siblings());
        assertTrue(settled.context().covers(new Dot(B, 1)));
    }

    @Test
    void who_replaced_a_version_without_holding_it_is_understood_by_one_who_does() {
        VersionSet held = VersionSet.EMPTY.put(CausalContext.EMPTY, version(A, 1, "old"));
        VersionSet blind = VersionSet.EMPTY.put(held.context(), version(B, 1, "new"));
        assertTrue(blind.merge(held).replaced().isEmpty());
        assertNotNull(blind.absorb(held).replaced().find(Bytes.utf8("old")));
        assertNotNull(held.absorb(blind).replaced().find(Bytes.utf8("old")));
    }

    @Test
    void the_last_version_is_never_dropped_even_if_one_key_was_used_for_two_writes() {
        VersionSet state = VersionSet.EMPTY.put(CausalContext.EMPTY, version(A, 1, "key"));
        VersionSet after = state.put(state.context(), version(A, 2, "new"));
        VersionSet reused = after.put(after.context(), version(A, 3, "key"));
        assertEquals(1, reused.settle(ConflictPolicy.SIBLINGS).siblings().size());
    }

    private static List<VersionSet> states(Random random) {
        List<VersionSet> states = new ArrayList<>(List.of(VersionSet.EMPTY, VersionSet.EMPTY, VersionSet.EMPTY));
        for (int step = 1; step < 80; step++) {
            int at = random.nextInt(3);
            VersionSet state = states.get(at);
            states.set(
                    at,
                    random.nextInt(4) == 0
                            ? state.absorb(states.get(random.nextInt(3)))
                            : state.put(state.context(), version(at + 1, step, "k" + step)));
        }
        return states;
    }

    private static ReplacedWrites random(Random random) {
        ReplacedWrites writes = ReplacedWrites.NONE;
        for (int i = random.nextInt(60); i > 0; i--) {
            long time = random.nextInt(20) == 0 ? random.nextLong() : (long) random.nextInt(1_000_000) << 27;
            writes = writes.with(entry(random.nextInt(80), time));
        }
        return writes;
    }

    private static ReplacedWrite entry(long hash, long time) {
        return new ReplacedWrite(hash, time, new Dot(A, 1 + Math.floorMod(time, 7)));
    }

    private static Version version(long actor, long counter, String key) {
        Content content = Content.value(Bytes.utf8("v" + counter), "text/plain");
        return new Version(new Dot(actor, counter), counter, content.withIdempotencyKey(Bytes.utf8(key)));
    }
}
