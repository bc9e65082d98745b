package dev.gramme.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** One dot, and two versions of that name: which must not be, and comes about where a bit flips before a checksum is made. */
class AlteredVersionsTest {
    private static final Dot DOT = new Dot(0xa, 1);

    /** Each differs from the first in one part. */
    private static final List<Version> ALTERED = List.of(
            version(7, Content.value(Bytes.utf8("value"), "text/plain"), false),
            version(7, Content.value(Bytes.utf8("vAlue"), "text/plain"), false),
            version(7, Content.value(Bytes.utf8("value"), "text/pl4in"), false),
            version(8, Content.value(Bytes.utf8("value"), "text/plain"), false),
            version(7, Content.value(Bytes.utf8("value"), "text/plain"), true),
            version(7, Content.value(Bytes.utf8("value"), "text/plain").expiringAt(9), false),
            version(7, Content.value(Bytes.utf8("value"), "text/plain").withIdempotencyKey(Bytes.utf8("k")), false),
            version(7, withMetadata("name", "one"), false),
            version(7, withMetadata("name", "two"), false),
            version(7, withMetadata("nama", "two"), false),
            version(7, Content.delete(), false));

    private static Version version(long time, Content content, boolean contiguous) {
        return new Version(DOT, time, content, contiguous);
    }

    private static Content withMetadata(String name, String value) {
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put(name, value);
        return new Content(false, Bytes.utf8("value"), "text/plain", metadata, Bytes.EMPTY);
    }

    private static VersionSet state(Version version) {
        return new VersionSet(CausalContext.of(DOT), List.of(version));
    }

    @Test
    void replicas_that_hold_different_versions_under_one_dot_take_the_same_one() {
        for (Version one : ALTERED) {
            for (Version other : ALTERED) {
                VersionSet merged = state(one).merge(state(other));
                assertEquals(merged, state(other).merge(state(one)));
                assertEquals(merged, merged.merge(state(one)).merge(state(other)));
                for (Version third : ALTERED) {
                    assertEquals(
                            merged.merge(state(third)),
                            state(one).merge(state(other).merge(state(third))));
                }
            }
        }
    }

    @Test
    void two_states_contradict_each_other_where_a_dot_names_different_versions() {
        for (Version one : ALTERED) {
            for (Version other : ALTERED) {
                assertEquals(one != other, state(one).contradicts(state(other)));
                assertEquals(one != other, !state(one).equals(state(other)));
            }
        }
    }

    @Test
    void states_with_different_dots_do_not_contradict_each_other() {
        VersionSet first = state(ALTERED.getFirst());
        VersionSet second = first.put(
                CausalContext.EMPTY, new Version(new Dot(0xb, 1), 9, Content.value(Bytes.utf8("b"), "text/plain")));
        assertFalse(first.contradicts(second));
        assertFalse(second.contradicts(first));
        assertFalse(first.contradicts(VersionSet.EMPTY));
        assertTrue(second.contradicts(state(ALTERED.get(1))));
        assertNotEquals(first, second);
    }
}
