package dev.gramme.storage;

import dev.gramme.replica.StoreBrokenException;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.ByteReader;
import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.MalformedException;
import dev.gramme.wire.StateCodec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a record: format (1 byte), kind (1), CRC32C over key, digest and state (4), the state's {@linkplain dev.gramme.wire.StateDigest digest} (8), then the state,
 * or for one that is kept apart the 8 bytes under which it is. Formats 1 and 2 are still read: 1 has no digest, and that of 2
 * is of dots alone. Whoever changes what a digest is made of makes format 4.
 */
final class RecordFormat {
    private static final int FORMAT = 3;
    private static final int DIGEST_OF_DOTS = 2;
    private static final int NO_DIGEST = 1;
    private static final int INLINE = 0;
    private static final int BIG = 1;
    private static final int FORMER_HEADER_BYTES = 6;
    private static final int HEADER_BYTES = 14;
    private static final int DIGEST_AT = 6;
    private static final int ID_BYTES = 8;
    private static final int MAX_TEXT_BYTES = 64;

    private RecordFormat() {}

    static byte[] state(VersionSet state) {
        return StateCodec.encode(state).array();
    }

    static byte[] inline(byte[] key, long digest, byte[] state) {
        return record(INLINE, key, digest, state, state);
    }

    /** @param id under which {@code state} is kept */
    static byte[] apart(byte[] key, long digest, byte[] state, byte[] id) {
        return record(BIG, key, digest, state, id);
    }

    private static byte[] record(int kind, byte[] key, long digest, byte[] state, byte[] rest) {
        ByteWriter out = new ByteWriter(HEADER_BYTES + rest.length);
        byte[] digested =
                ByteBuffer.allocate(HEADER_BYTES).putLong(DIGEST_AT, digest).array();
        out.u8(FORMAT)
                .u8(kind)
                .int32(crc(key, digested, HEADER_BYTES, state, 0))
                .int64(digest);
        return out.raw(rest, 0, rest.length).toBytes().array();
    }

    /** Under which the record's state is kept; null if it is in the record itself. */
    static byte @Nullable [] idOfBig(byte[] record) {
        int header = headerBytes(record);
        return record.length == header + ID_BYTES && record[1] == BIG
                ? Arrays.copyOfRange(record, header, record.length)
                : null;
    }

    private static int headerBytes(byte[] record) {
        return record.length > 0 && record[0] == NO_DIGEST ? FORMER_HEADER_BYTES : HEADER_BYTES;
    }

    /** Whether the record bears its state's digest as it is made today. */
    static boolean bearsDigest(byte[] record) {
        return record.length >= HEADER_BYTES && record[0] == FORMAT;
    }

    /** The digest of a record that {@linkplain #bearsDigest bears} one. */
    static long digest(byte[] record) {
        return ByteBuffer.wrap(record).getLong(DIGEST_AT);
    }

    /**
     * @param file for the error
     * @param apart what {@link #idOfBig} led to, if to anything
     * @throws StoreBrokenException if the record is not what was written for {@code key}
     */
    static VersionSet decode(Path file, byte[] key, byte[] record, byte @Nullable [] apart) {
        int header = headerBytes(record);
        byte[] state = apart == null ? record : apart;
        int offset = apart == null ? header : 0;
        if (record.length < header || record[0] < NO_DIGEST || record[0] > FORMAT) {
            throw new StoreBrokenException(
                    "the store " + file + " holds a record of an unknown format at key " + text(key));
        }
        int stored = new ByteReader(record, 2, 4).int32("a checksum");
        if (stored != crc(key, record, header, state, offset)) {
            throw new StoreBrokenException(
                    "the store " + file + " holds a record that fails its checksum at key " + text(key));
        }
        try {
            ByteReader in = new ByteReader(state, offset, state.length - offset);
            VersionSet decoded = StateCodec.read(in);
            in.end("a state");
            return decoded;
        } catch (MalformedException malformed) {
            throw new StoreBrokenException(
                    "the store " + file + " holds at key " + text(key) + " what is no state: " + malformed.getMessage(),
                    malformed);
        }
    }

    /** Over the key, what {@code header} bytes of the record hold behind the checksum, and the state. */
    private static int crc(byte[] key, byte[] record, int header, byte[] state, int offset) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        crc.update(record, DIGEST_AT, header - DIGEST_AT);
        crc.update(state, offset, state.length - offset);
        return (int) crc.getValue();
    }

    /** For people. */
    static String text(byte[] key) {
        return HexFormat.of().formatHex(key, 0, Math.min(key.length, MAX_TEXT_BYTES));
    }
}
