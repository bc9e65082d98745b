package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StampDatesTest {
    private static final long NOON = 1_767_268_800_000L;
    private static final long MARGIN = StampDates.CLOCK_MARGIN_MILLIS;

    @Test
    void a_backup_of_all_is_older_than_whatever_may_forget_what_was_made_after_it() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            long latest = NOON + random.nextInt(5_000);
            long made = latest + MARGIN - random.nextInt(5_000);
            assertTrue(StampDates.ofBackup(made) < StampDates.next(0, latest, random.nextLong()), latest + " " + made);
        }
    }

    @Test
    void a_backup_of_all_that_is_a_margin_younger_than_all_that_was_forgotten_is_younger_than_its_stamp() {
        Random random = new Random(8);
        for (int i = 0; i < 10_000; i++) {
            long latest = NOON + random.nextInt(5_000);
            long stamp = StampDates.next(0, latest, random.nextLong());
            assertTrue(StampDates.ofBackup(latest + MARGIN + 2_000) > stamp, Long.toString(latest));
        }
    }

    @Test
    void a_stamp_is_higher_than_all_that_were_heard_of_whatever_it_may_forget() {
        long highest = 0;
        Random random = new Random(9);
        for (int i = 0; i < 10_000; i++) {
            long next = StampDates.next(highest, NOON - random.nextInt(1_000_000), random.nextLong());
            assertTrue(next > highest);
            highest = next;
        }
        assertTrue(StampDates.next(5L << 31, NOON, -1) > 5L << 31, "one of a former program");
    }

    @Test
    void clocks_that_were_never_set_date_nothing() {
        assertEquals(0, StampDates.ofBackup(0));
        assertEquals(0, StampDates.ofBackup(MARGIN));
    }

    @Test
    void a_stamp_has_eighteen_digits_at_most() {
        long year2100 = 4_102_444_800_000L;
        assertTrue(StampDates.next(0, year2100, -1) < 1_000_000_000_000_000_000L);
    }
}
