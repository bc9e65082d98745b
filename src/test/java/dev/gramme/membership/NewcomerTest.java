package dev.gramme.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message.Refusal;
import org.junit.jupiter.api.Test;

class NewcomerTest {
    private static final long INSTANCE = 7;

    private final Newcomer newcomer = new Newcomer(INSTANCE, Timings.DEFAULT, 0);

    @Test
    void a_new_process_that_nobody_accepts_obeys_after_a_while() {
        assertEquals("", refusedFrom(100, 2_500, INSTANCE, true));
        assertEquals("refused by node b: no", refusedFrom(2_600, 2_700, INSTANCE, true));
    }

    @Test
    void a_refusal_of_another_process_or_one_that_is_not_fatal_means_nothing() {
        assertEquals("", refusedFrom(0, 5_000, INSTANCE + 1, true));
        assertEquals("", refusedFrom(0, 5_000, INSTANCE, false));
    }

    @Test
    void an_old_process_does_not_obey() {
        assertEquals("", refusedFrom(10_000, 20_000, INSTANCE, true));
    }

    @Test
    void an_acceptance_in_the_meantime_takes_it_back() {
        refusedFrom(0, 1_000, INSTANCE, true);
        assertEquals("", newcomer.verdict(true, nanos(1_100)));
        assertEquals("", newcomer.verdict(false, nanos(2_600)));
    }

    @Test
    void a_refusal_that_is_not_repeated_is_not_obeyed() {
        refusedFrom(0, 500, INSTANCE, true);
        assertEquals("", newcomer.verdict(false, nanos(3_000)));
    }

    /** Refused each quarter second; the verdict at the end. */
    private String refusedFrom(long fromMillis, long toMillis, long instance, boolean fatal) {
        String verdict = "";
        for (long millis = fromMillis; millis <= toMillis; millis += 250) {
            newcomer.refused(new Refusal(new NodeId("b"), instance, fatal, "no"), nanos(millis));
            verdict = newcomer.verdict(false, nanos(toMillis));
        }
        return verdict;
    }

    private static long nanos(long millis) {
        return millis * 1_000_000;
    }
}
