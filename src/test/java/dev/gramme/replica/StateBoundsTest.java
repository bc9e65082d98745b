package dev.gramme.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.RequestOptions;
import org.junit.jupiter.api.Test;

/** Which puts make the state of a key too large. */
class StateBoundsTest {
    private static final int ACTOR = 7;

    @Test
    void one_sibling_more_than_the_bound_is_refused_and_the_last_within_it_is_not() {
        assertEquals("", objection(siblings(StateBounds.MAX_SIBLINGS - 1, 1), CausalContext.EMPTY, 1));
        assertTrue(objection(siblings(StateBounds.MAX_SIBLINGS, 1), CausalContext.EMPTY, 1)
                .contains("129"));
    }

    @Test
    void a_put_that_leaves_fewer_siblings_is_taken_even_if_they_are_still_too_many() {
        VersionSet merged = siblings(StateBounds.MAX_SIBLINGS + 50, 1);
        assertEquals("", objection(merged, CausalContext.of(new Dot(ACTOR, 2)), 1));
        assertTrue(!objection(merged, CausalContext.of(new Dot(ACTOR, 1)), 1).isEmpty());
    }

    @Test
    void siblings_that_would_take_too_many_bytes_are_refused_and_a_put_that_makes_them_fewer_bytes_is_not() {
        VersionSet large = siblings(3, StateBounds.MAX_STATE_BYTES / 3);
        assertTrue(objection(large, CausalContext.EMPTY, 1_000).contains("bytes"));
        assertEquals("", objection(large, CausalContext.of(new Dot(ACTOR, 1)), 1_000));
    }

    @Test
    void a_value_alone_is_not_bounded_here() {
        VersionSet one = siblings(1, 10);
        assertEquals("", objection(one, one.context(), StateBounds.MAX_STATE_BYTES * 2));
        assertEquals("", objection(VersionSet.EMPTY, CausalContext.EMPTY, StateBounds.MAX_STATE_BYTES * 2));
    }

    @Test
    void where_the_last_write_wins_nothing_piles_up() {
        PutCommand put = put(CausalContext.EMPTY, 1);
        assertEquals("", StateBounds.objection(siblings(500, 1), put, ConflictPolicy.LAST_WRITE_WINS));
    }

    private static String objection(VersionSet before, CausalContext seen, int bytes) {
        return StateBounds.objection(before, put(seen, bytes), ConflictPolicy.SIBLINGS);
    }

    private static PutCommand put(CausalContext seen, int bytes) {
        return new PutCommand(Key.of("b", "k"), seen, 0, content(bytes), RequestOptions.DEFAULT);
    }

    private static VersionSet siblings(int count, int bytes) {
        VersionSet state = VersionSet.EMPTY;
        for (int i = 1; i <= count; i++) {
            state = state.put(CausalContext.EMPTY, new Version(new Dot(ACTOR, i), i, content(bytes)));
        }
        return state;
    }

    private static Content content(int bytes) {
        return Content.value(Bytes.of(new byte[bytes]), "");
    }
}
