package dev.gramme.wire;

import dev.gramme.version.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote, trusting nothing: each read is checked against the bytes that are there, so that a hostile length can
 * neither run past the end nor allocate more than it sent. Every error is a {@link MalformedException} that says what was being read and at
 * which byte.
 */
public final class ByteReader {
    private final byte[] array;
    private final int start;
    private final int end;
    private int position;

    public ByteReader(Bytes bytes) {
        this(bytes.array(), 0, bytes.size());
    }

    /** Reads {@code length} bytes of {@code array} from {@code offset}, which the caller does not change meanwhile. */
    public ByteReader(byte[] array, int offset, int length) {
        if (offset < 0 || length < 0 || length > array.length - offset) {
            throw new IllegalArgumentException(
                    length + " bytes from " + offset + " are not in an array of " + array.length);
        }
        this.array = array;
        this.start = offset;
        this.end = offset + length;
        this.position = offset;
    }

    public int remaining() {
        return end - position;
    }

    /** Bytes read so far. */
    public int position() {
        return position - start;
    }

    public int u8(String what) {
        need(1, what);
        return array[position++] & 0xFF;
    }

    /** The next byte, which is read again by the next call. */
    public int peek(String what) {
        need(1, what);
        return array[position] & 0xFF;
    }

    public boolean flag(String what) {
        int value = u8(what);
        if (value > 1) {
            throw malformed(what + " must be 0 or 1, not " + value);
        }
        return value == 1;
    }

    public int int32(String what) {
        need(4, what);
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | array[position++] & 0xFF;
        }
        return value;
    }

    public long int64(String what) {
        need(8, what);
        long high = int32(what);
        return high << 32 | int32(what) & 0xFFFFFFFFL;
    }

    /** An unsigned number in its shortest form; a longer form is malformed, so that equal values have equal bytes. */
    public long varint(String what) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8(what);
            if (shift == 63 && next > 1) {
                throw malformed(what + " is a number of more than 64 bits");
            }
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                if (next == 0 && shift > 0) {
                    throw malformed(what + " is a number padded with zeros");
                }
                return value;
            }
        }
        throw malformed(what + " is a number without an end");
    }

    /** A number from 0 to {@code max}. */
    public int count(String what, int max) {
        long value = varint(what);
        if (value < 0 || value > max) {
            throw malformed(what + " must be 0 to " + max + ", not " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    /**
     * How many items follow.
     *
     * @param leastBytesEach what the shortest item takes: more items than the rest can hold are malformed, and nothing is allocated for them
     */
    public int items(String what, int leastBytesEach) {
        long value = varint(what);
        if (value < 0 || value > remaining() / leastBytesEach) {
            throw malformed(Long.toUnsignedString(value) + " " + what + " cannot fit in the " + remaining()
                    + " bytes that are left");
        }
        return (int) value;
    }

    /** Length and bytes, copied out. */
    public Bytes bytes(String what) {
        int length = items("bytes of " + what, 1);
        if (length == 0) {
            return Bytes.EMPTY;
        }
        position += length;
        return Bytes.of(Arrays.copyOfRange(array, position - length, position));
    }

    /** Length and UTF-8, which must be well-formed. */
    public String text(String what) {
        int length = items("bytes of " + what, 1);
        String text = new String(array, position, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0 && !isUtf8Of(text, length)) {
            throw malformed(what + " is not UTF-8");
        }
        position += length;
        return text;
    }

    /** @throws MalformedException if something is left */
    public void end(String what) {
        if (remaining() > 0) {
            throw malformed(remaining() + " bytes too many after " + what);
        }
    }

    /** For the caller's own findings: says where. */
    public MalformedException malformed(String finding) {
        return new MalformedException(finding + " (at byte " + position() + " of " + (end - start) + ")");
    }

    /** U+FFFD stands for malformed input, unless it was what the text said. */
    private boolean isUtf8Of(String text, int length) {
        byte[] again = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(again, 0, again.length, array, position, position + length);
    }

    private void need(int bytes, String what) {
        if (bytes > remaining()) {
            throw malformed("cut short: " + what + " takes " + bytes + " bytes, " + remaining() + " are left");
        }
    }
}
