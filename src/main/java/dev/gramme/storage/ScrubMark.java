package dev.gramme.storage;

import dev.gramme.wire.ByteReader;
import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.MalformedException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The file {@code scrub}: how far the scrub has come that runs by itself, so that it goes on behind a restart.
 *
 * @param next the part to be read next
 * @param lastMillis when the one before was
 * @param completeMillis when all parts had been read, last; 0 for never
 */
record ScrubMark(int next, long lastMillis, long completeMillis) {
    private static final int FORMAT = 1;
    private static final int MAX_PARTS = 1 << 20;

    void write(Path file) throws IOException {
        ByteWriter out = new ByteWriter(24);
        out.u8(FORMAT).count(next).varint(lastMillis).varint(completeMillis);
        AtomicFile.write(file, out.toBytes().array());
    }

    /** @throws IOException if the file is damaged */
    static ScrubMark read(Path file, long nowMillis) throws IOException {
        byte[] content = AtomicFile.read(file);
        if (content == null) {
            return new ScrubMark(0, nowMillis, 0);
        }
        try {
            ByteReader in = new ByteReader(content, 0, content.length);
            if (in.u8("the format") != FORMAT) {
                throw in.malformed("its format is not known");
            }
            return new ScrubMark(in.count("a part", MAX_PARTS), in.varint("a time"), in.varint("a time"));
        } catch (MalformedException malformed) {
            throw new IOException(file + " is damaged: " + malformed.getMessage(), malformed);
        }
    }
}
