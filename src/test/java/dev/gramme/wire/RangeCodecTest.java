package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.version.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Ranges of keys on the wire: what holds for them beside what holds for all messages. */
class RangeCodecTest {
    private final SplittableRandom random = new SplittableRandom(20_261_122);
    private final RandomMessages parts = new RandomMessages(random);

    @Test
    void a_page_comes_back_as_it_was_and_is_about_as_long_as_was_expected() {
        for (int i = 0; i < 500; i++) {
            List<Message.RangeEntry> entries = new ArrayList<>();
            for (int left = random.nextInt(5); left > 0; left--) {
                entries.add(new Message.RangeEntry(parts.key(), random.nextLong(), parts.state()));
            }
            Message page = new Message.RangePage(i, ReplicaStatus.OK, entries, random.nextBoolean());
            Bytes bytes = MessageCodec.encode(page);
            assertEquals(page, MessageCodec.decode(bytes));
            assertTrue(MessageCodec.sizeHint(page) >= bytes.size() / 2, page.toString());
        }
    }

    @Test
    void a_partition_beyond_any_ring_is_malformed() {
        Proposal.Id proposal = new Proposal.Id(1, new NodeId("n1"), 7);
        List<Key> keys = List.of(parts.key());
        Bytes last = MessageCodec.encode(new Message.PullKeys(1, Ring.MAX_PARTITIONS - 1, proposal, keys));
        assertEquals(Ring.MAX_PARTITIONS - 1, ((Message.PullKeys) MessageCodec.decode(last)).partition());
        Bytes beyond = MessageCodec.encode(new Message.PullKeys(1, Ring.MAX_PARTITIONS, proposal, keys));
        assertThrows(MalformedException.class, () -> MessageCodec.decode(beyond));
    }
}
