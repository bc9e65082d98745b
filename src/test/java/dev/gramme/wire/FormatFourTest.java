package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramme.ring.Key;
import dev.gramme.version.Bytes;
import dev.gramme.version.VersionSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes of format 4, written down: what it says beyond format 3. A change needs a format 5. */
class FormatFourTest {
    private static final Key KEY = Key.of("b", "k");
    private static final long RING = 0x0102030405060708L;
    private static final String RING_BYTES = "0102030405060708";
    private static final String NOTHING = stateBytes();

    private static String stateBytes() {
        ByteWriter out = new ByteWriter(8);
        StateCodec.write(out, VersionSet.EMPTY);
        return HexFormat.of().formatHex(out.toBytes().array());
    }

    @Test
    void states_with_their_stamps() {
        assertBytes(
                "04 03 07 0162 016b" + NOTHING + "00 ac02",
                new Message.ReplicaPut(7, KEY, VersionSet.EMPTY, null, 300));
        assertBytes(
                "04 06 07 00 00 01" + NOTHING + "05 04",
                new Message.ReplicaGetReply(7, ReplicaStatus.OK, false, true, VersionSet.EMPTY, 5, 4));
        assertBytes("04 0c 07 00 00 01 05 04", new Message.RangePage(7, ReplicaStatus.OK, List.of(), true, 5, 4));
        assertBytes(
                "04 13 07 03" + RING_BYTES + "00 01 00 00000000000000ff 09",
                new Message.TreeNodes(7, 3, RING, 0, List.of(0), 255, 9));
        assertBytes("04 14 07 00 01 00 09", new Message.TreeHashes(7, ReplicaStatus.OK, true, List.of(), 9));
    }

    @Test
    void what_is_too_old_is_told() {
        assertBytes("04 18 07 03 05 04", new Message.Outdated(7, 3, 5, 4));
    }

    @Test
    void the_steps_of_a_round() {
        KeyDigest named = new KeyDigest(KEY, 255);
        String key = "0162 016b 00000000000000ff";
        assertBytes("04 19 07 03" + RING_BYTES + "01" + key, new Message.CollectionAsk(7, 3, RING, List.of(named)));
        assertBytes(
                "04 1a 07 00 05 04 0000000000000063 02 00 02",
                new Message.CollectionKeys(7, ReplicaStatus.OK, 5, 4, 99, List.of(0, 2)));
        assertBytes(
                "04 1a 07 07 00 00 0000000000000000 00",
                new Message.CollectionKeys(7, ReplicaStatus.NOT_COLLECTING, 0, 0, 0, List.of()));
        assertBytes(
                "04 1b 07 03" + RING_BYTES + "06 04 0000000000000063",
                new Message.CollectionRaise(7, 3, RING, 6, 4, 99));
        assertBytes(
                "04 1c 07 03" + RING_BYTES + "06 01" + key,
                new Message.CollectionCommit(7, 3, RING, 6, List.of(named)));
        assertBytes("04 1d 07 00 06 01", new Message.CollectionDone(7, ReplicaStatus.OK, 6, true));
    }

    @Test
    void who_lacks_something_says_so_with_its_stamps() {
        assertBytes(
                "04 06 07 05 00 00" + NOTHING + "05 04",
                new Message.ReplicaGetReply(7, ReplicaStatus.LACKING, false, false, VersionSet.EMPTY, 5, 4));
    }

    @Test
    void what_is_of_a_time_before_any_collection_is_said_as_before() {
        assertEquals(1, MessageCodec.formatOf(new Message.ReplicaPut(7, KEY, VersionSet.EMPTY, null, 0)));
        assertEquals(2, MessageCodec.formatOf(new Message.TreeNodes(7, 3, RING, 0, List.of(0), 255, 0)));
    }

    private static void assertBytes(String hex, Message message) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertArrayEquals(bytes, MessageCodec.encode(message).array(), message.toString());
        assertEquals(message, MessageCodec.decode(Bytes.of(bytes)));
    }
}
