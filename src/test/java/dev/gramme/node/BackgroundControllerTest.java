package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Background work against clients, by a clock of the test's own. */
class BackgroundControllerTest {
    private static final long MILLI = 1_000_000;
    private static final long TICK = 5 * MILLI;
    private static final long QUIET_MILLIS = 4;
    private static final int SLICE_BYTES = 64 << 10;

    private final BackgroundController pace = new BackgroundController();
    private long now = -7_000 * MILLI;

    @Test
    void nothing_slow_lets_ever_more_through_up_to_a_bound() {
        quiet(20);
        int first = slicesIn(1, QUIET_MILLIS);
        slicesIn(8, QUIET_MILLIS);
        assertTrue(first >= 64, "in the first second " + first);
        assertEquals(BackgroundController.MOST_BYTES_PER_SECOND, pace.perSecond());
    }

    @Test
    void clients_that_wait_for_longer_than_twice_a_quiet_tail_slow_it_down_and_never_stop_it() {
        quiet(20);
        slicesIn(8, QUIET_MILLIS);
        assertTrue(slicesIn(10, 10 * QUIET_MILLIS) > 0);
        int slowly = slicesIn(2, 10 * QUIET_MILLIS);
        assertTrue(slowly >= 30 && slowly <= 34, "in two seconds " + slowly);
    }

    @Test
    void few_clients_of_whom_one_in_twenty_waits_long_hold_it_low() {
        quiet(20);
        for (int i = 1; i <= 200; i++) {
            request(i % 20 == 0 ? 10 * QUIET_MILLIS : QUIET_MILLIS);
            for (int ticks = 0; ticks < 50; ticks++) {
                tick();
                while (pace.isOpen(now)) {
                    pace.took(SLICE_BYTES, now);
                }
            }
        }
        assertTrue(pace.perSecond() < 2 * BackgroundController.LEAST_BYTES_PER_SECOND, "it is " + pace.perSecond());
    }

    @Test
    void a_loop_that_is_behind_slows_it_down_where_no_client_asks() {
        quiet(20);
        slicesIn(8, 0);
        double before = pace.perSecond();
        for (int i = 0; i < 10; i++) {
            now += 100 * MILLI;
            pace.ticked(95 * MILLI, now);
            pace.took(SLICE_BYTES, now);
        }
        assertTrue(pace.perSecond() < before / 4, "from " + before + " to " + pace.perSecond());
    }

    @Test
    void where_quiet_requests_are_slow_themselves_more_is_borne() {
        for (int i = 0; i < 4_000; i++) {
            request(60);
            tick();
        }
        assertTrue(pace.limitNanos() > 100 * MILLI, "limit " + pace.limitNanos());
        slicesIn(8, 60);
        assertEquals(BackgroundController.MOST_BYTES_PER_SECOND, pace.perSecond());
    }

    @Test
    void after_a_pause_it_begins_where_it_began() {
        quiet(20);
        slicesIn(8, QUIET_MILLIS);
        quiet(3);
        assertEquals(BackgroundController.FIRST_BYTES_PER_SECOND, pace.perSecond());
    }

    /** Without background work. */
    private void quiet(int seconds) {
        for (long end = now + seconds * 1_000 * MILLI; now < end; ) {
            request(QUIET_MILLIS);
            tick();
        }
    }

    /** How many slices are let through while requests take so long; 0: there are none. */
    private int slicesIn(int seconds, long requestMillis) {
        int slices = 0;
        for (long end = now + seconds * 1_000 * MILLI; now < end; ) {
            if (requestMillis > 0) {
                request(requestMillis);
            }
            tick();
            while (pace.isOpen(now)) {
                pace.took(SLICE_BYTES, now);
                slices++;
            }
        }
        return slices;
    }

    private void tick() {
        now += TICK;
        pace.ticked(0, now);
    }

    private void request(long millis) {
        pace.answered(millis * MILLI, now);
    }
}
