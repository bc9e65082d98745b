package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TimeToLiveTest {
    @Test
    void a_request_goes_before_its_bucket_and_may_ask_for_no_end() {
        assertEquals(0, TimeToLive.expiresMillis(TimeToLive.OF_BUCKET, 0, 1_000));
        assertEquals(61_000, TimeToLive.expiresMillis(TimeToLive.OF_BUCKET, 60, 1_000));
        assertEquals(11_000, TimeToLive.expiresMillis(10, 60, 1_000));
        assertEquals(0, TimeToLive.expiresMillis(TimeToLive.UNLIMITED, 60, 1_000));
    }

    @Test
    void the_longest_time_to_live_overflows_nothing_and_a_clock_before_1970_makes_nothing_live_for_ever() {
        assertTrue(TimeToLive.expiresMillis(TimeToLive.MAX_SECONDS, 0, 1L << 48) > 1L << 48);
        assertEquals(1, TimeToLive.expiresMillis(5, 0, -1_000_000));
    }

    @Test
    void what_may_be_asked_for() {
        assertTrue(TimeToLive.isAskable(1) && TimeToLive.isAskable(TimeToLive.MAX_SECONDS));
        assertTrue(TimeToLive.isAskable(TimeToLive.OF_BUCKET) && TimeToLive.isAskable(TimeToLive.UNLIMITED));
        assertFalse(TimeToLive.isAskable(-1) || TimeToLive.isAskable(TimeToLive.MAX_SECONDS + 1));
        assertFalse(TimeToLive.isOfBucket(TimeToLive.UNLIMITED));
    }
}
