package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Bytes of format 2 where values expire, written down: nodes and stores depend on them. What never expires goes on in format 1. */
class FormatTwoOfExpiryTest {
    private static final Key KEY = Key.of("b", "k");
    private static final Dot DOT = new Dot(0x0102030405060708L, 300);
    private static final CausalContext SEEN = CausalContext.of(DOT);
    private static final Content CONTENT =
            new Content(false, Bytes.utf8("v"), "text/plain", new TreeMap<>(), Bytes.utf8("id"), 255);
    private static final VersionSet STATE = new VersionSet(SEEN, List.of(new Version(DOT, 5, CONTENT)));

    private static final String SEEN_BYTES = "01 0102030405060708 ac02";
    private static final String CONTENT_BYTES = "04 00000000000000ff 0176 0a746578742f706c61696e 00 026964";
    private static final String STATE_BYTES = SEEN_BYTES + "01 00 ac02 0000000000000005" + CONTENT_BYTES + "00";

    @Test
    void a_state_with_a_value_that_expires() {
        assertEquals(hex(STATE_BYTES), StateCodec.encode(STATE));
        assertEquals(STATE, StateCodec.decode(hex(STATE_BYTES)));
        assertBytes("02 03 07 0162 016b" + STATE_BYTES + "00", new Message.ReplicaPut(7, KEY, STATE, null));
        assertBytes(
                "02 06 07 00 00 01" + STATE_BYTES,
                new Message.ReplicaGetReply(7, ReplicaStatus.OK, false, true, STATE));
        assertBytes(
                "02 0c 07 00 01 0162 016b 00000000000000ff" + STATE_BYTES + "01",
                new Message.RangePage(7, ReplicaStatus.OK, List.of(new Message.RangeEntry(KEY, 255, STATE)), true));
    }

    @Test
    void a_put_that_asks_for_a_time_to_live() {
        RequestOptions options = new RequestOptions(0, 2, true, 5_000, 60, new NodeId("n1"));
        Content content = Content.value(Bytes.utf8("v"), "");
        String asked = "0162 016b" + SEEN_BYTES + "0000000000000009 00 0176 00 00 00 00 02 01 8827";
        assertBytes(
                "02 01 07" + asked + "3c 026e31",
                new Message.CoordinatePut(7, new PutCommand(KEY, SEEN, 9, content, options)));
        assertBytes(
                "02 01 07" + asked + "ffffffff07 026e31",
                new Message.CoordinatePut(
                        7, new PutCommand(KEY, SEEN, 9, content, options.withTtlSeconds(TimeToLive.UNLIMITED))));
        Bytes tooLong = hex("02 01 07" + asked + "feffffff07 026e31");
        assertTrue(complaint(tooLong).contains("nothing lives for 2147483646 seconds"));
    }

    @Test
    void what_was_written_and_expires() {
        assertBytes(
                "02 02 07 00 0102030405060708 ac02 0000000000000005" + SEEN_BYTES + "026e31 02 01 03 00000000000000ff",
                new Message.CoordinatePutReply(
                        7, new PutOutcome.Written(DOT, 5, SEEN, new NodeId("n1"), 2, 1, 3, 255)));
    }

    @Test
    void a_bucket_whose_values_expire() {
        assertBytes(
                "02 08 01 0162 01 01 02 3c 0000000000000009",
                new Message.BucketTable(
                        List.of(new BucketProperties("b", ConflictPolicy.LAST_WRITE_WINS, 1, 2, 60, 9))));
    }

    @Test
    void what_is_said_in_another_format_than_its_own_is_malformed() {
        Bytes early = hex("01 03 07 0162 016b" + STATE_BYTES + "00");
        assertTrue(complaint(early).contains("in format 1, which says what format 2 is for"));
        Bytes late = hex("02 04 07 00");
        assertTrue(complaint(late).contains("in format 2, which says what format 1 is for"));
        Bytes never = hex("02 03 07 0162 016b" + STATE_BYTES.replace("00000000000000ff", "0000000000000000") + "00");
        assertTrue(complaint(never).contains("a value that expires at 0"));
    }

    private static String complaint(Bytes bytes) {
        return String.valueOf(assertThrows(MalformedException.class, () -> MessageCodec.decode(bytes))
                .getMessage());
    }

    private static void assertBytes(String expected, Message message) {
        assertEquals(hex(expected), MessageCodec.encode(message));
        assertEquals(message, MessageCodec.decode(hex(expected)));
    }

    private static Bytes hex(String text) {
        return Bytes.of(HexFormat.of().parseHex(text.replace(" ", "")));
    }
}
