package dev.gramme.storage;

import dev.gramme.replica.StoreBrokenException;
import dev.gramme.wire.StateDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads the file of hints, as {@link PartitionCheck} does a partition's. */
final class HintCheck implements Check {
    private final HintFile hints;
    private final Path path;
    private byte[] first = new byte[0];

    HintCheck(HintFile hints, Path path) {
        this.hints = hints;
        this.path = path;
    }

    @Override
    public Slice next() {
        return hints.alone(this::onDisk);
    }

    private Slice onDisk() {
        try {
            ScrubbedBytes bytes = ScrubbedBytes.open(path);
            try (bytes) {
                RecordFile file = RecordFile.openBeside(path, bytes, HintFile.RECORDS);
                return file == null ? Slice.read(0, bytes.bytesRead(), false) : read(file, bytes);
            } catch (RuntimeException broken) {
                String what = broken instanceof StoreBrokenException
                        ? String.valueOf(broken.getMessage())
                        : "the hint store " + path + " can't be read: " + broken.getMessage();
                long offset = bytes.lastOffset();
                String where = " (in what a scrub read at byte " + offset + ")";
                hints.moveAside(new StoreBrokenException(what + where, broken));
                return Slice.found(bytes.bytesRead(), Finding.now(path, offset, what));
            }
        } catch (NoSuchFileException none) {
            return Slice.NOTHING;
        } catch (IOException failure) {
            throw new UncheckedIOException(path + " could not be opened to be read", failure);
        }
    }

    private Slice read(RecordFile file, ScrubbedBytes bytes) {
        RecordFile.Cursor cursor = file.cursor(first);
        long records = 0;
        for (byte[] record = cursor.next(); record != null; record = cursor.next()) {
            RecordKeys.hint(record);
            if (StateDigest.of(cursor.state()) != cursor.digest()) {
                throw new StoreBrokenException("the hint store " + path
                        + " holds a state that is not the one its digest was made of, at key "
                        + RecordFormat.text(record));
            }
            records++;
            if (bytes.bytesRead() >= PartitionCheck.SLICE_BYTES) {
                first = Arrays.copyOf(record, record.length + 1);
                return Slice.read(records, bytes.bytesRead(), true);
            }
        }
        return Slice.read(records, bytes.bytesRead(), false);
    }
}
