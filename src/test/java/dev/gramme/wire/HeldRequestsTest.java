package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Who waits, in which order, and for how long. */
class HeldRequestsTest {
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");

    private final HeldRequests<Message.TreeNodes> held = new HeldRequests<>();

    @Test
    void first_come_first_served() {
        held.add(A, about(1, 10), 0);
        held.add(B, about(1, 11), 0);
        held.add(A, about(2, 12), 0);
        assertEquals(10, held.take().request().id());
        assertEquals(B, held.take().from());
        assertEquals(12, held.take().request().id());
        assertTrue(held.isEmpty());
        assertThrows(NoSuchElementException.class, held::take);
    }

    @Test
    void who_asks_again_keeps_its_place_and_is_answered_once() {
        held.add(A, about(1, 10), 0);
        held.add(B, about(1, 11), 0);
        held.add(A, about(1, 12), 5);
        assertEquals(12, held.take().request().id());
        assertEquals(11, held.take().request().id());
        assertTrue(held.isEmpty());
    }

    @Test
    void who_has_waited_for_long_is_taken_out_wherever_it_stands() {
        held.add(A, about(1, 10), -100);
        held.add(B, about(1, 11), -90);
        held.add(A, about(1, 12), -50);
        assertEquals(
                List.of(11L),
                held.takeOlder(80, -10).stream().map(h -> h.request().id()).toList());
        assertEquals(12, held.take().request().id());
    }

    @Test
    void too_many_do_not_wait_but_who_waits_may_ask_again() {
        for (int i = 0; i < HeldRequests.MOST; i++) {
            assertTrue(held.add(A, about(i, i), 0));
        }
        assertFalse(held.add(B, about(0, 100), 0));
        assertTrue(held.add(A, about(0, 101), 0));
    }

    private static Message.TreeNodes about(int partition, long id) {
        return new Message.TreeNodes(id, partition, 7, 0, List.of(0), 0);
    }
}
