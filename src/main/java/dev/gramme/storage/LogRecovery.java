package dev.gramme.storage;

import dev.gramme.wire.ByteReader;
import dev.gramme.wire.MalformedException;
import dev.gramme.wire.Mutation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Replays the log.
 *
 * <p>A frame that is not whole, with no whole one after it, is the last write before a crash: cut. With whole ones after it, each tells how far
 * the log was forced when it was written: if that is beyond the broken frame, forced data is damaged, which is told, and the rest is replayed
 * (states are whole, so a later one is right without an earlier); if not, all from there on was never promised: cut.
 */
final class LogRecovery {
    /** No segment holds more frames than this: bounds the search for a whole frame after a broken one. */
    private static final long MAX_FRAMES = 1L << 32;

    /**
     * What was found.
     *
     * @param nextSegment to write next
     * @param nextFrame to write next
     * @param segments that are there, oldest first, with their sizes
     * @param mutations replayed
     * @param cutBytes of unfinished writes
     * @param damage a sentence each
     * @param damaged the segments to keep aside, not to delete, when they are applied
     */
    record Result(
            long nextSegment,
            long nextFrame,
            List<Segment> segments,
            long mutations,
            long cutBytes,
            List<String> damage,
            List<Path> damaged) {}

    record Segment(long number, Path file, long bytes) {}

    private final Path directory;
    private final long store;
    private final int partitions;
    private final LogReach reach;
    private final Consumer<Mutation> replay;
    private final List<Segment> segments = new ArrayList<>();
    private final List<String> damage = new ArrayList<>();
    private final List<Path> damaged = new ArrayList<>();
    private long nextFrame;
    private long mutations;
    private long cutBytes;

    private LogRecovery(Path directory, long store, int partitions, LogReach reach, Consumer<Mutation> replay) {
        this.directory = directory;
        this.store = store;
        this.partitions = partitions;
        this.reach = reach;
        this.replay = replay;
    }

    /**
     * @param firstSegment the oldest that may still be needed
     * @throws IOException if a file can't be read
     */
    static Result recover(
            Path directory, long store, int partitions, long firstSegment, LogReach reach, Consumer<Mutation> replay)
            throws IOException {
        return new LogRecovery(directory, store, partitions, reach, replay).run(firstSegment);
    }

    private Result run(long firstSegment) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> LogFormat.numberOf(file) >= 0).sorted().toList();
        }
        long expected = firstSegment;
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            long number = LogFormat.numberOf(file);
            if (number < firstSegment) {
                // Applied before the crash that kept it from being deleted.
                Files.delete(file);
                continue;
            }
            if (number != expected) {
                damage.add("log segments " + expected + " to " + (number - 1) + " are missing in " + directory);
            }
            readSegment(file, number, i == files.size() - 1);
            expected = number + 1;
        }
        if (reach.last() >= expected) {
            damage.add("log segments " + expected + " to " + reach.last() + ", the last ones, are missing in "
                    + directory);
            expected = reach.last() + 1;
        }
        return new Result(
                Math.max(1, expected), Math.max(1, nextFrame), segments, mutations, cutBytes, damage, damaged);
    }

    private void readSegment(Path file, long number, boolean last) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        LogFormat.Header header = LogFormat.header(in);
        if (header.whole() && header.version() > LogFormat.VERSION) {
            throw new DataDirectoryException("The log segment " + file + " has format " + header.version()
                    + ", and this program knows formats up to " + LogFormat.VERSION
                    + ". Start the node with the newer Gramme that wrote it.");
        }
        if (header.whole() && (header.store() != store || header.segment() != number)) {
            tell(
                    file,
                    "log segment " + file + " is not of this directory: it was written as segment " + header.segment()
                            + " of store " + Long.toHexString(header.store()));
            return;
        }
        if (header.whole()) {
            startAt(header.firstFrame(), file);
        } else if (last && nextWhole(in, Math.min(in.limit(), LogFormat.HEADER_BYTES)) < 0) {
            cutBytes += nonZero(in, 0);
            // First, or a crash in between would make it a segment that is missing.
            reach.write(number - 1);
            Files.delete(file);
            return;
        } else {
            tell(file, "log segment " + file + " has a damaged header at byte 0");
        }
        int end = readFrames(file, in, last);
        if (end < in.limit()) {
            truncate(file, end);
        }
        segments.add(new Segment(number, file, end));
    }

    private void startAt(long firstFrame, Path file) {
        if (nextFrame > 0 && firstFrame != nextFrame) {
            damage.add("frames " + nextFrame + " to " + (firstFrame - 1) + " are missing in the log before " + file);
        }
        nextFrame = firstFrame;
    }

    /** Where the good part of the segment ends. */
    private int readFrames(Path file, ByteBuffer in, boolean last) throws IOException {
        int offset = LogFormat.HEADER_BYTES;
        while (offset < in.limit()) {
            if (LogFormat.isFrame(in, offset, Math.max(1, nextFrame), nextFrame == 0 ? MAX_FRAMES : nextFrame)) {
                offset = replayFrame(file, in, offset);
                continue;
            }
            int next = nextWhole(in, offset + 1);
            boolean wasForced = next >= 0 && in.getLong(next + 16) >= nextFrame;
            if (!wasForced) {
                long lost = nonZero(in, offset);
                if (!last && lost > 0 && next >= 0) {
                    tell(file, "log segment " + file + " is damaged at byte " + offset);
                }
                cutBytes += lost;
                return offset;
            }
            tell(
                    file,
                    "log segment " + file + " is damaged from byte " + offset + " to " + (next - 1) + ": frames "
                            + nextFrame + " to " + (in.getLong(next + 8) - 1) + " are lost");
            nextFrame = in.getLong(next + 8);
            offset = next;
        }
        return offset;
    }

    private int replayFrame(Path file, ByteBuffer in, int offset) {
        int length = in.getInt(offset);
        ByteReader payload = new ByteReader(in.array(), offset + LogFormat.FRAME_HEADER_BYTES, length);
        try {
            while (payload.remaining() > 0) {
                replay.accept(MutationCodec.decode(payload, partitions));
                mutations++;
            }
        } catch (MalformedException wrong) {
            tell(
                    file,
                    "log segment " + file + " holds at byte " + offset + " what is no mutation: " + wrong.getMessage());
        }
        nextFrame = in.getLong(offset + 8) + 1;
        return offset + LogFormat.FRAME_HEADER_BYTES + length;
    }

    private int nextWhole(ByteBuffer in, int from) {
        if (nonZero(in, from) == 0) {
            return -1;
        }
        for (int offset = from; offset < in.limit() - LogFormat.FRAME_HEADER_BYTES; offset++) {
            if (LogFormat.isFrame(in, offset, Math.max(1, nextFrame), Math.max(1, nextFrame) + MAX_FRAMES)) {
                return offset;
            }
        }
        return -1;
    }

    /** Bytes from {@code from} to the last that is not zero: zeros are room made ahead, not a write. */
    private static long nonZero(ByteBuffer in, int from) {
        int end = in.limit();
        while (end > from && in.get(end - 1) == 0) {
            end--;
        }
        return Math.max(0, end - from);
    }

    private void tell(Path file, String what) {
        damage.add(what);
        if (!damaged.contains(file)) {
            damaged.add(file);
        }
    }

    /** A damaged file stays as it was found: it is evidence, and its end is found again the same way. */
    private void truncate(Path file, int size) throws IOException {
        if (damaged.contains(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
            channel.force(true);
        }
    }
}
