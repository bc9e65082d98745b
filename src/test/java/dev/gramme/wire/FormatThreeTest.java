package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramme.version.Bytes;
import dev.gramme.version.VersionSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes of format 3, written down: what it says beyond format 2. */
class FormatThreeTest {
    @Test
    void answers_of_one_that_lacks_something() {
        assertBytes(
                "03 06 07 05 00 00" + HexFormat.of().formatHex(empty()),
                new Message.ReplicaGetReply(7, ReplicaStatus.LACKING, false, false, VersionSet.EMPTY));
        assertBytes("03 04 07 05", new Message.ReplicaPutReply(7, ReplicaStatus.LACKING));
        assertBytes("03 0c 07 05 00 00", new Message.RangePage(7, ReplicaStatus.LACKING, List.of(), false));
        assertBytes("03 14 07 05 00 00", new Message.TreeHashes(7, ReplicaStatus.LACKING, false, List.of()));
    }

    private static byte[] empty() {
        ByteWriter out = new ByteWriter(16);
        StateCodec.write(out, VersionSet.EMPTY);
        return out.toBytes().array();
    }

    private static void assertBytes(String expected, Message message) {
        byte[] encoded = MessageCodec.encode(message).array();
        byte[] bytes = HexFormat.of().parseHex(expected.replace(" ", ""));
        assertArrayEquals(bytes, encoded, HexFormat.of().formatHex(encoded));
        assertEquals(message, MessageCodec.decode(Bytes.of(bytes)));
    }
}
