package dev.gramme.storage;

import static dev.gramme.storage.Fixture.OTHER;
import static dev.gramme.storage.Fixture.PARTITIONS;
import static dev.gramme.storage.Fixture.files;
import static dev.gramme.storage.Fixture.key;
import static dev.gramme.storage.Fixture.partition;
import static dev.gramme.storage.Fixture.persist;
import static dev.gramme.storage.Fixture.persistNow;
import static dev.gramme.storage.Fixture.read;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scrub reads all that is on the disk beneath a running store, and what it finds goes the way of all damage. */
class ScrubTest {
    private static final int KEYS = 400;
    private static final int ROUNDS = 6;

    @TempDir
    private Path directory;

    private static VersionSet of(int number) {
        return state(number + 1, "v" + number + (number % 20 == 3 ? " big".repeat(1_200) : ""));
    }

    private static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, what);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    private static ScrubStatus scrubbed(NodeStorage storage) {
        storage.scrub().ask();
        await(() -> storage.scrub().status().left() == 0, "the scrub does not end");
        return storage.scrub().status();
    }

    private static void fill(NodeStorage storage, int from, int to) {
        CompletableFuture<PersistCallback.Outcome> last = persist(storage, set(from, of(from)));
        for (int number = from + 1; number < to; number++) {
            last = persist(storage, set(number, of(number)));
        }
        Fixture.await(last);
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 4;
        Files.write(file, bytes);
    }

    private Path partitionFile(int partition) throws IOException {
        return files(directory.resolve("partitions"), String.format("%04d.mv", partition))
                .getFirst();
    }

    @Test
    void a_sound_directory_is_read_whole_and_nothing_is_found_while_it_is_written_to() {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            fill(storage, 0, KEYS / 2);
            assertTrue(storage.checkpoint());
            storage.scrub().ask();
            fill(storage, KEYS / 2, KEYS);
            assertTrue(storage.checkpoint());
            await(() -> storage.scrub().status().left() == 0, "the scrub does not end");
            long before = storage.scrub().status().records();
            ScrubStatus status = scrubbed(storage);
            assertTrue(status.records() - before >= KEYS, status.toString());
            assertEquals(List.of(), status.found());
            assertEquals(List.of(), storage.status().damage());
            assertTrue(status.completeMillis() > 0);
        }
    }

    @Test
    void what_an_earlier_program_left_is_no_damage() throws IOException {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            fill(storage, 0, KEYS);
        }
        FormerDirectory.asFormatFour(directory);
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            ScrubStatus status = scrubbed(storage);
            assertTrue(status.records() >= KEYS, status.toString());
            assertEquals(List.of(), status.found());
        }
    }

    @Test
    void flipped_bits_beneath_an_open_store_are_found_and_the_file_is_set_aside() throws IOException {
        Random random = new Random(7);
        int found = 0;
        for (int round = 0; round < ROUNDS; round++) {
            found += flipEachFile(directory.resolve("round" + round), random);
        }
        // The others were in bytes that nothing points to.
        assertTrue(found > ROUNDS * PARTITIONS / 4, found + " of " + ROUNDS * PARTITIONS + " were found");
    }

    private static int flipEachFile(Path round, Random random) throws IOException {
        try (NodeStorage storage = NodeStorage.open(settings(round))) {
            fill(storage, 0, KEYS);
            assertTrue(storage.checkpoint());
            for (int number = 0; number < KEYS; number++) {
                // Into the pages in memory: a reader may see none of the damage.
                assertEquals(of(number), read(storage, number));
            }
            long actor = storage.dots().actor();
            for (Path file : files(round.resolve("partitions"), ".mv")) {
                flip(file, random.nextInt((int) Files.size(file)));
            }
            ScrubStatus status = scrubbed(storage);
            for (Finding finding : status.found()) {
                assertTrue(Files.exists(
                        round.resolve("quarantine").resolve(finding.file().getFileName())));
                assertFalse(Files.exists(finding.file()));
            }
            assertEquals(status.findings() == 0, actor == storage.dots().actor());
            assertEquals(status.findings(), storage.status().damage().size());
            return (int) status.findings();
        }
    }

    @Test
    void what_a_file_that_was_set_aside_held_is_not_shown_from_memory_as_if_it_were_kept() throws IOException {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            persistNow(storage, set(1, of(1)));
            assertTrue(storage.checkpoint());
            assertEquals(of(1), read(storage, 1));
            Files.write(partitionFile(1), new byte[(int) Files.size(partitionFile(1))]);
            assertEquals(1, scrubbed(storage).findings());
            // Else what another owner tells anew would be taken for held, and never be written again.
            assertEquals(VersionSet.EMPTY, read(storage, 1));
            persistNow(storage, set(1, of(1)));
            assertEquals(of(1), read(storage, 1));
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(of(1), read(storage, 1));
        }
    }

    @Test
    void a_file_that_lost_its_end_beneath_an_open_store_is_found() throws IOException {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            persistNow(storage, set(1, of(1)));
            assertTrue(storage.checkpoint());
            byte[] before = Files.readAllBytes(partitionFile(1));
            persistNow(storage, set(1 + PARTITIONS, of(1 + PARTITIONS)));
            assertTrue(storage.checkpoint());
            Files.write(partitionFile(1), before);
            ScrubStatus status = scrubbed(storage);
            assertEquals(1, status.findings(), status.toString());
            assertTrue(status.found().getFirst().what().contains("has lost its end"), status.toString());
            assertFalse(storage.status().damage().isEmpty());
        }
    }

    @Test
    void a_file_that_is_gone_beneath_an_open_store_is_found() throws IOException {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            persistNow(storage, set(1, of(1)));
            assertTrue(storage.checkpoint());
            Files.delete(partitionFile(1));
            ScrubStatus status = scrubbed(storage);
            assertTrue(status.found().getFirst().what().contains("is missing"), status.toString());
            persistNow(storage, set(1, of(1)));
            assertTrue(storage.checkpoint());
            assertEquals(1, scrubbed(storage).findings());
        }
    }

    @Test
    void a_damaged_log_is_found_and_nothing_of_it_is_lost() throws IOException {
        Path log = directory.resolve("log");
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            fill(storage, 0, 20);
            Path segment = files(log, ".log").getFirst();
            flip(segment, LogFormat.HEADER_BYTES + LogFormat.FRAME_HEADER_BYTES + 30);
            ScrubStatus status = scrubbed(storage);
            assertEquals(segment, status.found().getFirst().file());
            assertEquals(LogFormat.HEADER_BYTES, status.found().getFirst().offset());
            await(
                    () -> Files.exists(directory.resolve("quarantine").resolve(segment.getFileName())),
                    "the stores are not brought up to date");
            assertEquals(1, storage.status().damage().size());
            storage.crash();
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(List.of(), storage.status().damage());
            for (int number = 0; number < 20; number++) {
                assertEquals(of(number), read(storage, number));
            }
        }
    }

    @Test
    void damaged_hints_are_found_and_set_aside() throws IOException {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            for (int number = 0; number < 50; number++) {
                persistNow(storage, new Mutation.SetHint(partition(number), key(number), OTHER, of(number)));
            }
            assertTrue(storage.checkpoint());
            assertEquals(0, scrubbed(storage).findings());
            Path file = directory.resolve("hints.mv");
            byte[] bytes = Files.readAllBytes(file);
            String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
            flip(file, text.lastIndexOf("v17"));
            assertEquals(1, scrubbed(storage).findings());
            assertTrue(Files.exists(directory.resolve("quarantine").resolve("hints.mv")));
            await(() -> storage.hints().counts().isEmpty(), "the hints are not counted anew");
        }
    }

    @Test
    void damaged_small_files_are_found_and_written_anew() throws IOException {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            storage.saveBuckets(new byte[] {1, 2, 3});
            assertTrue(storage.checkpoint());
            flip(directory.resolve("identity"), 12);
            flip(directory.resolve("checkpoint"), 1);
            flip(directory.resolve("buckets"), 1);
            long checkpoints = storage.status().checkpoints();
            assertEquals(3, scrubbed(storage).findings());
            await(() -> storage.status().checkpoints() > checkpoints, "the checkpoint is not written anew");
            assertEquals(3, scrubbed(storage).findings());
            assertTrue(Files.exists(directory.resolve("quarantine").resolve("identity")));
            storage.crash();
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(List.of(), storage.status().damage());
            assertEquals(3, java.util.Objects.requireNonNull(storage.loadBuckets()).length);
        }
    }

    @Test
    void by_itself_it_reads_one_part_after_the_other_and_goes_on_after_a_restart() {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            fill(storage, 0, KEYS);
        }
        long complete;
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            storage.scrub().every(1);
            await(() -> storage.scrub().status().completeMillis() > 0, "it does not run by itself");
            complete = storage.scrub().status().completeMillis();
            assertTrue(storage.scrub().status().records() >= KEYS);
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertTrue(storage.scrub().status().completeMillis() >= complete);
            assertEquals(0, storage.scrub().status().bytes());
        }
    }
}
