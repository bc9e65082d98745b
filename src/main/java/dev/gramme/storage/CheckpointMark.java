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
 * @param promises by partition, what was promised ({@link Promises}); without those that are 0
 */
record CheckpointMark(
        long firstSegment,
        SortedMap<Integer, RecordFile.Extent> extents,
        SortedMap<Integer, Long> epochs,
        SortedMap<Integer, Long> promises) {
    /** 2: as 1, and the epochs. 3: and the promises. */
    private static final int FORMAT = 3;

    static final CheckpointMark NONE = new CheckpointMark(1, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    void write(Path file) throws IOException {
        ByteWriter out = new ByteWriter(16 + 16 * (extents.size() + epochs.size() + promises.size()));
        out.u8(FORMAT).varint(firstSegment).count(extents.size());
        for (Map.Entry<Integer, RecordFile.Extent> entry : extents.entrySet()) {
            out.count(entry.getKey())
                    .varint(entry.getValue().version())
                    .varint(entry.getValue().records());
        }
        write(out, epochs);
        write(out, promises);
        AtomicFile.write(file, out.toBytes().array());
    }

    private static void write(ByteWriter out, SortedMap<Integer, Long> stamps) {
        out.count(stamps.size());
        for (Map.Entry<Integer, Long> entry : stamps.entrySet()) {
            out.count(entry.getKey()).varint(entry.getValue());
        }
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
            SortedMap<Integer, Long> epochs = format < 2 ? new TreeMap<>() : stamps(in);
            return new CheckpointMark(firstSegment, extents, epochs, format < 3 ? new TreeMap<>() : stamps(in));
        } catch (MalformedException malformed) {
            throw new IOException(file + " is damaged: " + malformed.getMessage(), malformed);
        }
    }

    private static SortedMap<Integer, Long> stamps(ByteReader in) {
        int size = in.items("stamps of collections", 2);
        SortedMap<Integer, Long> stamps = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            stamps.put(in.count("a partition", 65_535), in.varint("a stamp"));
        }
        return stamps;
    }
}
