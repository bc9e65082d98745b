package dev.gramme.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryTest {
    private static final long NOON = 1_800_000_000_000L;

    private final VersionSet lives = VersionSet.EMPTY.put(CausalContext.EMPTY, version(1, 10, 0));
    private final VersionSet expires = VersionSet.EMPTY.put(CausalContext.EMPTY, version(2, 20, NOON));

    @Test
    void a_value_is_shown_until_the_millisecond_at_which_it_expires() {
        assertEquals(1, expires.unexpired(NOON - 1).siblings().size());
        assertEquals(0, expires.unexpired(NOON).siblings().size());
        assertEquals(0, expires.unexpired(Long.MAX_VALUE).siblings().size());
    }

    @Test
    void what_never_expires_is_given_back_as_it_is() {
        assertSame(lives, lives.unexpired(Long.MAX_VALUE));
        assertSame(expires, expires.unexpired(NOON - 1));
    }

    @Test
    void an_expired_value_is_absent_and_its_record_stays_covered_by_the_context() {
        VersionSet shown = expires.unexpired(NOON);
        assertEquals(expires.context(), shown.context());
        VersionSet replaced = expires.put(shown.context(), version(3, 30, 0));
        assertEquals(List.of(new Dot(3, 3)), dots(replaced));
    }

    @Test
    void of_siblings_the_others_are_shown_when_one_has_expired() {
        VersionSet both = lives.merge(expires).resolve(ConflictPolicy.SIBLINGS);
        assertEquals(2, both.unexpired(NOON - 1).siblings().size());
        assertEquals(List.of(new Dot(1, 1)), dots(both.unexpired(NOON)));
    }

    @Test
    void where_the_last_write_wins_what_an_expired_value_beat_does_not_come_back() {
        VersionSet winner = lives.merge(expires).resolve(ConflictPolicy.LAST_WRITE_WINS);
        assertEquals(List.of(new Dot(2, 2)), dots(winner));
        assertTrue(winner.unexpired(NOON).siblings().isEmpty());
    }

    @Test
    void a_late_copy_of_an_expired_value_that_was_replaced_does_not_bring_it_back() {
        VersionSet replaced = expires.put(expires.unexpired(NOON).context(), version(3, 30, 0));
        assertEquals(replaced, replaced.merge(expires));
        assertEquals(replaced, expires.merge(replaced));
    }

    @Test
    void a_tombstone_can_not_expire_nor_a_value_before_1970() {
        assertThrows(IllegalArgumentException.class, () -> Content.delete().expiringAt(NOON));
        Content value = Content.value(Bytes.utf8("v"), "");
        assertThrows(IllegalArgumentException.class, () -> value.expiringAt(-1));
        assertSame(value, value.expiringAt(0));
    }

    private static List<Dot> dots(VersionSet state) {
        return state.siblings().stream().map(Version::dot).toList();
    }

    private static Version version(int number, long time, long expiresMillis) {
        Content content = Content.value(Bytes.utf8("v" + number), "text/plain").expiringAt(expiresMillis);
        return new Version(new Dot(number, number), time, content);
    }
}
