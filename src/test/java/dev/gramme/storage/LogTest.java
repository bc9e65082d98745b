package dev.gramme.storage;

import static dev.gramme.storage.Fixture.PARTITIONS;
import static dev.gramme.storage.Fixture.files;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.Mutation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cuts, flips and gaps in the log: what was forced is found or its loss is told; what was not is cut. */
class LogTest {
    private static final long STORE = 42;
    private static final int ROUNDS = Integer.getInteger("gramme.test.flips", 150);

    @TempDir
    Path temporary;

    private Path log;

    @BeforeEach
    void emptyLog() throws IOException {
        log = Files.createDirectories(temporary.resolve("log"));
        LogReach.begin(temporary);
    }

    private LogRecovery.Result recover(List<Mutation> into) throws IOException {
        return LogRecovery.recover(log, STORE, PARTITIONS, 1, LogReach.read(temporary), into::add);
    }

    private LogWriter writer(long segmentBytes) throws IOException {
        StorageSettings settings = Fixture.segments(settings(temporary), segmentBytes, 0);
        return new LogWriter(Disk.REAL, log, settings, STORE, LogReach.read(temporary), recover(new ArrayList<>()));
    }

    @Test
    void the_queue_is_bounded_by_bytes_and_takes_one_mutation_of_any_size() throws IOException {
        CommitLog queue = new CommitLog(writer(4096), settings(temporary), () -> false, () -> {});
        int half = (int) (settings(temporary).memory().queuedBytes() / 2);
        assertTrue(queue.append(new byte[0], half, 1, false, false, outcome -> {}));
        assertTrue(queue.append(new byte[0], half, 1, false, false, outcome -> {}));
        assertFalse(queue.append(new byte[0], 1, 1, false, false, outcome -> {}));
    }

    private static Mutation mutation(int i) {
        return set(i, state(i + 1, "value " + i + "x".repeat(i % 7 * 30)));
    }

