package dev.gramme.storage;

import dev.gramme.replica.StoreBrokenException;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.ByteReader;
import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.StateCodec;
import dev.gramme.wire.StateDigest;
import java.nio.file.Path;
import java.util.Iterator;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * One MVStore file of records: a key's bytes to a state. Many may read while one writes. Big states are in a map of their own: leaf pages stay small,
 * and changing a key does not rewrite its neighbour's megabyte.
 */
final class RecordFile {
    /** States from this size on are kept apart. A quarter of the size at which MVStore splits a page. */
    static final int BIG_BYTES = 4 << 10;

    /** A page of more bytes is split. Without a cache MVStore would split by the number of entries alone: 48 megabytes of big states in one page. */
    private static final int PAGE_BYTES = 4 * BIG_BYTES;

    /**
     * The first key of the big states, with nothing at it. A root page stays in memory for as long as the store is open; with this beside it, no big state is ever
     * alone in the root, and 256 stores do not keep a megabyte each.
     */
    private static final byte[] BEFORE_ALL = new byte[Long.BYTES];

    private final Path file;
    private final MVStore store;
    private final WriteBuffers buffers;
    private final MVMap<byte[], byte[]> records;
    private final MVMap<byte[], byte[]> big;
    private long nextBig;

    private RecordFile(Path file, MVStore store, String map, WriteBuffers buffers) {
        this.file = file;
        this.store = store;
        this.buffers = buffers;
        this.records = map(map);
        this.big = map("big");
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
     * @param cacheMegabytes for pages; 0 for no cache
     * @param map that the records are in
     * @param buffers to write with
     * @throws StoreBrokenException if it is no store or a damaged one
     */
    static RecordFile open(Path file, String name, int cacheMegabytes, String map, WriteBuffers buffers) {
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
                    .pageSplitSize(PAGE_BYTES)
                    .open();
            store.setVersionsToKeep(0);
            return new RecordFile(file, store, map, buffers);
        } catch (RuntimeException damaged) {
            if (store != null) {
                store.closeImmediately();
            }
            throw new StoreBrokenException("the store " + file + " can't be opened: " + damaged.getMessage(), damaged);
        }
    }

    /**
     * Over a file that is open elsewhere and not committed to meanwhile: to be read alone, and then {@linkplain #abandon abandoned}.
     *
     * @return null if nothing was ever committed to it
     * @throws StoreBrokenException if it is no store or a damaged one
     */
    static @Nullable RecordFile openBeside(Path file, ScrubbedBytes bytes, String map) {
        try {
            MVStore store = bytes.opened();
            return store.hasMap(map) ? new RecordFile(file, store, map, new WriteBuffers()) : null;
        } catch (RuntimeException damaged) {
            throw new StoreBrokenException("the store " + file + " can't be opened: " + damaged.getMessage(), damaged);
        }
    }

    /** A map of the file, made if it is not there. */
    MVMap<byte[], byte[]> map(String name) {
        return store.openMap(
                name,
                new MVMap.Builder<byte[], byte[]>().keyType(PageType.BYTES).valueType(PageType.BYTES));
    }

    boolean hasMap(String name) {
        return store.hasMap(name);
    }

    void removeMap(String name) {
        store.removeMap(name);
    }

    /** The key's state; null if there is none. */
    @Nullable
    VersionSet read(byte[] key) {
        byte[] record;
        try {
            record = records.get(key);
        } catch (RuntimeException damaged) {
            throw unreadable(key, damaged);
        }
        return record == null ? null : decode(key, record);
    }

    /** The digest of the key's state; 0 if there is none. */
    long digest(byte[] key) {
        byte[] record;
        try {
            record = records.get(key);
        } catch (RuntimeException damaged) {
            throw unreadable(key, damaged);
        }
        return record == null ? 0 : digest(key, record);
    }

    /** As the record bears it; where it is of a former format, of the state. */
    private long digest(byte[] key, byte[] record) {
        return RecordFormat.bearsDigest(record) ? RecordFormat.digest(record) : StateDigest.of(decode(key, record));
    }

    private VersionSet decode(byte[] key, byte[] record) {
        byte[] id = RecordFormat.idOfBig(record);
        byte[] apart = null;
        if (id != null) {
            try {
                apart = big.get(id);
            } catch (RuntimeException damaged) {
                throw unreadable(key, damaged);
            }
            if (apart == null) {
                throw unreadable(key, new IllegalStateException("its big state is missing"));
            }
        }
        return RecordFormat.decode(file, key, record, apart);
    }

    private StoreBrokenException unreadable(byte[] key, RuntimeException damaged) {
        return new StoreBrokenException(
                "the store " + file + " can't be read at key " + RecordFormat.text(key) + ": " + damaged.getMessage(),
                damaged);
    }

