package dev.gramme.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Reads the log's segments, one a slice. What is damaged in one costs nothing as long as this process runs: all that the log says is in memory or in the stores. So the stores are brought up to
 * date at once, and the segment is kept aside.
 */
final class LogCheck implements Check {
    private final Iterator<LogRecovery.Segment> segments;
    private final long store;
    private final BiConsumer<Path, String> damaged;

    /**
     * @param segments with the bytes of each that are frames
     * @param store that they are of
     * @param damaged told which segment, and what
     */
    LogCheck(List<LogRecovery.Segment> segments, long store, BiConsumer<Path, String> damaged) {
        this.segments = segments.iterator();
        this.store = store;
        this.damaged = damaged;
    }

    @Override
    public Slice next() {
        if (!segments.hasNext()) {
            return Slice.NOTHING;
        }
        LogRecovery.Segment segment = segments.next();
        long frames = 0;
        try (FileChannel channel = FileChannel.open(segment.file(), StandardOpenOption.READ)) {
            long offset = 0;
            long frame = firstFrame(channel, segment);
            if (frame >= 0) {
                offset = LogFormat.HEADER_BYTES;
                for (long end; offset < segment.bytes(); offset = end) {
                    end = endOfFrame(channel, offset, segment.bytes(), frame + frames);
                    if (end < 0) {
                        break;
                    }
                    frames++;
                }
            }
            if (offset >= segment.bytes()) {
                return Slice.read(frames, segment.bytes(), segments.hasNext());
            }
            String what = "log segment " + segment.file() + " is damaged at byte " + offset;
            damaged.accept(segment.file(), what);
            Finding found = Finding.now(segment.file(), offset, what);
            return new Slice(frames, segment.bytes(), segments.hasNext(), List.of(found));
        } catch (NoSuchFileException applied) {
            return Slice.read(0, 0, segments.hasNext());
        } catch (IOException failure) {
            throw new UncheckedIOException(segment.file() + " could not be read", failure);
        }
    }

    /** The number of the segment's first frame; -1 if its header is damaged. */
    private long firstFrame(FileChannel channel, LogRecovery.Segment segment) throws IOException {
        LogFormat.Header header = LogFormat.header(read(channel, 0, LogFormat.HEADER_BYTES));
        boolean isIt = header.whole() && header.store() == store && header.segment() == segment.number();
        return isIt ? header.firstFrame() : -1;
    }

    /** Where the frame of this number ends that begins at {@code offset}; -1 if it is damaged. */
    private static long endOfFrame(FileChannel channel, long offset, long most, long number) throws IOException {
        ByteBuffer head = read(channel, offset, LogFormat.FRAME_HEADER_BYTES);
        int payload = head.remaining() < LogFormat.FRAME_HEADER_BYTES ? -1 : head.getInt(0);
        long end = offset + LogFormat.FRAME_HEADER_BYTES + payload;
        if (payload <= 0 || end > most) {
            return -1;
        }
        ByteBuffer frame = read(channel, offset, LogFormat.FRAME_HEADER_BYTES + payload);
        return LogFormat.isFrame(frame, 0, number, number) ? end : -1;
    }

    private static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        while (into.hasRemaining() && channel.read(into, offset + into.position()) >= 0) {
            // A read may give less than was asked for.
        }
        return into.flip();
    }
}
