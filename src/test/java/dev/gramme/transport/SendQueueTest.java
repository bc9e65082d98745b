package dev.gramme.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.version.Bytes;
import dev.gramme.wire.Message;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendQueueTest {
    private static final int BATCH_BYTES = 1_000;
    private static final Message PROBE = new Message.BucketTable(List.of());
    private static final Message PUT = Node.carrying(1, new byte[1]);
    private static final Message REPLY = new Message.ReplicaPutReply(1, ReplicaStatus.OK);
    private static final Message PAGE = new Message.RangePage(1, ReplicaStatus.OK, List.of(), true);
    private static final Message PULL =
            new Message.PullRange(1, 1, new Proposal.Id(1, new NodeId("n1"), 1), null, false, 1);

    private final SendQueue queue = new SendQueue(10_000);

    @Test
    void members_come_before_keys_and_keys_before_ranges_each_in_order() {
        offer(PAGE, 1);
        offer(PUT, 2);
        offer(PULL, 3);
        offer(PROBE, 4);
        offer(REPLY, 5);
        offer(PROBE, 6);
        assertEquals(List.of(4, 6, 2, 5, 1, 3), sizes(queue.takeBatch(BATCH_BYTES)));
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.bytes());
    }

    @Test
    void a_batch_ends_before_the_message_that_is_too_many_and_a_longer_message_goes_alone() {
        offer(PUT, 600);
        offer(PUT, 300);
        offer(PUT, 300);
        offer(PUT, 3_000);
        offer(PUT, 1);
        assertEquals(List.of(600, 300), sizes(queue.takeBatch(BATCH_BYTES)));
        assertEquals(List.of(300), sizes(queue.takeBatch(BATCH_BYTES)));
        assertEquals(List.of(3_000), sizes(queue.takeBatch(BATCH_BYTES)));
        assertEquals(List.of(1), sizes(queue.takeBatch(BATCH_BYTES)));
        assertEquals(List.of(), queue.takeBatch(BATCH_BYTES));
    }

    @Test
    void a_probe_that_comes_behind_a_full_queue_is_in_the_next_batch() {
        while (offer(PUT, 500)) {
            // Until it is full.
        }
        while (offer(PAGE, 500)) {
            // Ranges have room of their own.
        }
        assertTrue(offer(PROBE, 7));
        assertEquals(7, sizes(queue.takeBatch(BATCH_BYTES)).getFirst());
    }

    @Test
    void no_lane_takes_the_room_of_another() {
        while (offer(PAGE, 500)) {
            assertTrue(queue.bytes() <= 5_000);
        }
        assertTrue(offer(PUT, 9_999));
        assertFalse(offer(PUT, 2));
        assertTrue(offer(PROBE, (int) SendQueue.MAX_CONTROL_BYTES));
        assertFalse(offer(PROBE, 1));
    }

    @Test
    void ranges_are_slow_on_a_busy_connection_and_not_stuck() {
        offer(PAGE, 1_500);
        int batches = 0;
        List<Integer> taken = List.of();
        while (!taken.contains(1_500)) {
            offer(PUT, 900);
            offer(PROBE, 10);
            taken = sizes(queue.takeBatch(BATCH_BYTES));
            batches++;
        }
        assertEquals(SendQueue.RANGES_PASSED_OVER + 1, batches);
    }

    @Test
    void what_is_drained_is_all_that_was_waiting() {
        List<Message> all = List.of(PROBE, PUT, REPLY, PAGE, PULL);
        all.forEach(message -> offer(message, 10));
        List<Message> drained = new ArrayList<>();
        queue.drain(drained::add);
        assertEquals(all, drained);
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.size());
        assertEquals(0, queue.bytes());
    }

    private boolean offer(Message message, int bytes) {
        return queue.offer(message, Bytes.of(new byte[bytes]));
    }

    private static List<Integer> sizes(List<Bytes> batch) {
        return batch.stream().map(Bytes::size).toList();
    }
}
