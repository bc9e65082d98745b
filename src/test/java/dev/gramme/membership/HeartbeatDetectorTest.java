package dev.gramme.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Liveness;
import dev.gramme.ring.Liveness.State;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message.Heartbeat;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeartbeatDetectorTest {
    private static final NodeId PEER = new NodeId("b");
    private static final long FIRST_LIFE = 111;
    private static final long SECOND_LIFE = 222;

    private final HeartbeatDetector detector = new HeartbeatDetector(List.of(PEER), Timings.DEFAULT, 0);
    private long millis;

    @Test
    void a_peer_never_heard_is_down() {
        assertEquals(Liveness.DOWN, detector.livenessOf(PEER, nanos()));
        assertEquals(-1, detector.silenceNanos(PEER, nanos()));
        assertFalse(detector.isAccepted());
    }

    @Test
    void a_late_or_doubled_heartbeat_says_nothing() {
        assertEquals(Reception.NEWS, hear(FIRST_LIFE, 10, 0));
        assertEquals(Reception.STALE, hear(FIRST_LIFE, 10, 0));
        assertEquals(Reception.STALE, hear(FIRST_LIFE, 9, 0));
        assertEquals(Reception.COUNTED, hear(FIRST_LIFE, 11, 0));
    }

    @Test
    void a_peer_that_takes_our_heartbeats_and_never_answers_is_noticed_although_the_first_found_no_connection() {
        detector.sent(PEER, 1, nanos());
        detector.undeliverable(PEER);
        for (int sequence = 2; sequence < 13; sequence++) {
            detector.sent(PEER, sequence, nanos());
        }
        assertFalse(detector.isUnanswered());
        detector.sent(PEER, 13, nanos());
        assertTrue(detector.isUnanswered());
        detector.undeliverable(PEER);
        assertFalse(detector.isUnanswered(), "it is away, not deaf");
    }

    @Test
    void up_suspect_and_down_come_at_their_times() {
        hear(FIRST_LIFE, 1, 0);
        millis = 999;
        assertEquals(State.UP, state());
        millis = 1_000;
        assertEquals(State.SUSPECT, state());
        millis = 2_499;
        assertEquals(State.SUSPECT, state());
        millis = 2_500;
        assertEquals(State.DOWN, state());
    }

    @Test
    void two_undeliverable_heartbeats_in_a_row_mean_down_and_an_echo_up_again() {
        hear(FIRST_LIFE, 1, 0);
        detector.undeliverable(PEER);
        assertEquals(State.UP, state());
        detector.undeliverable(PEER);
        assertEquals(State.DOWN, state());
        millis = 100;
        hear(FIRST_LIFE, 2, 0);
        assertEquals(State.DOWN, state(), "we hear it, and still cannot reach it");
        detector.sent(PEER, 5, nanos());
        hear(FIRST_LIFE, 3, 5);
        assertEquals(State.UP, state());
    }

    @Test
    void a_peer_that_does_not_hear_us_is_down_after_the_same_time_as_a_silent_one() {
        for (millis = 0; millis <= 2_400; millis += 200) {
            detector.sent(PEER, 100 + millis, nanos());
            hear(FIRST_LIFE, 1 + millis, 0);
        }
        millis = 2_499;
        assertEquals(State.UP, state());
        millis = 2_500;
        hear(FIRST_LIFE, 9_000, 0);
        assertEquals(State.DOWN, state());
        hear(FIRST_LIFE, 9_001, 100);
        assertEquals(State.DOWN, state(), "an echo as old as that proves nothing");
        hear(FIRST_LIFE, 9_002, 2_300);
        assertEquals(State.UP, state());
        assertTrue(detector.isAccepted());
    }

    @Test
    void an_echo_of_a_heartbeat_we_never_sent_proves_nothing() {
        detector.sent(PEER, 5, nanos());
        hear(FIRST_LIFE, 1, 77);
        assertFalse(detector.isAccepted());
    }

    @Test
    void a_second_instance_is_the_member_if_it_echoes_what_was_sent_after_it_appeared() {
        detector.sent(PEER, 5, nanos());
        hear(FIRST_LIFE, 1, 5);
        assertEquals(Reception.CONTESTED, hear(SECOND_LIFE, 1, 0));
        assertEquals(Reception.STALE, hear(SECOND_LIFE, 2, 5));
        detector.sent(PEER, 6, nanos());
        assertEquals(Reception.NEWS, hear(SECOND_LIFE, 3, 6));
        assertEquals(Reception.CONTESTED, hear(FIRST_LIFE, 2, 5), "a late word of the first");
        assertEquals(State.UP, state());
    }

    @Test
    void a_second_instance_is_a_duplicate_once_the_first_echoes_what_was_sent_after_it_appeared() {
        detector.sent(PEER, 5, nanos());
        hear(FIRST_LIFE, 1, 5);
        hear(SECOND_LIFE, 1, 0);
        hear(FIRST_LIFE, 2, 5);
        assertEquals(Reception.STALE, hear(SECOND_LIFE, 2, 0), "not proven yet");
        detector.sent(PEER, 6, nanos());
        hear(FIRST_LIFE, 3, 6);
        assertEquals(Reception.DUPLICATE, hear(SECOND_LIFE, 3, 0));
        assertEquals(FIRST_LIFE, detector.lastOf(PEER).instance());
    }

    @Test
    void a_second_instance_follows_a_silent_or_unreachable_first_at_once() {
        hear(FIRST_LIFE, 1, 0);
        millis = 1_000;
        assertEquals(Reception.NEWS, hear(SECOND_LIFE, 1, 0));
        detector.undeliverable(PEER);
        detector.undeliverable(PEER);
        assertEquals(Reception.NEWS, hear(333, 1, 0));
        assertEquals(State.UP, state());
    }

    @Test
    void our_own_pause_does_not_count_as_their_silence() {
        hear(FIRST_LIFE, 1, 0);
        millis = 900;
        assertEquals(0, detector.awake(nanos()));
        millis = 60_900;
        assertEquals(60_000_000_000L, detector.awake(nanos()));
        assertEquals(State.UP, state());
        millis = 61_000;
        detector.awake(nanos());
        assertEquals(State.SUSPECT, state());
    }

    @Test
    void missed_heartbeats_are_left_out_and_the_place_in_the_interval_is_kept() {
        assertEquals(List.of(PEER), detector.due(nanos()));
        assertEquals(List.of(), detector.due(nanos()));
        millis = 5_100;
        assertEquals(List.of(PEER), detector.due(nanos()));
        millis = 5_249;
        assertEquals(List.of(), detector.due(nanos()));
        millis = 5_250;
        assertEquals(List.of(PEER), detector.due(nanos()));
    }

    @Test
    void who_is_no_peer_is_an_error() {
        assertThrows(IllegalArgumentException.class, () -> detector.livenessOf(new NodeId("stranger"), 0));
    }

    private Reception hear(long instance, long sequence, long echo) {
        return detector.heard(new Heartbeat(PEER, instance, sequence, echo, "c", 8, 3, 1, 1, true, true, ""), nanos());
    }

    private State state() {
        return detector.livenessOf(PEER, nanos()).state();
    }

    private long nanos() {
        return millis * 1_000_000;
    }
}
