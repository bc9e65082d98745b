package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramme.ring.Key;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Bytes of format 5, written down: what it says beyond format 4. A change needs a format 6. */
class FormatFiveTest {
    private static final PutCommand DELETE = new PutCommand(
            Key.of("b", "k"), CausalContext.EMPTY, 9, Content.delete(), new RequestOptions(0, 2, true, 100, null));

    /** All but its stamp and the life. */
    private static final String PUT_BYTES = "05 01 07 0162 016b 00 0000000000000009 01 00 00 00 00 00 02 01 64 00 00";

    @Test
    void a_put_passed_on_to_one_life_of_its_receiver() {
        assertBytes(
                PUT_BYTES + "ac02 0102030405060708", new Message.CoordinatePut(7, DELETE, 300, 0x0102030405060708L));
        assertBytes(PUT_BYTES + "00 ffffffffffffffff", new Message.CoordinatePut(7, DELETE, 0, -1));
    }

    @Test
    void one_for_whatever_life_is_said_as_before() {
        assertEquals(4, MessageCodec.formatOf(new Message.CoordinatePut(7, DELETE, 300, 0)));
        assertEquals(1, MessageCodec.formatOf(new Message.CoordinatePut(7, DELETE)));
    }

    private static void assertBytes(String hex, Message message) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertArrayEquals(bytes, MessageCodec.encode(message).array(), message.toString());
        assertEquals(message, MessageCodec.decode(Bytes.of(bytes)));
    }
}
