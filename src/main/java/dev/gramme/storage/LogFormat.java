package dev.gramme.storage;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * The bytes of a log segment. Big-endian.
 *
 * <p>Header, 40 bytes: magic (8), format (4), segment number (8), store (8), number of the first frame (8), CRC32C of all that (4).
 *
 * <p>Then frames, one a group commit. Frame header, 24 bytes: bytes of payload (4), CRC32C of the rest of the header and the payload (4),
 * the frame's number, one more than the last (8), the number of the last frame known to be forced when this one was written (8). Payload:
 * mutations. A frame is one write, so it is whole or it is not: there is no half of a group.
 */
final class LogFormat {
    /** 2: as 1, and there are drops of whole partitions. 3: and collections, and values that expire. 4: and partitions set aside, and barriers. 5: and promises. All are read, 5 is written. */
    static final int VERSION = 5;

    static final int HEADER_BYTES = 40;
    static final int FRAME_HEADER_BYTES = 24;
    static final String SUFFIX = ".log";

    private static final long MAGIC = 0x4772616D6D654C67L; // "GrammeLg"

    private LogFormat() {}

    static Path file(Path directory, long segment) {
        return directory.resolve(String.format(Locale.ROOT, "%012d%s", segment, SUFFIX));
    }

    /** The segment's number; -1 if the file's name is none of ours. */
    static long numberOf(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(SUFFIX)) {
            return -1;
        }
        try {
            return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        } catch (NumberFormatException foreign) {
            return -1;
        }
    }

    static void putHeader(ByteBuffer out, long segment, long store, long firstFrame) {
        int start = out.position();
        out.putLong(MAGIC).putInt(VERSION).putLong(segment).putLong(store).putLong(firstFrame);
        out.putInt(crc(out, start, HEADER_BYTES - 4));
    }

    /** The header's fields; null if it is damaged. */
    static Header header(ByteBuffer in) {
        boolean whole = in.limit() >= HEADER_BYTES
                && in.getLong(0) == MAGIC
                && in.getInt(HEADER_BYTES - 4) == crc(in, 0, HEADER_BYTES - 4);
        return new Header(
                whole,
                whole ? in.getInt(8) : 0,
                whole ? in.getLong(12) : 0,
                whole ? in.getLong(20) : 0,
                whole ? in.getLong(28) : 0);
    }

    /** @param whole the checksum holds; else the other fields say nothing */
    record Header(boolean whole, int version, long segment, long store, long firstFrame) {}

    /** Completes the frame whose payload is already in {@code out} from {@code start + FRAME_HEADER_BYTES} to its position. */
    static void sealFrame(ByteBuffer out, int start, long frame, long forced) {
        out.putInt(start, out.position() - start - FRAME_HEADER_BYTES);
        out.putLong(start + 8, frame);
        out.putLong(start + 16, forced);
        out.putInt(start + 4, crc(out, start + 8, out.position() - start - 8));
    }

    /** Whether a whole frame numbered from {@code least} to {@code most} starts at {@code offset}. */
    static boolean isFrame(ByteBuffer in, int offset, long least, long most) {
        int rest = in.limit() - offset;
        if (rest <= FRAME_HEADER_BYTES) {
            return false;
        }
        int length = in.getInt(offset);
        if (length <= 0 || length > rest - FRAME_HEADER_BYTES) {
            return false;
        }
        long number = in.getLong(offset + 8);
        return number >= least
                && number <= most
                && in.getInt(offset + 4) == crc(in, offset + 8, length + FRAME_HEADER_BYTES - 8);
    }

    private static int crc(ByteBuffer in, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(in.slice(offset, length));
        return (int) crc.getValue();
    }
}
