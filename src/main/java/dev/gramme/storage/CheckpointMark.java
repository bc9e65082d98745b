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
 */
record CheckpointMark(long firstSegment, SortedMap<Integer, RecordFile.Extent> extents) {
    private static final int FORMAT = 1;
    static final CheckpointMark NONE = new CheckpointMark(1, new TreeMap<>());

    void write(Path file) throws IOException {
        ByteWriter out = new ByteWriter(16 + 16 * extents.size());
        out.u8(FORMAT).varint(firstSegment).count(extents.size());
        for (Map.Entry<Integer, RecordFile.Extent> entry : extents.entrySet()) {
            out.count(entry.getKey())
                    .varint(entry.getValue().version())
                    .varint(entry.getValue().records());
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
            if (format != FORMAT) {
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
            return new CheckpointMark(firstSegment, extents);
        } catch (MalformedException malformed) {
            throw new IOException(file + " is damaged: " + malformed.getMessage(), malformed);
        }
    }
}
