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
import java.util.Iterator;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * One MVStore file of records: a key's bytes to a state. Many may read while one writes.
 *
 * <p>A record: format (1 byte), kind (1), CRC32C over key and state (4), then the state, or for a big one the 8 bytes under which the map {@code big}
 * has it: leaf pages stay small, and changing a key does not rewrite its neighbour's megabyte.
 */
final class RecordFile {
    /** States from this size on are kept apart. A quarter of the size at which MVStore splits a page. */
    static final int BIG_BYTES = 4 << 10;

    private static final int FORMAT = 1;
    private static final int INLINE = 0;
    private static final int BIG = 1;
    private static final int HEADER_BYTES = 6;

    private final Path file;
    private final MVStore store;
    private final MVMap<byte[], byte[]> records;
    private final MVMap<byte[], byte[]> big;
    private long nextBig;

    private RecordFile(Path file, MVStore store) {
        this.file = file;
        this.store = store;
        MVMap.Builder<byte[], byte[]> type =
                new MVMap.Builder<byte[], byte[]>().keyType(PageType.BYTES).valueType(PageType.BYTES);
        this.records = store.openMap("records", type);
        this.big = store.openMap(
                "big",
                new MVMap.Builder<byte[], byte[]>().keyType(PageType.BYTES).valueType(PageType.BYTES));
        byte[] last = big.lastKey();
        this.nextBig = last == null ? 1 : new ByteReader(last, 0, last.length).int64("the number of a big state") + 1;
    }

    /** How far a file's committed contents go, to tell a later opening whether something is missing. */
    record Extent(long version, long records) {
        /** Whether something of {@code least} is gone. A later version is one committed after {@code least} was written down. */
        boolean fallsShortOf(Extent least) {
            return version < least.version || (version == least.version && records != least.records);
        }
    }

    /**
     * @param name what H2 opens for {@code file}
     * @param cacheMegabytes for pages
     * @throws StoreBrokenException if it is no store or a damaged one
     */
    static RecordFile open(Path file, String name, int cacheMegabytes) {
        MVStore store = null;
        try {
            // Without autoCommitDisabled each store has a thread of its own. autoCommitBufferSize(0): commits are ours
            // alone to make.
            store = new MVStore.Builder()
                    .fileName(name)
                    .autoCommitDisabled()
                    .autoCommitBufferSize(0)
                    .cacheSize(cacheMegabytes)
                    .cacheConcurrency(1)
                    .open();
            store.setVersionsToKeep(0);
            return new RecordFile(file, store);
        } catch (RuntimeException damaged) {
            if (store != null) {
                store.closeImmediately();
            }
            throw new StoreBrokenException("the store " + file + " can't be opened: " + damaged.getMessage(), damaged);
        }
    }

    /** The key's state; null if there is none. */
    @Nullable
    VersionSet read(byte[] key) {
        byte[] record;
        byte[] state;
        try {
            record = records.get(key);
            if (record == null) {
                return null;
            }
            state = record.length > 1 && record[1] == BIG ? bigState(record) : record;
        } catch (RuntimeException damaged) {
            throw new StoreBrokenException(
                    "the store " + file + " can't be read at key " + text(key) + ": " + damaged.getMessage(), damaged);
        }
        return decode(key, record, state);
    }

    private byte[] bigState(byte[] record) {
        byte[] state = record.length == HEADER_BYTES + 8
                ? big.get(Arrays.copyOfRange(record, HEADER_BYTES, record.length))
                : null;
        if (state == null) {
            throw new IllegalStateException("its big state is missing");
        }
        return state;
    }

    private VersionSet decode(byte[] key, byte[] record, byte[] state) {
        int offset = record == state ? HEADER_BYTES : 0;
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

    boolean contains(byte[] key) {
        try {
            return records.containsKey(key);
        } catch (RuntimeException damaged) {
            throw new StoreBrokenException(
                    "the store " + file + " can't be read at key " + text(key) + ": " + damaged.getMessage(), damaged);
        }
    }

    /** Keys in order, from {@code first} on. */
    Iterator<byte[]> keysFrom(byte[] first) {
        return records.keyIterator(first);
    }

    /** Sets the key's state, or removes the key if it is null. In memory until {@link #commit}. */
    void put(byte[] key, @Nullable VersionSet state) {
        byte[] before = records.get(key);
        if (before != null && before.length == HEADER_BYTES + 8 && before[1] == BIG) {
            big.remove(Arrays.copyOfRange(before, HEADER_BYTES, before.length));
        }
        if (state == null) {
            records.remove(key);
            return;
        }
        ByteWriter out = new ByteWriter(HEADER_BYTES + StateCodec.sizeHint(state));
        out.u8(FORMAT).u8(INLINE).int32(0);
        StateCodec.write(out, state);
        int length = out.size() - HEADER_BYTES;
        ByteWriter header = new ByteWriter(HEADER_BYTES + 8);
        boolean apart = length >= BIG_BYTES;
        header.u8(FORMAT).u8(apart ? BIG : INLINE).int32(crc(key, out.array(), HEADER_BYTES, length));
        if (apart) {
            ByteWriter id = new ByteWriter(8);
            id.int64(nextBig++);
            big.put(id.toBytes().array(), Arrays.copyOfRange(out.array(), HEADER_BYTES, out.size()));
            header.raw(id.array(), 0, 8);
            records.put(key, header.toBytes().array());
        } else {
            byte[] record = Arrays.copyOf(out.array(), out.size());
            System.arraycopy(header.array(), 0, record, 0, HEADER_BYTES);
            records.put(key, record);
        }
    }

    /**
     * Writes what was put, and forces it.
     *
     * @throws MVStoreException if it can't be written: then the store is closed, and what was put since the last commit is not in it
     */
    Extent commit() {
        store.commit();
        store.sync();
        return extent();
    }

    Extent extent() {
        return new Extent(store.getCurrentVersion(), records.sizeAsLong());
    }

    /** Rewrites a little of what is half empty; what it wrote is forced by the next commit. */
    void tidy(int maxBytes) {
        store.compact(40, maxBytes);
    }

    Path file() {
        return file;
    }

    /** All is committed: closes the file. */
    void close() {
        store.close(0);
    }

    /** Closes the file and forgets what was not committed. */
    void abandon() {
        store.closeImmediately();
    }

    /** Whether it was the disk that failed, not what is written on it: the file is then not to be blamed. */
    static boolean isDiskFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MVStoreException store && store.getErrorCode() == DataUtils.ERROR_WRITING_FAILED) {
                return true;
            }
        }
        return false;
    }

    private static int crc(byte[] key, byte[] state, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        crc.update(state, offset, length);
        return (int) crc.getValue();
    }

    private static String text(byte[] key) {
        return HexFormat.of().formatHex(key, 0, Math.min(key.length, 64));
    }
}
