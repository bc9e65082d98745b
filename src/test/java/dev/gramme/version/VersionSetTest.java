package dev.gramme.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class VersionSetTest {
    private static final long A = 0xa;
    private static final long B = 0xb;
    private static final long C = 0xc;

    private final VersionSet first = VersionSet.EMPTY.put(CausalContext.EMPTY, version(A, 1));

    @Test
    void two_writers_with_the_same_context_give_two_siblings_on_every_replica() {
        VersionSet here = first.put(first.context(), version(A, 2));
        VersionSet there = first.put(first.context(), version(B, 1));
        assertEquals(List.of(new Dot(A, 2), new Dot(B, 1)), dots(here.merge(there)));
        assertEquals(here.merge(there), there.merge(here));
    }

    @Test
    void a_write_with_both_contexts_merged_leaves_one() {
        VersionSet here = first.put(first.context(), version(A, 2));
        VersionSet there = first.put(first.context(), version(B, 1));
        VersionSet joined = here.put(here.context().join(there.context()), version(A, 3));
        assertEquals(List.of(new Dot(A, 3)), dots(joined));
        assertEquals(List.of(new Dot(A, 3)), dots(joined.merge(there)));
    }

    @Test
    void a_write_with_a_stale_context_replaces_only_what_it_has_seen() {
        VersionSet second = first.put(first.context(), version(A, 2));
        assertEquals(List.of(new Dot(A, 2), new Dot(B, 1)), dots(second.put(first.context(), version(B, 1))));
    }

    @Test
    void a_write_without_context_replaces_nothing() {
        assertEquals(List.of(new Dot(A, 1), new Dot(A, 2)), dots(first.put(CausalContext.EMPTY, version(A, 2))));
    }

    @Test
    void a_delete_is_a_version_and_no_value() {
        VersionSet deleted = first.put(first.context(), new Version(new Dot(A, 2), 2, Content.delete()));
        assertTrue(deleted.values().isEmpty());
        assertEquals(1, deleted.siblings().size());
        assertFalse(deleted.isEmpty());
        assertEquals(deleted, first.merge(deleted));
    }

    @Test
    void what_some_actors_minted_claims_nothing_of_the_siblings_that_are_left_out() {
        VersionSet old = first.put(first.context(), version(A, 3))
                .merge(VersionSet.EMPTY.put(CausalContext.EMPTY, version(C, 1)));
        VersionSet state = old.put(CausalContext.EMPTY, version(B, 1));

        VersionSet minted = state.only(dot -> dot.actor() == B);

        assertEquals(List.of(new Dot(B, 1)), dots(minted));
        assertEquals(List.of(new Dot(B, 1)), dots(minted.merge(first)), "what they had seen replaced stays so");
        assertEquals(dots(state), dots(minted.merge(old)), "what was left out comes again from who holds it");
        assertTrue(old.only(dot -> dot.actor() == B).isEmpty());
        assertEquals(state, state.only(dot -> true));
    }

    @Test
    void of_one_actor_nothing_is_kept_behind_a_sibling_that_is_left_out() {
        VersionSet state = first.put(CausalContext.EMPTY, version(A, 4));

        assertTrue(state.only(dot -> dot.counter() >= 4).isEmpty());
        assertEquals(first.siblings(), state.only(dot -> dot.counter() < 4).siblings());
    }

    @Test
    void a_dot_known_already_is_refused() {
        assertThrows(IllegalStateException.class, () -> first.put(CausalContext.EMPTY, version(A, 1)));
        assertThrows(IllegalStateException.class, () -> first.put(CausalContext.of(new Dot(B, 7)), version(B, 7)));
    }

    @Test
    void merging_what_is_known_gives_the_same_state_without_a_copy() {
        VersionSet second = first.put(first.context(), version(B, 1));
        assertSame(second, second.merge(first));
        assertSame(second, first.merge(second));
    }

    @Test
    void a_writer_who_saw_all_that_the_actor_minted_has_seen_its_own_write_too() {
        assertTrue(told(first.context(), new Dot(A, 2)).covers(new Dot(A, 2)));
        assertTrue(told(CausalContext.EMPTY, new Dot(B, 1)).covers(new Dot(B, 1)));
    }

    @Test
    void a_blind_writer_is_not_told_that_it_has_seen_an_earlier_write_of_the_same_actor() {
        CausalContext answer = told(CausalContext.EMPTY, new Dot(A, 2));
        VersionSet second = first.put(CausalContext.EMPTY, version(A, 2));
        assertFalse(answer.covers(new Dot(A, 1)));
        assertTrue(dots(second.put(answer, version(A, 3))).contains(new Dot(A, 1)));
    }

    private CausalContext told(CausalContext seen, Dot dot) {
        return version(dot.actor(), dot.counter()).after(seen, first.context()).seenByWriter(seen);
    }

    private static List<Dot> dots(VersionSet set) {
        return set.siblings().stream().map(Version::dot).toList();
    }

    private static Version version(long actor, long counter) {
        return new Version(new Dot(actor, counter), counter, Content.value(Bytes.utf8("v" + counter), "text/plain"));
    }
}
