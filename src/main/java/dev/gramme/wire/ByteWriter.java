package dev.gramme.wire;

import dev.gramme.version.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte array and the few ways in which Gramme writes to one. Big-endian; variable-length numbers are unsigned LEB128: seven
 * bits a byte, lowest first. Not thread-safe; reusable after {@link #clear}.
 */
public final class ByteWriter {
    private byte[] array;
    private int size;

    /** @param capacity bytes to have room for at first; it grows as needed */
    public ByteWriter(int capacity) {
        array = new byte[Math.max(16, capacity)];
    }

    /** The lowest eight bits of {@code value}. */
    public ByteWriter u8(int value) {
        ensure(1);
        array[size++] = (byte) value;
        return this;
    }

    public ByteWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** Four bytes. */
    public ByteWriter int32(int value) {
        ensure(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            array[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** Eight bytes: for hashes, actors and clock readings, which fill them. */
    public ByteWriter int64(long value) {
        return int32((int) (value >>> 32)).int32((int) value);
    }

    /** One to ten bytes, {@code value} taken as unsigned: for counts and counters, which are mostly small. */
    public ByteWriter varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            array[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[size++] = (byte) rest;
        return this;
    }

    /** A non-negative number, one to five bytes. */
    public ByteWriter count(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("a count can't be negative: " + value);
        }
        return varint(value);
    }

    /** Length and bytes. */
    public ByteWriter bytes(Bytes bytes) {
        return count(bytes.size()).raw(bytes.array(), 0, bytes.size());
    }

    /** Length in bytes and UTF-8. */
    public ByteWriter text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return count(utf8.length).raw(utf8, 0, utf8.length);
    }

    public ByteWriter raw(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, array, size, length);
        size += length;
        return this;
    }

    /** How many bytes were written. */
    public int size() {
        return size;
    }

    /** The array written to, not a copy: its first {@link #size} bytes hold until the next write. */
    public byte[] array() {
        return array;
    }

    /** A copy of what was written. */
    public Bytes toBytes() {
        return Bytes.of(Arrays.copyOf(array, size));
    }

    /** Forgets what was written and keeps the room. */
    public ByteWriter clear() {
        size = 0;
        return this;
    }

    private void ensure(int more) {
        if (more > array.length - size) {
            array = Arrays.copyOf(array, Math.max(Math.addExact(size, more), (int)
                    Math.min(2L * array.length, Integer.MAX_VALUE - 8)));
        }
    }
}
