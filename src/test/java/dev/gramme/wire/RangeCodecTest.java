package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.version.Bytes;
import dev.gramme.version.VersionSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ranges of keys on the wire: what holds for them beside what holds for all messages. */
class RangeCodecTest {
    private final SplittableRandom random = new SplittableRandom(20_261_122);
    private final RandomMessages parts = new RandomMessages(random);

    @Test
    void a_page_comes_back_as_it_was_and_is_about_as_long_as_was_expected() {
        for (int i = 0; i < 500; i++) {
            TreeSet<Key> keys = new TreeSet<>();
            for (int left = random.nextInt(5); left > 0; left--) {
                keys.add(parts.key());
            }
            List<Message.RangeEntry> entries = keys.stream()
                    .map(key -> new Message.RangeEntry(key, random.nextLong(), parts.state()))
                    .toList();
            Message page = new Message.RangePage(i, ReplicaStatus.OK, entries, random.nextBoolean());
            Bytes bytes = MessageCodec.encode(page);
            assertEquals(page, MessageCodec.decode(bytes));
            assertTrue(MessageCodec.sizeHint(page) >= bytes.size() / 2, page.toString());
        }
    }

    @Test
    void a_page_or_leaf_whose_keys_are_out_of_order_or_come_twice_is_malformed() {
        List<Key> keys =
                Stream.of(Key.of("b", "k1"), Key.of("b", "k2")).sorted().toList();
        assertPage(keys.get(0), keys.get(1));
        assertMalformedPage(keys.get(1), keys.get(0));
        assertMalformedPage(keys.get(0), keys.get(0));
    }

    private static Bytes page(Key first, Key second) {
        List<Message.RangeEntry> entries = Stream.of(first, second)
                .map(key -> new Message.RangeEntry(key, 1, VersionSet.EMPTY))
                .toList();
        return MessageCodec.encode(new Message.RangePage(1, ReplicaStatus.OK, entries, true));
    }

    private static Bytes leaf(Key first, Key second) {
        List<KeyDigest> entries =
                Stream.of(first, second).map(key -> new KeyDigest(key, 1)).toList();
        return MessageCodec.encode(
                new Message.LeafDigests(1, ReplicaStatus.OK, List.of(new Message.Leaf(entries, true))));
    }

    private static void assertPage(Key first, Key second) {
        assertEquals(page(first, second), MessageCodec.encode(MessageCodec.decode(page(first, second))));
        assertEquals(leaf(first, second), MessageCodec.encode(MessageCodec.decode(leaf(first, second))));
    }

    private static void assertMalformedPage(Key first, Key second) {
        assertThrows(MalformedException.class, () -> MessageCodec.decode(page(first, second)));
        assertThrows(MalformedException.class, () -> MessageCodec.decode(leaf(first, second)));
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
