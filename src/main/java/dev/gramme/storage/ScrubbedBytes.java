package dev.gramme.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipOutputStream;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;
import org.h2.mvstore.SFChunk;

/**
 * The bytes of an MVStore's file for a second store over it, which only reads: without the lock that the first one holds, without the pages that it has in memory, and knowing which bytes
 * were read last. Nobody may commit to the file while it is open.
 */
final class ScrubbedBytes extends RandomAccessStore implements AutoCloseable {
    /** A page is not read twice in one slice; and a slice begins with nothing in memory. */
    private static final int CACHE_MEGABYTES = 2;

    private final FileChannel channel;
    private long lastOffset;
    private long bytesRead;

    private ScrubbedBytes(FileChannel channel, Map<String, Object> config) {
        super(config);
        this.channel = channel;
    }

    /** @throws IOException if it can't be opened; {@link java.nio.file.NoSuchFileException} if it is not there */
    static ScrubbedBytes open(Path file) throws IOException {
        Map<String, Object> config = new HashMap<>();
        config.put("cacheSize", CACHE_MEGABYTES);
        ScrubbedBytes opened = new ScrubbedBytes(FileChannel.open(file, StandardOpenOption.READ), config);
        opened.open(file.toString(), true);
        opened.setSize(opened.channel.size());
        return opened;
    }

    /** A store over these bytes, which closes them when it is closed. */
    MVStore opened() {
        return new MVStore.Builder()
                .adoptFileStore(this)
                .autoCommitDisabled()
                .autoCommitBufferSize(0)
                .open();
    }

    /** In the file, of the bytes that were read last. */
    long lastOffset() {
        return lastOffset;
    }

    long bytesRead() {
        return bytesRead;
    }

    @Override
    public ByteBuffer readFully(SFChunk chunk, long offset, int length) {
        lastOffset = offset;
        bytesRead += length;
        return readFully(channel, offset, length);
    }

    @Override
    public void open(String name, boolean readOnly, char[] key) {
        init(name, true);
    }

    @Override
    public ScrubbedBytes open(String name, boolean readOnly) {
        init(name, true);
        return this;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("a file that was only read could not be closed", failure);
        } finally {
            if (getMvStore() != null) {
                super.close();
            }
        }
    }

    @Override
    protected void writeFully(SFChunk chunk, long offset, ByteBuffer source) {
        throw onlyRead();
    }

    @Override
    protected void truncate(long size) {
        throw onlyRead();
    }

    @Override
    public void backup(ZipOutputStream out) {
        throw onlyRead();
    }

    private static UnsupportedOperationException onlyRead() {
        return new UnsupportedOperationException("this store is only read");
    }
}
