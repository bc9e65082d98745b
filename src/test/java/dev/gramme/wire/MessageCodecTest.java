package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.version.Bytes;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private final SplittableRandom random = new SplittableRandom(20_261_121);
    private final RandomMessages messages = new RandomMessages(random);

    @Test
    void every_message_comes_back_as_it_was() {
        for (int i = 0; i < 20_000; i++) {
            Message message = messages.next(i % RandomMessages.TYPES);
            assertEquals(message, MessageCodec.decode(MessageCodec.encode(message)));
        }
    }

    @Test
    void encoding_into_a_writer_gives_the_same_bytes_after_what_was_there() {
        ByteWriter out = new ByteWriter(0);
        for (int i = 0; i < 200; i++) {
            Message message = messages.next();
            out.clear().u8(7);
            MessageCodec.encode(message, out);
            byte[] written = Arrays.copyOfRange(out.array(), 1, out.size());
            assertEquals(MessageCodec.encode(message), Bytes.of(written));
        }
    }

    @Test
    void a_message_cut_short_anywhere_is_malformed() {
        for (int i = 0; i < 400; i++) {
            byte[] whole =
                    MessageCodec.encode(messages.next(i % RandomMessages.TYPES)).array();
            for (int length = 0; length < whole.length; length++) {
                Bytes cut = Bytes.of(Arrays.copyOf(whole, length));
                assertThrows(MalformedException.class, () -> MessageCodec.decode(cut));
            }
        }
    }

    @Test
    void a_message_with_bytes_too_many_is_malformed() {
        byte[] whole = MessageCodec.encode(messages.next()).array();
        Bytes longer = Bytes.of(Arrays.copyOf(whole, whole.length + 1));
        assertTrue(complaint(longer).contains("1 bytes too many"));
    }

    @Test
    void a_mutated_message_is_malformed_or_says_exactly_what_its_bytes_say() {
        for (int i = 0; i < 60_000; i++) {
            byte[] bytes = MessageCodec.encode(messages.next(i % RandomMessages.TYPES))
                    .array()
                    .clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertMalformedOrFaithful(Bytes.of(bytes));
        }
    }

    @Test
    void random_bytes_are_malformed_or_say_exactly_what_they_say() {
        for (int i = 0; i < 60_000; i++) {
            byte[] bytes = new byte[2 + random.nextInt(60)];
            random.nextBytes(bytes);
            bytes[0] = MessageCodec.FORMAT;
            bytes[1] = (byte) (1 + random.nextInt(RandomMessages.TYPES + 1));
            assertMalformedOrFaithful(Bytes.of(bytes));
        }
    }

    @Test
    void a_hostile_length_is_refused_before_anything_is_allocated_for_it() {
        ByteWriter out = new ByteWriter(64).u8(MessageCodec.FORMAT).u8(8).count(Integer.MAX_VALUE);
        assertTrue(complaint(out.toBytes()).contains("2147483647 buckets cannot fit in the 0 bytes that are left"));
        ByteWriter key =
                new ByteWriter(64).u8(MessageCodec.FORMAT).u8(5).varint(1).varint(-1);
        assertTrue(complaint(key.toBytes()).contains("18446744073709551615 bytes of bucket cannot fit"));
    }

    @Test
    void a_message_of_a_newer_format_is_told_apart_from_a_damaged_one() {
        assertEquals(
                "a message of type 37 of format 6, this program knows format 5",
                unsupported(Bytes.of(new byte[] {6, 37, 1})));
        assertTrue(complaint(Bytes.of(new byte[] {0, 1, 1})).contains("format 0, which there never was"));
    }

    @Test
    void an_unknown_type_is_named() {
        assertEquals(
                "a message of type 77 of format 1, this program knows format 5, which has no such type",
                unsupported(Bytes.of(new byte[] {1, 77})));
    }

    @Test
    void a_message_names_the_oldest_format_that_can_say_it() {
        for (int i = 0; i < 200; i++) {
            Message message = messages.next();
            int format = MessageCodec.formatOf(message);
            assertEquals(format, MessageCodec.encode(message).array()[0]);
            assertTrue(MessageCodec.OLDEST_FORMAT <= format && format <= MessageCodec.FORMAT);
        }
    }

    private static String unsupported(Bytes bytes) {
        return String.valueOf(assertThrows(UnsupportedMessageException.class, () -> MessageCodec.decode(bytes))
                .getMessage());
    }

    private static void assertMalformedOrFaithful(Bytes bytes) {
        Message message;
        try {
            message = MessageCodec.decode(bytes);
        } catch (MalformedException e) {
            return;
        }
        assertEquals(bytes, MessageCodec.encode(message));
    }

    private static String complaint(Bytes bytes) {
        return String.valueOf(assertThrows(MalformedException.class, () -> MessageCodec.decode(bytes))
                .getMessage());
    }
}
