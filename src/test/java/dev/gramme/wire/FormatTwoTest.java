package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramme.ring.Key;
import dev.gramme.version.Bytes;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes of format 2, written down: what it says beyond format 1. A change needs a format 3. */
class FormatTwoTest {
    private static final Key KEY = Key.of("b", "k");
    private static final long RING = 0x0102030405060708L;
    private static final String RING_BYTES = "0102030405060708";

    @Test
    void nodes_of_a_tree_and_their_hashes() {
        assertBytes(
                "02 13 07 8001" + RING_BYTES + "00 01 00 00000000000000ff",
                new Message.TreeNodes(7, 128, RING, 0, List.of(0), 255));
        assertBytes(
                "02 13 07 03" + RING_BYTES + "02 02 01 ff01 0000000000000000",
                new Message.TreeNodes(7, 3, RING, 2, List.of(1, 255), 0));
        assertBytes("02 14 07 00 01 00", new Message.TreeHashes(7, ReplicaStatus.OK, true, List.of()));
        assertBytes(
                "02 14 07 00 00 02 0000000000000001 ffffffffffffffff",
                new Message.TreeHashes(7, ReplicaStatus.OK, false, List.of(1L, -1L)));
        assertBytes("02 14 07 04 00 00", new Message.TreeHashes(7, ReplicaStatus.NOT_OWNER, false, List.of()));
    }

    @Test
    void keys_of_leaves_and_their_digests() {
        assertBytes(
                "02 15 07 03" + RING_BYTES + "02 05 ff1f 00 e807",
                new Message.LeafKeys(7, 3, RING, List.of(5, 4_095), null, 1_000));
        assertBytes(
                "02 15 07 03" + RING_BYTES + "01 05 01 0162 016b e807",
                new Message.LeafKeys(7, 3, RING, List.of(5), KEY, 1_000));
        Message.Leaf some = new Message.Leaf(List.of(new KeyDigest(KEY, 255)), false);
        assertBytes(
                "02 16 07 00 02 00 01 01 0162 016b 00000000000000ff 00",
                new Message.LeafDigests(7, ReplicaStatus.OK, List.of(new Message.Leaf(List.of(), true), some)));
    }

    @Test
    void keys_to_repair() {
        assertBytes("02 17 07 03" + RING_BYTES + "01 0162 016b", new Message.RepairStates(7, 3, RING, List.of(KEY)));
    }

    private static void assertBytes(String expected, Message message) {
        byte[] encoded = MessageCodec.encode(message).array();
        byte[] bytes = HexFormat.of().parseHex(expected.replace(" ", ""));
        assertArrayEquals(bytes, encoded, HexFormat.of().formatHex(encoded));
        assertEquals(message, MessageCodec.decode(Bytes.of(bytes)));
    }
}