    /** Where each of the frames, one a mutation, ended. */
    private static List<Long> write(LogWriter writer, int frames, boolean force) {
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            ByteWriter bytes = MutationCodec.encode(List.of(mutation(i)));
            writer.begin();
            writer.add(bytes.array(), bytes.size());
            assertEquals(PersistCallback.Outcome.DURABLE, writer.commit(force, false));
            ends.add(writer.bytes());
        }
        return ends;
    }

    private static List<Mutation> mutations(int count) {
        List<Mutation> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(mutation(i));
        }
        return all;
    }

    private Path onlySegment() throws IOException {
        return files(log, ".log").get(0);
    }

    @Test
    void a_log_cut_anywhere_is_read_up_to_the_last_whole_write() throws IOException {
        List<Long> ends = write(writer(1 << 20), 20, true);
        byte[] whole = Files.readAllBytes(onlySegment());
        Path segment = onlySegment();
        Random random = new Random(3);
        for (int round = 0; round < ROUNDS; round++) {
            int cut = random.nextInt((int) (ends.get(19) + 1));
            try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
                file.setLength(0);
                file.write(whole, 0, cut);
                if (random.nextBoolean()) {
                    file.write(Fixture.randomBytes(random, random.nextInt(300)));
                }
                file.setLength(file.length() + random.nextInt(3) * 100);
            }
            // By contents, not by the cut: zeros after it may be just the zeros that were cut off.
            byte[] left = Files.readAllBytes(segment);
            int expected = (int) ends.stream()
                    .filter(end ->
                            end <= left.length && Arrays.equals(left, 0, (int) (long) end, whole, 0, (int) (long) end))
                    .count();
            List<Mutation> found = new ArrayList<>();
            LogRecovery.Result result = recover(found);
            assertEquals(mutations(expected), found, "cut at " + cut);
            assertEquals(List.of(), result.damage(), "cut at " + cut);
        }
    }

    @Test
    void the_log_goes_on_after_a_cut_tail() throws IOException {
        List<Long> ends = write(writer(1 << 20), 5, true);
        try (RandomAccessFile file = new RandomAccessFile(onlySegment().toFile(), "rw")) {
            file.setLength(ends.get(4) - 3);
        }
        LogWriter second = writer(1 << 20);
        write(second, 2, true);
        List<Mutation> found = new ArrayList<>();
        LogRecovery.Result result = recover(found);
        assertEquals(List.of(), result.damage());
        assertEquals(6, found.size());
        assertEquals(2, result.segments().size());
    }

    @Test
    void a_flipped_bit_loses_at_most_its_own_write_and_is_told() throws IOException {
        List<Long> ends = write(writer(1 << 20), 30, true);
        byte[] whole = Arrays.copyOf(Files.readAllBytes(onlySegment()), (int) (long) ends.get(29));
        Path segment = onlySegment();
        Random random = new Random(8);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = whole.clone();
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(segment, bytes);
            List<Mutation> found = new ArrayList<>();
            LogRecovery.Result result = recover(found);
            assertTrue(mutations(30).containsAll(found), "a wrong value by byte " + at);
            assertTrue(found.size() >= 29, "byte " + at + " lost " + (30 - found.size()));
            boolean inLast = at >= ends.get(28);
            assertTrue(inLast ? result.cutBytes() > 0 : !result.damage().isEmpty(), "nothing was told of byte " + at);
        }
    }

    @Test
    void a_hole_in_what_was_never_forced_is_no_damage() throws IOException {
        List<Long> ends = write(writer(1 << 20), 10, false);
        byte[] bytes = Files.readAllBytes(onlySegment());
        Arrays.fill(bytes, (int) (long) ends.get(3), (int) (long) ends.get(4), (byte) 0);
        Files.write(onlySegment(), bytes);
        List<Mutation> found = new ArrayList<>();
        LogRecovery.Result result = recover(found);
        assertEquals(mutations(4), found);
        assertEquals(List.of(), result.damage());
        assertTrue(result.cutBytes() > 0);
    }

    @Test
    void a_missing_segment_is_told_by_number() throws IOException {
        write(writer(4096), 60, true);
        List<Path> segments = files(log, ".log");
        assertTrue(segments.size() >= 3);
        Files.delete(segments.get(1));
        List<Mutation> found = new ArrayList<>();
        LogRecovery.Result result = recover(found);
        assertTrue(
                result.damage().get(0).contains("segments 2 to 2 are missing"),
                result.damage().toString());
        assertTrue(mutations(60).containsAll(found));
        assertTrue(found.contains(mutation(0)) && found.contains(mutation(59)));
    }

    @Test
    void a_missing_first_segment_is_told_too() throws IOException {
        write(writer(4096), 60, true);
        Files.delete(files(log, ".log").get(0));
        assertTrue(recover(new ArrayList<>()).damage().get(0).contains("segments 1 to 1 are missing"));
    }

    @Test
    void another_directorys_segment_is_not_replayed() throws IOException {
        write(writer(1 << 20), 3, true);
        List<Mutation> found = new ArrayList<>();
        LogRecovery.Result result =
                LogRecovery.recover(log, STORE + 1, PARTITIONS, 1, LogReach.read(temporary), found::add);
        assertEquals(List.of(), found);
        assertTrue(result.damage().get(0).contains("not of this directory"));
    }

    @Test
    void a_segment_of_a_newer_format_is_refused() throws IOException {
        write(writer(1 << 20), 3, true);
        byte[] bytes = Files.readAllBytes(onlySegment());
        java.nio.ByteBuffer header = java.nio.ByteBuffer.wrap(bytes);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        header.putInt(8, LogFormat.VERSION + 1);
        crc.update(bytes, 0, LogFormat.HEADER_BYTES - 4);
        header.putInt(LogFormat.HEADER_BYTES - 4, (int) crc.getValue());
        Files.write(onlySegment(), bytes);
        assertThrows(DataDirectoryException.class, () -> recover(new ArrayList<>()));
    }
}