    /** A place between two records. What is put behind it meanwhile it may or may not see. */
    final class Cursor {
        private final org.h2.mvstore.Cursor<byte[], byte[]> records;
        private long digestedBytes;

        private Cursor(org.h2.mvstore.Cursor<byte[], byte[]> records) {
            this.records = records;
        }

        /** The next record's key; null at the end. */
        byte @Nullable [] next() {
            try {
                return records.hasNext() ? records.next() : null;
            } catch (RuntimeException damaged) {
                throw new StoreBrokenException(
                        "the store " + file + " can't be read on: " + damaged.getMessage(), damaged);
            }
        }

        /** The state of the key that {@link #next} gave last. */
        VersionSet state() {
            return decode(records.getKey(), records.getValue());
        }

        /** The digest of that state. */
        long digest() {
            byte[] record = records.getValue();
            digestedBytes += record.length;
            if (RecordFormat.bearsDigest(record)) {
                return RecordFormat.digest(record);
            }
            VersionSet state = decode(records.getKey(), record);
            digestedBytes += StateCodec.sizeHint(state);
            return StateDigest.of(state);
        }

        /** What {@link #digest} has read so far, about: of records of former formats, their states too. */
        long digestedBytes() {
            return digestedBytes;
        }
    }

    /** In front of the first key that is not before {@code first}. */
    Cursor cursor(byte[] first) {
        try {
            return new Cursor(records.cursor(first));
        } catch (RuntimeException damaged) {
            throw unreadable(first, damaged);
        }
    }

    boolean contains(byte[] key) {
        try {
            return records.containsKey(key);
        } catch (RuntimeException damaged) {
            throw unreadable(key, damaged);
        }
    }

    /** Keys in order, from {@code first} on. */
    Iterator<byte[]> keysFrom(byte[] first) {
        return records.keyIterator(first);
    }

    /**
     * Sets the key's state, or removes the key if that is null. In memory until {@link #commit}.
     *
     * @return the digest of its state before; 0 if there was none
     */
    long put(byte[] key, Unapplied entry) {
        byte[] before = records.get(key);
        long digest = 0;
        if (before != null) {
            digest = digest(key, before);
            forgetBig(before);
        }
        VersionSet state = entry.state;
        if (state == null) {
            records.remove(key);
        } else {
            records.put(key, record(key, entry.digest, RecordFormat.state(state)));
        }
        return digest;
    }

    private byte[] record(byte[] key, long digest, byte[] state) {
        if (state.length < BIG_BYTES) {
            return RecordFormat.inline(key, digest, state);
        }
        if (nextBig == 1) {
            big.put(BEFORE_ALL, new byte[0]);
        }
        byte[] id = new ByteWriter(8).int64(nextBig++).toBytes().array();
        big.put(id, state);
        return RecordFormat.apart(key, digest, state, id);
    }

    /**
     * Takes a record in that stood under {@code formerKey} in another map. What is kept apart for it stays where it is.
     *
     * @return the digest that it bears now
     * @throws StoreBrokenException if it is not what was written for that key
     */
    long take(byte[] formerKey, byte[] record, byte[] key) {
        VersionSet state = decode(formerKey, record);
        long digest = StateDigest.of(state);
        byte[] id = RecordFormat.idOfBig(record);
        byte[] encoded = RecordFormat.state(state);
        records.put(
                key,
                id == null ? RecordFormat.inline(key, digest, encoded) : RecordFormat.apart(key, digest, encoded, id));
        return digest;
    }

    /** {@code record} goes: so does what is kept apart for it. */
    private void forgetBig(byte[] record) {
        byte[] id = RecordFormat.idOfBig(record);
        if (id != null) {
            big.remove(id);
        }
    }

    /**
     * Writes what was put, and forces it.
     *
     * @throws MVStoreException if it can't be written: then the store is closed, and what was put since the last commit is not in it
     */
    Extent commit() {
        buffers.lend(store, store::commit);
        store.sync();
        return extent();
    }

    Extent extent() {
        return new Extent(store.getCurrentVersion(), records.sizeAsLong());
    }

    /** Of the file, about: without what was replaced and is still in it. */
    long liveBytes() {
        FileStore<?> inFile = store.getFileStore();
        return inFile.size() * inFile.getFillRate() / 100 * inFile.getChunksFillRate() / 100;
    }

    /** Rewrites a little of what is half empty; what it wrote is forced by the next commit. */
    void tidy(int maxBytes) {
        buffers.lend(store, () -> store.compact(40, maxBytes));
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
}
