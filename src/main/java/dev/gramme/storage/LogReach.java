package dev.gramme.storage;

import dev.gramme.wire.ByteReader;
import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.MalformedException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The file {@code log-reach}: the last segment of the log that was begun. Without it a log whose last segments are gone, or all of them, would be one that ended earlier.
 * Written when a segment and its name are there, before anything in it is acknowledged: so it never says more than there was. That the end of the very last
 * segment was cut off, at the end of a frame, it can't tell.
 */
final class LogReach {
    static final String NAME = "log-reach";
    private static final int FORMAT = 1;

    private final Path file;
    private volatile long last;

    private LogReach(Path file, long last) {
        this.file = file;
        this.last = last;
    }

    /** Of a log that was never begun, or of which nobody wrote this down. */
    static LogReach begin(Path root) throws IOException {
        LogReach reach = new LogReach(root.resolve(NAME), 0);
        reach.write(0);
        return reach;
    }

    /** @throws IOException if it is damaged or missing: then nobody can say how far the log went */
    static LogReach read(Path root) throws IOException {
        Path file = root.resolve(NAME);
        byte[] content = AtomicFile.read(file);
        if (content == null) {
            throw new IOException(file + " is missing");
        }
        try {
            ByteReader in = new ByteReader(content, 0, content.length);
            int format = in.u8("the format");
            if (format != FORMAT) {
                throw in.malformed("format " + format + " is not known");
            }
            return new LogReach(file, in.varint("a segment"));
        } catch (MalformedException malformed) {
            throw new IOException(file + " is damaged: " + malformed.getMessage(), malformed);
        }
    }

    /** The last segment that was begun; 0 if none was. */
    long last() {
        return last;
    }

    /** Durable when this returns. */
    synchronized void write(long segment) throws IOException {
        ByteWriter out = new ByteWriter(16);
        out.u8(FORMAT).varint(segment);
        AtomicFile.write(file, out.toBytes().array());
        last = segment;
    }

    /** The file as it should be. */
    synchronized void rewrite() throws IOException {
        write(last);
    }
}
