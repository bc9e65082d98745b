package dev.gramme.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HybridLogicalClockTest {
    private static final long START_MILLIS = 1_790_000_000_000L;

    @Test
    void readings_rise_whatever_the_wall_clock_does_and_follow_what_was_observed() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            HybridLogicalClock clock = new HybridLogicalClock();
            HybridLogicalClock other = new HybridLogicalClock();
            long last = 0;
            for (int i = 0; i < 200; i++) {
                long wallMillis = START_MILLIS + random.nextInt(20_000) - 10_000;
                if (random.nextInt(3) == 0) {
                    long theirs = other.tick(wallMillis + random.nextInt(1_000));
                    clock.observe(theirs, wallMillis);
                    last = Math.max(last, theirs);
                }
                long reading = clock.tick(wallMillis);
                assertTrue(reading > last, "seed " + seed);
                last = reading;
            }
        }
    }

    @Test
    void a_clock_too_far_ahead_is_not_followed() {
        HybridLogicalClock broken = new HybridLogicalClock();
        long ahead = broken.tick(START_MILLIS + HybridLogicalClock.MAX_DRIFT_MILLIS + 60_000);
        HybridLogicalClock clock = new HybridLogicalClock();
        clock.observe(ahead, START_MILLIS);
        assertEquals(START_MILLIS, HybridLogicalClock.millis(clock.tick(START_MILLIS)));
    }

    @Test
    void a_write_is_later_than_what_it_has_seen_even_from_a_clock_too_far_ahead() {
        long ahead = new HybridLogicalClock().tick(START_MILLIS + 10 * HybridLogicalClock.MAX_DRIFT_MILLIS);
        HybridLogicalClock clock = new HybridLogicalClock();
        assertTrue(clock.tickAfter(ahead, START_MILLIS) > ahead);
        assertEquals(START_MILLIS, HybridLogicalClock.millis(clock.tick(START_MILLIS)));
    }
}
