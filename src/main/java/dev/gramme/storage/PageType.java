package dev.gramme.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * Byte arrays in unsigned order, for keys and values of an MVMap. A page writes all its keys, and a leaf all its values, by one call here each: it
 * gets a CRC32C over them, because MVStore itself checks no page, and a damaged key would hide others from a binary search without a word.
 */
final class PageType extends BasicDataType<byte[]> {
    static final PageType BYTES = new PageType();

    /** More keys than any page has: a damaged count must not allocate memory for a billion. */
    private static final int MAX_KEYS = 1 << 16;
    /** An array's header and its reference. */
    private static final int OVERHEAD_BYTES = 24;

    @Override
    public int compare(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b);
    }

    @Override
    public int getMemory(byte[] bytes) {
        return OVERHEAD_BYTES + bytes.length;
    }

    @Override
    public void write(WriteBuffer out, byte[] bytes) {
        out.putVarInt(bytes.length).put(bytes);
    }

    @Override
    public void write(WriteBuffer out, Object storage, int count) {
        int start = out.position();
        byte[][] arrays = arraysOf(storage);
        for (int i = 0; i < count; i++) {
            write(out, arrays[i]);
        }
        out.putInt(crc(out.getBuffer(), start, out.position(), count));
    }

    @Override
    public byte[] read(ByteBuffer in) {
        int length = DataUtils.readVarInt(in);
        if (length < 0 || length > in.remaining()) {
            throw new IllegalStateException(
                    "a page holds an entry of " + length + " bytes and " + in.remaining() + " are left of it");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    @Override
    public void read(ByteBuffer in, Object storage, int count) {
        int start = in.position();
        byte[][] arrays = arraysOf(storage);
        for (int i = 0; i < count; i++) {
            arrays[i] = read(in);
        }
        int expected = crc(in, start, in.position(), count);
        if (in.getInt() != expected) {
            throw new IllegalStateException("a page of " + count + " entries fails its checksum");
        }
    }

    @Override
    public byte[][] createStorage(int size) {
        if (size > MAX_KEYS) {
            throw new IllegalStateException("a page says that it has " + size + " entries");
        }
        return new byte[size][];
    }

    private static byte[][] arraysOf(Object storage) {
        return (byte[][]) storage;
    }

    private static int crc(ByteBuffer buffer, int start, int end, int count) {
        CRC32C crc = new CRC32C();
        crc.update(count);
        crc.update(count >>> 8);
        // Not slice(): the buffer may be at its limit while it is being written.
        ByteBuffer part = buffer.duplicate();
        part.limit(end).position(start);
        crc.update(part);
        return (int) crc.getValue();
    }
}
