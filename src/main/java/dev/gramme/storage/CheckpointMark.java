package dev.gramme.storage;

import dev.gramme.wire.ByteReader;
import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.MalformedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The file {@code checkpoint}: from where the log is needed, and how far each partition's store went. A store that is found shorter has lost its end:
 * MVStore opens such a file at an older state without a word.
 *
 * @param firstSegment the oldest log segment that may hold what the stores do not
 * @param extents by partition, of the stores that were written
 * @param epochs by partition, the collection epochs of the stores; without those that are 0
 */
record CheckpointMark(
        long firstSegment, SortedMap<Integer, RecordFile.Extent> extents, SortedMap<Integer, Long> epochs) {
    /** 2: as 1, and the epochs. */
    private static final int FORMAT = 2;

    static final CheckpointMark NONE = new CheckpointMark(1, new TreeMap<>(), new TreeMap<>());

    void write(Path file) throws IOException {
        ByteWriter out = new ByteWriter(16 + 16 * (extents.size() + epochs.size()));
        out.u8(FORMAT).varint(firstSegment).count(extents.size());
        for (Map.Entry<Integer, RecordFile.Extent> entry : extents.entrySet()) {
            out.count(entry.getKey())
                    .varint(entry.getValue().version())
                    .varint(entry.getValue().records());
        }
        out.count(epochs.size());
        for (Map.Entry<Integer, Long> entry : epochs.entrySet()) {
            out.count(entry.getKey()).varint(entry.getValue());
        }
        AtomicFile.write(file, out.toBytes().array());
    }

    /** @throws IOException if the file is damaged */
    static CheckpointMark read(Path file) throws IOException {
        byte[] content = AtomicFile.read(file);
        if (content == null) {
            return NONE;
        }
        try {
            ByteReader in = new ByteReader(content, 0, content.length);
            int format = in.u8("the format");
            if (format < 1 || format > FORMAT) {
                throw in.malformed("format " + format + " is not known");
            }
            long firstSegment = in.varint("a segment");
            int size = in.items("partitions", 3);
            SortedMap<Integer, RecordFile.Extent> extents = new TreeMap<>();
            for (int i = 0; i < size; i++) {
                extents.put(
                        in.count("a partition", 65_535),
                        new RecordFile.Extent(in.varint("a version"), in.varint("a size")));
            }
            return new CheckpointMark(firstSegment, extents, format < 2 ? new TreeMap<>() : epochs(in));
        } catch (MalformedException malformed) {
            throw new IOException(file + " is damaged: " + malformed.getMessage(), malformed);
        }
    }

    private static SortedMap<Integer, Long> epochs(ByteReader in) {
        int size = in.items("collection epochs", 2);
        SortedMap<Integer, Long> epochs = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            epochs.put(in.count("a partition", 65_535), in.varint("a collection epoch"));
        }
        return epochs;
    }
}
