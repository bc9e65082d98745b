package dev.gramme.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A small file that is replaced whole or not at all, with a checksum as its last line. Written beside, forced, renamed, and the directory
 * forced: a crash leaves the old one or the new one.
 */
final class AtomicFile {
    private static final int TRAILER_BYTES = "\ncrc32c=00000000\n".length();

    private AtomicFile() {}

    static synchronized void write(Path file, byte[] content) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer[] parts = {ByteBuffer.wrap(content), ByteBuffer.wrap(trailer(content, content.length))};
            while (parts[1].hasRemaining()) {
                channel.write(parts);
            }
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Disk.forceDirectory(directory);
        }
    }

    /**
     * @return the content, or null if there is no such file
     * @throws IOException also if its checksum is wrong
     */
    static byte @Nullable [] read(Path file) throws IOException {
        byte[] all;
        try {
            all = Files.readAllBytes(file);
        } catch (NoSuchFileException absent) {
            return null;
        }
        int length = all.length - TRAILER_BYTES;
        if (length < 0 || !Arrays.equals(Arrays.copyOfRange(all, length, all.length), trailer(all, length))) {
            throw new IOException(file + " is damaged: its checksum does not match its contents");
        }
        return Arrays.copyOf(all, length);
    }

    private static byte[] trailer(byte[] content, int length) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, length);
        return String.format(Locale.ROOT, "\ncrc32c=%08x\n", (int) crc.getValue())
                .getBytes(StandardCharsets.US_ASCII);
    }
}
