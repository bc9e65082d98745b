package dev.gramme.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** The disk as the log and the stores see it: a seam under which tests put one that fails. */
interface Disk {
    /** A new file of the log. */
    LogFile create(Path file) throws IOException;

    /** Bytes that can still be written where {@code directory} is. */
    long usableBytes(Path directory) throws IOException;

    /** What H2 is to open for {@code file}: its path, behind a scheme of H2's {@code FilePath} if there is one. */
    String storeName(Path file);

    /** Deletes {@code file} if it is there; it is gone for good when this returns. */
    default void delete(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (Files.deleteIfExists(file) && directory != null) {
            forceDirectory(directory);
        }
    }

    /** A file that is written at places and forced. */
    interface LogFile extends AutoCloseable {
        /** Writes all of {@code source} at {@code position}, or fails with any part of it written. */
        void write(ByteBuffer source, long position) throws IOException;

        /** The contents, and the size if it changed, are on the disk when this returns. */
        void force() throws IOException;

        void truncate(long size) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Whether {@code failure}, or a cause of it, says that there is no room. The JDK tells it only in words. */
    static boolean saysFull(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (cause instanceof IOException && message != null) {
                String text = message.toLowerCase(Locale.ROOT);
                if (text.contains("no space left") || text.contains("quota exceeded")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Makes the names in {@code directory} durable: a file that is created, renamed or deleted is so only after this. */
    static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    Disk REAL = new Disk() {
        @Override
        public LogFile create(Path file) throws IOException {
            return new ChannelFile(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        }

        @Override
        public long usableBytes(Path directory) throws IOException {
            return Files.getFileStore(directory).getUsableSpace();
        }

        @Override
        public String storeName(Path file) {
            return file.toAbsolutePath().toString();
        }
    };

    /** A {@link LogFile} over a channel. */
    record ChannelFile(FileChannel channel) implements LogFile {
        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long at = position;
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
