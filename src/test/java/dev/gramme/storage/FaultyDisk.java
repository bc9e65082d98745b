package dev.gramme.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A disk that fails when told to, under the log and (by an H2 file scheme) under the stores. One at a time: H2's schemes are per process.
 */
final class FaultyDisk implements Disk {
    /** Writes and forces still to succeed; then the process might as well be dead: nothing reaches the disk any more. */
    final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    /** Bytes still free; a write beyond writes what fits and fails. */
    final AtomicLong free = new AtomicLong(Long.MAX_VALUE);

    volatile boolean forceFails;
    volatile boolean storesFail;

    private static volatile FaultyDisk current = new FaultyDisk(null);

    private FaultyDisk(FaultyDisk none) {}

    FaultyDisk() {
        current = this;
        FilePath.register(new FaultyPath());
    }

    @Override
    public LogFile create(Path file) throws IOException {
        operate();
        LogFile real = REAL.create(file);
        return new LogFile() {
            @Override
            public void write(ByteBuffer source, long position) throws IOException {
                operate();
                int fits = take(source.remaining());
                if (fits < source.remaining()) {
                    int limit = source.limit();
                    source.limit(source.position() + fits);
                    real.write(source, position);
                    source.limit(limit);
                    throw new IOException("No space left on device");
                }
                real.write(source, position);
            }

            @Override
            public void force() throws IOException {
                operate();
                if (forceFails) {
                    throw new IOException("Input/output error");
                }
                real.force();
            }

            @Override
            public void truncate(long size) throws IOException {
                operate();
                real.truncate(size);
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }

    @Override
    public void delete(Path file) throws IOException {
        operate();
        REAL.delete(file);
    }

    private int take(int wanted) {
        long before = free.getAndUpdate(bytes -> Math.max(0, bytes - wanted));
        return (int) Math.min(wanted, before);
    }

    private void operate() throws IOException {
        if (left.decrementAndGet() < 0) {
            throw new IOException("the process is dead");
        }
    }

    @Override
    public long usableBytes(Path directory) {
        return free.get();
    }

    @Override
    public String storeName(Path file) {
        return "faulty:" + file.toAbsolutePath();
    }

    /** H2's side of it. */
    public static final class FaultyPath extends FilePathWrapper {
        @Override
        public String getScheme() {
            return "faulty";
        }

        @Override
        public FileChannel open(String mode) throws IOException {
            return new FaultyChannel(super.open(mode), current);
        }
    }

    private static final class FaultyChannel extends FileBase {
        private final FileChannel real;
        private final FaultyDisk disk;

        FaultyChannel(FileChannel real, FaultyDisk disk) {
            this.real = real;
            this.disk = disk;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return real.read(target);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return real.read(target, position);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            check(source.remaining());
            return real.write(source);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            check(source.remaining());
            return real.write(source, position);
        }

        private void check(int bytes) throws IOException {
            disk.operate();
            if (disk.take(bytes) < bytes) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void force(boolean metadata) throws IOException {
            disk.operate();
            if (disk.storesFail) {
                throw new IOException("Input/output error");
            }
            real.force(metadata);
        }

        @Override
        public long position() throws IOException {
            return real.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            real.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            disk.operate();
            real.truncate(size);
            return this;
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return real.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }
    }
}
