package dev.gramme.storage;

import dev.gramme.replica.StoreBrokenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * All that can be read from a partition's file or a segment of the log, as one sentence: so that two files of which one has a flipped bit are seen to say the same, or not. What decides here is what comes
 * out, not whether a check has failed: so a difference that no check notices is one too.
 */
public final class FileContents {
    private FileContents() {}

    /**
     * Of a copy that nobody writes.
     *
     * @param partitions Q
     * @throws IOException if the file is not there
     */
    public static String of(Path file, int partitions) throws IOException {
        return file.toString().endsWith(LogFormat.SUFFIX) ? ofSegment(file) : ofPartition(file, partitions);
    }

    /** Whether {@link #of} could read all of it. */
    public static boolean isWhole(String contents) {
        return !contents.contains("unreadable: ");
    }

    private static String ofPartition(Path path, int partitions) throws IOException {
        StringBuilder said = new StringBuilder();
        try (ScrubbedBytes bytes = ScrubbedBytes.open(path)) {
            RecordFile file = RecordFile.openBeside(path, bytes, PartitionFile.STATES);
            if (file == null) {
                return "nothing";
            }
            LeafSums leaves = LeafSums.of(file, partitions, false);
            said.append(file.extent()).append(leaves.built()).append(Arrays.toString(leaves.copy()));
            RecordFile.Cursor cursor = file.cursor(new byte[0]);
            for (byte[] record = cursor.next(); record != null; record = cursor.next()) {
                said.append(HexFormat.of().formatHex(record)).append(cursor.digest());
                said.append(HexFormat.of().formatHex(RecordFormat.state(cursor.state())));
            }
        } catch (StoreBrokenException | IllegalStateException damaged) {
            said.append("unreadable: ").append(damaged.getMessage());
        } catch (RuntimeException damaged) {
            // What MVStore throws where its own structures say what can't be.
            said.append("unreadable: ").append(damaged);
        }
        return said.toString();
    }

    /** The header, and the frames that follow one another. What comes behind those was not written, or cut. */
    private static String ofSegment(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        LogFormat.Header header = LogFormat.header(in);
        if (!header.whole()) {
            return "unreadable: header";
        }
        int offset = LogFormat.HEADER_BYTES;
        for (long frame = header.firstFrame(); LogFormat.isFrame(in, offset, frame, frame); frame++) {
            offset += LogFormat.FRAME_HEADER_BYTES + in.getInt(offset);
        }
        return header + " " + HexFormat.of().formatHex(in.array(), 0, offset);
    }
}
