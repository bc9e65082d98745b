package dev.gramme.storage;

import dev.gramme.replica.StoreBrokenException;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.ByteReader;
import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.MalformedException;
import dev.gramme.wire.StateCodec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a record: format (1 byte), kind (1), CRC32C over key and state (4), then the state, or for one that is kept apart the 8 bytes under
 * which it is.
 */
final class RecordFormat {
    private static final int FORMAT = 1;
    private static final int INLINE = 0;
    private static final int BIG = 1;
    private static final int HEADER_BYTES = 6;
    private static final int ID_BYTES = 8;
    private static final int MAX_TEXT_BYTES = 64;

    private RecordFormat() {}

    static byte[] state(VersionSet state) {
        return StateCodec.encode(state).array();
    }

    static byte[] inline(byte[] key, byte[] state) {
        return record(INLINE, key, state, state);
    }

    /** @param id under which {@code state} is kept */
    static byte[] apart(byte[] key, byte[] state, byte[] id) {
        return record(BIG, key, state, id);
    }

    private static byte[] record(int kind, byte[] key, byte[] state, byte[] rest) {
        ByteWriter out = new ByteWriter(HEADER_BYTES + rest.length);
        out.u8(FORMAT).u8(kind).int32(crc(key, state, 0, state.length));
        return out.raw(rest, 0, rest.length).toBytes().array();
    }

    /** Under which the record's state is kept; null if it is in the record itself. */
    static byte @Nullable [] idOfBig(byte[] record) {
        return record.length == HEADER_BYTES + ID_BYTES && record[1] == BIG
                ? Arrays.copyOfRange(record, HEADER_BYTES, record.length)
                : null;
    }

    /**
     * @param file for the error
     * @param apart what {@link #idOfBig} led to, if to anything
     * @throws StoreBrokenException if the record is not what was written for {@code key}
     */
    static VersionSet decode(Path file, byte[] key, byte[] record, byte @Nullable [] apart) {
        byte[] state = apart == null ? record : apart;
        int offset = apart == null ? HEADER_BYTES : 0;
        if (record.length < HEADER_BYTES || record[0] != FORMAT) {
            throw new StoreBrokenException(
                    "the store " + file + " holds a record of an unknown format at key " + text(key));
        }
        int stored = new ByteReader(record, 2, 4).int32("a checksum");
        if (stored != crc(key, state, offset, state.length - offset)) {
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

    private static int crc(byte[] key, byte[] state, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        crc.update(state, offset, length);
        return (int) crc.getValue();
    }

    /** For people. */
    static String text(byte[] key) {
        return HexFormat.of().formatHex(key, 0, Math.min(key.length, MAX_TEXT_BYTES));
    }
}
