package dev.gramme.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import org.junit.jupiter.api.Test;

class SuspicionTest {
    /** Six periods of 250 ms, up to ten members. */
    private static final long LEAST = 1_500_000_000L;

    private static final Timings TIMINGS = Timings.DEFAULT;

    @Test
    void each_independent_confirmation_shortens_it_and_three_are_enough() {
        Suspicion suspicion = new Suspicion(node(0), 10, TIMINGS, 0);
        assertEquals(3 * LEAST, suspicion.timeoutNanos());
        assertFalse(suspicion.confirm(node(0)), "the same again confirms nothing");
        long before = suspicion.timeoutNanos();
        for (int i = 1; i <= 3; i++) {
            assertTrue(suspicion.confirm(node(i)));
            assertTrue(suspicion.timeoutNanos() < before);
            before = suspicion.timeoutNanos();
        }
        assertEquals(LEAST, suspicion.timeoutNanos());
        assertFalse(suspicion.confirm(node(4)));
    }

    @Test
    void it_is_over_after_its_time_and_not_for_a_time_we_did_not_listen() {
        Suspicion suspicion = new Suspicion(node(0), 2, TIMINGS, 100);
        assertFalse(suspicion.isOver(99 + LEAST));
        assertTrue(suspicion.isOver(100 + LEAST));
        suspicion.forgive(7);
        assertFalse(suspicion.isOver(100 + LEAST));
        assertTrue(suspicion.isOver(107 + LEAST));
    }

    @Test
    void where_nobody_could_confirm_none_is_waited_for() {
        assertEquals(LEAST, new Suspicion(node(0), 2, TIMINGS, 0).timeoutNanos());
        assertEquals(3 * LEAST, new Suspicion(node(0), 3, TIMINGS, 0).timeoutNanos());
    }

    @Test
    void it_grows_with_the_logarithm_of_the_members() {
        Timings plain = TIMINGS.withoutLifeguard();
        assertEquals(LEAST, new Suspicion(node(0), 10, plain, 0).timeoutNanos());
        assertEquals(2 * LEAST, new Suspicion(node(0), 100, plain, 0).timeoutNanos());
        assertEquals(3 * LEAST, new Suspicion(node(0), 1_000, plain, 0).timeoutNanos(), 1_000);
    }

    private static NodeId node(int number) {
        return new NodeId("n" + number);
    }
}
