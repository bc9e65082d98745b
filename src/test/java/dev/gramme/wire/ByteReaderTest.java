package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.version.Bytes;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ByteReaderTest {
    @Test
    void numbers_of_every_size_come_back() {
        SplittableRandom random = new SplittableRandom(1);
        ByteWriter out = new ByteWriter(0);
        for (int i = 0; i < 10_000; i++) {
            long value = i < 3 ? new long[] {0, Long.MAX_VALUE, -1}[i] : random.nextLong() >> random.nextInt(64);
            out.clear().varint(value).int64(value).int32((int) value).u8((int) value);
            ByteReader in = new ByteReader(out.array(), 0, out.size());
            assertEquals(value, in.varint("a"));
            assertEquals(value, in.int64("b"));
            assertEquals((int) value, in.int32("c"));
            assertEquals((int) value & 0xFF, in.u8("d"));
            in.end("all");
        }
    }

    @Test
    void a_number_in_a_longer_form_than_needed_is_malformed() {
        assertComplaint("padded with zeros", reader(0x80, 0x00));
        assertComplaint("more than 64 bits", reader(255, 255, 255, 255, 255, 255, 255, 255, 255, 2));
        assertComplaint("cut short", reader(255, 255));
    }

    @Test
    void a_complaint_says_what_and_where() {
        ByteReader in = reader(1, 2, 3);
        in.u8("first");
        assertEquals(
                "cut short: the time takes 8 bytes, 2 are left (at byte 1 of 3)",
                assertThrows(MalformedException.class, () -> in.int64("the time"))
                        .getMessage());
    }

    @Test
    void text_must_be_utf_8_and_may_hold_the_replacement_character() {
        ByteReader good = new ByteReader(new ByteWriter(16).text("\uFFFD").toBytes());
        assertEquals("\uFFFD", good.text("text"));
        ByteReader bad = reader(1, 0xFF);
        assertTrue(String.valueOf(assertThrows(MalformedException.class, () -> bad.text("text"))
                        .getMessage())
                .contains("text is not UTF-8"));
    }

    @Test
    void a_reader_sees_only_its_part_of_an_array() {
        byte[] array = {9, 1, 2, 9};
        ByteReader in = new ByteReader(array, 1, 2);
        assertEquals(1, in.u8("a"));
        assertEquals(2, in.u8("b"));
        assertThrows(MalformedException.class, () -> in.u8("c"));
        assertThrows(IllegalArgumentException.class, () -> new ByteReader(array, 3, 2));
    }

    @Test
    void a_writer_grows_and_never_writes_a_negative_count() {
        ByteWriter out = new ByteWriter(0);
        byte[] big = new byte[100_000];
        out.raw(big, 0, big.length).u8(7);
        assertEquals(100_001, out.toBytes().size());
        assertThrows(IllegalArgumentException.class, () -> out.count(-1));
    }

    private static void assertComplaint(String part, ByteReader in) {
        String complaint = String.valueOf(assertThrows(MalformedException.class, () -> in.varint("a number"))
                .getMessage());
        assertTrue(complaint.contains(part), complaint);
    }

    private static ByteReader reader(int... bytes) {
        byte[] array = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            array[i] = (byte) bytes[i];
        }
        return new ByteReader(Bytes.of(array));
    }
}
