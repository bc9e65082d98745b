package dev.gramme.storage;

import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.ByteWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;

/** Brings a directory into the form in which an earlier program left its own. */
final class FormerDirectory {
    private FormerDirectory() {}

    /** Format 2: records by bucket and name, without digests; no collections, no trees. */
    static void asFormatTwo(Path directory) throws IOException {
        rewriteIdentity(directory, 2);
        rewriteLog(directory, 2);
        SortedMap<Integer, RecordFile.Extent> extents = new TreeMap<>();
        for (Path file : Fixture.files(directory.resolve("partitions"), ".mv")) {
            int partition = Integer.parseInt(String.valueOf(file.getFileName()).substring(0, 4));
            extents.put(partition, asFormatTwo(file, read(file)));
        }
        Path mark = directory.resolve("checkpoint");
        if (Files.exists(mark)) {
            long first = CheckpointMark.read(mark).firstSegment();
            ByteWriter out = new ByteWriter(64).u8(1).varint(first);
            out.count(extents.size());
            extents.forEach((partition, extent) ->
                    out.count(partition).varint(extent.version()).varint(extent.records()));
            AtomicFile.write(mark, out.toBytes().array());
        }
        // Not closed in order any more: that mark is of the file itself.
    }

    /** Format 4: digests are of dots alone, and so are the leaves over them. */
    static void asFormatFour(Path directory) throws IOException {
        rewriteIdentity(directory, 4);
        for (Path file : Fixture.files(directory.resolve("partitions"), ".mv")) {
            asFormatFour(file, PartitionFile.STATES);
        }
        asFormatFour(directory.resolve("hints.mv"), HintFile.RECORDS);
    }

    private static void asFormatFour(Path file, String map) {
        MVStore store = new MVStore.Builder()
                .fileName(file.toString())
                .autoCommitDisabled()
                .open();
        MVMap<byte[], byte[]> records = open(store, map);
        MVMap<byte[], byte[]> big = open(store, "big");
        for (byte[] key : List.copyOf(records.keySet())) {
            byte[] record = records.get(key);
            byte[] id = RecordFormat.idOfBig(record);
            records.put(key, ofDots(key, record, id == null ? null : big.get(id)));
        }
        if (store.hasMap("leaves-3")) {
            MVMap<byte[], byte[]> leaves = open(store, "leaves-3");
            MVMap<byte[], byte[]> former = open(store, "leaves");
            leaves.forEach((number, sums) -> {
                byte[] others = sums.clone();
                // The entry that says how many are built stays as it is.
                others[0] ^= (byte) (sums.length > Integer.BYTES ? 1 : 0);
                former.put(number, others);
            });
            store.removeMap(leaves);
            store.removeMap("leaves-gathered-3");
        }
        store.commit();
        store.close(0);
    }

    private static MVMap<byte[], byte[]> open(MVStore store, String map) {
        return store.openMap(
                map, new MVMap.Builder<byte[], byte[]>().keyType(PageType.BYTES).valueType(PageType.BYTES));
    }

    /** The same record with another digest, as format 2 of records has it. */
    private static byte[] ofDots(byte[] key, byte[] record, byte @Nullable [] apart) {
        int header = 14;
        byte[] former = record.clone();
        ByteBuffer bytes = ByteBuffer.wrap(former);
        bytes.put(0, (byte) 2);
        bytes.putLong(6, ~bytes.getLong(6));
        CRC32C crc = new CRC32C();
        crc.update(key);
        crc.update(former, 6, 8);
        if (apart == null) {
            crc.update(former, header, former.length - header);
        } else {
            crc.update(apart);
        }
        bytes.putInt(2, (int) crc.getValue());
        return former;
    }

    /** Format 1 differs from format 2 in its numbers alone. */
    static void asFormatOne(Path directory) throws IOException {
        asFormatTwo(directory);
        rewriteIdentity(directory, 1);
        rewriteLog(directory, 1);
    }

    private static Map<Key, VersionSet> read(Path file) {
        PartitionFile open = PartitionFile.open(file, file.toString(), 1, Fixture.PARTITIONS, new WriteBuffers());
        Map<Key, VersionSet> states = new TreeMap<>();
        RecordFile.Cursor cursor = open.cursor(new byte[0]);
        for (byte[] key = cursor.next(); key != null; key = cursor.next()) {
            states.put(RecordKeys.key(key), cursor.state());
        }
        open.close();
        return states;
    }

    private static RecordFile.Extent asFormatTwo(Path file, Map<Key, VersionSet> states) throws IOException {
        Files.delete(file);
        MVStore store = new MVStore.Builder()
                .fileName(file.toString())
                .autoCommitDisabled()
                .open();
        MVMap.Builder<byte[], byte[]> bytes =
                new MVMap.Builder<byte[], byte[]>().keyType(PageType.BYTES).valueType(PageType.BYTES);
        MVMap<byte[], byte[]> records = store.openMap("records", bytes);
        MVMap<byte[], byte[]> big = store.openMap(
                "big",
                new MVMap.Builder<byte[], byte[]>().keyType(PageType.BYTES).valueType(PageType.BYTES));
        long nextBig = 1;
        for (Map.Entry<Key, VersionSet> entry : states.entrySet()) {
            byte[] key = formerKey(entry.getKey());
            byte[] state = RecordFormat.state(entry.getValue());
            if (state.length < RecordFile.BIG_BYTES) {
                records.put(key, formerRecord(0, key, state, state));
            } else {
                byte[] id = ByteBuffer.allocate(8).putLong(nextBig++).array();
                big.put(id, state);
                records.put(key, formerRecord(1, key, state, id));
            }
        }
        store.commit();
        RecordFile.Extent extent = new RecordFile.Extent(store.getCurrentVersion(), records.sizeAsLong());
        store.close(0);
        return extent;
    }

    static byte[] formerKey(Key key) {
        byte[] today = RecordKeys.of(key);
        return Arrays.copyOfRange(today, 8, today.length);
    }

    private static byte[] formerRecord(int kind, byte[] key, byte[] state, byte[] rest) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        crc.update(state);
        return ByteBuffer.allocate(6 + rest.length)
                .put((byte) 1)
                .put((byte) kind)
                .putInt((int) crc.getValue())
                .put(rest)
                .array();
    }

    private static void rewriteIdentity(Path directory, int format) throws IOException {
        Path identity = directory.resolve("identity");
        String text = new String(AtomicFile.read(identity), StandardCharsets.UTF_8);
        AtomicFile.write(
                identity, text.replaceFirst("format=\\d+", "format=" + format).getBytes(StandardCharsets.UTF_8));
    }

    private static void rewriteLog(Path directory, int format) throws IOException {
        for (Path segment : Fixture.files(directory.resolve("log"), ".log")) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
            CRC32C crc = new CRC32C();
            bytes.putInt(8, format);
            crc.update(bytes.array(), 0, LogFormat.HEADER_BYTES - 4);
            bytes.putInt(LogFormat.HEADER_BYTES - 4, (int) crc.getValue());
            Files.write(segment, bytes.array());
        }
    }
}
