package dev.gramme.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeerLatencyTest {
    private static final NodeId PEER = new NodeId("peer");
    private static final long CAP = 20_000_000;

    private final PeerLatency latency = new PeerLatency(2);

    @Test
    void patience_follows_the_high_percentile_and_never_exceeds_the_cap() {
        assertEquals(CAP, latency.patienceNanos(PEER, CAP));
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            latency.took(PEER, 1_000_000 + random.nextInt(1_000_000));
        }
        long patience = latency.patienceNanos(PEER, CAP);
        assertTrue(patience > 1_700_000 && patience < 2_400_000, "patience " + patience);
        for (int i = 0; i < 5_000; i++) {
            latency.took(PEER, 100_000_000);
        }
        assertEquals(CAP, latency.patienceNanos(PEER, CAP));
    }

    @Test
    void a_peer_has_room_for_so_many_questions_and_no_more() {
        latency.asked(PEER);
        assertTrue(latency.hasRoom(PEER));
        latency.asked(PEER);
        assertFalse(latency.hasRoom(PEER));
        latency.released(PEER);
        assertTrue(latency.hasRoom(PEER));
        latency.released(PEER);
        assertThrows(IllegalStateException.class, () -> latency.released(PEER));
    }

    @Test
    void one_that_was_slow_once_is_tried_again_some_day() {
        latency.took(PEER, 50_000_000);
        for (int i = 0; i < 10_000; i++) {
            latency.passedOver(PEER);
        }
        assertTrue(latency.meanNanos(PEER) < 10_000);
    }
}
