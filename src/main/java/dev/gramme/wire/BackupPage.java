package dev.gramme.wire;

import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition as a backup reads them from a node, keeps them in a file, and gives them back: keys in their order, with their states or only with the digests of these.
 *
 * <p>As bytes: the format (1), a flag whether there are states, the number of records, each record (bucket, name, and state or digest), a flag whether no record follows the
 * last, and the CRC32C of all that in four bytes. States are those of {@link StateCodec}, expiry included.
 *
 * @param states whether the records have states; else digests alone
 * @param records in the order of keys, each key once
 * @param complete no record follows the last one
 */
public record BackupPage(boolean states, List<Message.RangeEntry> records, boolean complete) {
    /** The newest format, and the only one that there is. */
    public static final int FORMAT = 1;

    private static final int CHECKSUM_BYTES = 4;
    /** An empty bucket and name, an empty state. */
    private static final int LEAST_RECORD_BYTES = 5;

    private static final int SMALL_BYTES = 32;

    public BackupPage {
        records = List.copyOf(records);
    }

    public byte[] encode() {
        int size = SMALL_BYTES;
        for (Message.RangeEntry each : records) {
            size += SMALL_BYTES + each.key().name().size() + (states ? StateCodec.sizeHint(each.state()) : 0);
        }
        ByteWriter out = new ByteWriter(size);
        out.u8(FORMAT).flag(states).count(records.size());
        for (Message.RangeEntry each : records) {
            MessageCodec.writeKey(out, each.key());
            if (states) {
                StateCodec.write(out, each.state());
            } else {
                out.int64(each.digest());
            }
        }
        out.flag(complete);
        out.int32(checksum(out.array(), out.size()));
        return out.toBytes().array();
    }

    /**
     * Reads a page from bytes that nobody vouches for.
     *
     * @throws MalformedException saying what is wrong, and with which record, counted from 1
     */
    public static BackupPage decode(byte[] bytes) {
        int length = bytes.length - CHECKSUM_BYTES;
        if (length < 0) {
            throw new MalformedException("a page of " + bytes.length + " bytes is cut short");
        }
        int written = new ByteReader(bytes, length, CHECKSUM_BYTES).int32("checksum");
        if (written != checksum(bytes, length)) {
            throw new MalformedException("the checksum does not fit the page: some of its bytes were changed");
        }
        ByteReader in = new ByteReader(bytes, 0, length);
        int format = in.u8("format");
        if (format != FORMAT) {
            throw new MalformedException("a page of format " + format + "; this program knows format " + FORMAT);
        }
        boolean states = in.flag("states");
        int size = in.items("records", LEAST_RECORD_BYTES);
        List<Message.RangeEntry> records = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            try {
                records.add(readRecord(
                        in, states, i == 0 ? null : records.get(i - 1).key()));
            } catch (MalformedException e) {
                throw new MalformedException("record " + (i + 1) + " of " + size + ": " + e.getMessage());
            }
        }
        boolean complete = in.flag("complete");
        in.end("a page");
        return new BackupPage(states, records, complete);
    }

    private static Message.RangeEntry readRecord(ByteReader in, boolean states, @Nullable Key before) {
        Key key = MessageCodec.readKeyAfter(in, before);
        if (!states) {
            return new Message.RangeEntry(key, in.int64("digest"), VersionSet.EMPTY);
        }
        VersionSet state = StateCodec.read(in);
        if (state.isEmpty()) {
            throw in.malformed("the state of " + key + " says nothing");
        }
        return new Message.RangeEntry(key, StateDigest.of(state), state);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
