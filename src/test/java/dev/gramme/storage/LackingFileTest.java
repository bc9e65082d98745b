package dev.gramme.storage;

import static dev.gramme.storage.Fixture.PARTITIONS;
import static dev.gramme.storage.Fixture.files;
import static dev.gramme.storage.Fixture.key;
import static dev.gramme.storage.Fixture.persistNow;
import static dev.gramme.storage.Fixture.read;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.replica.StoreBrokenException;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Mutation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may have lost something knows it, before anybody can find that it is missing, and after any crash. */
class LackingFileTest {
    @TempDir
    Path temporary;

    private Path directory() {
        return temporary.resolve("node");
    }

    private NodeStorage open() {
        return NodeStorage.open(settings(directory()));
    }

    private static TreeSet<Integer> lacking(NodeStorage storage) {
        TreeSet<Integer> lacking = new TreeSet<>();
        for (int p = 0; p < PARTITIONS; p++) {
            if (storage.losses().isLacking(p)) {
                lacking.add(p);
            }
        }
        return lacking;
    }

    private static void mendAll(NodeStorage storage) {
        lacking(storage)
                .forEach(p -> storage.losses().mended(p, storage.losses().of(p), 1));
    }

    /** A directory that lacks nothing, with two keys. */
    private void whole() {
        try (NodeStorage storage = open()) {
            mendAll(storage);
            persistNow(storage, set(1, state(1, "one")), set(2, state(2, "two")));
        }
    }

    @Test
    void a_new_directory_lacks_everything_until_it_is_mended_and_knows_so_after_a_restart() {
        try (NodeStorage storage = open()) {
            assertEquals(PARTITIONS, lacking(storage).size());
            storage.losses().mended(3, storage.losses().of(3), 1);
            assertFalse(lacking(storage).contains(3));
        }
        try (NodeStorage storage = open()) {
            assertEquals(PARTITIONS - 1, lacking(storage).size());
            assertEquals(List.of(), storage.status().damage());
            mendAll(storage);
        }
        try (NodeStorage storage = open()) {
            assertEquals(new TreeSet<>(), lacking(storage));
        }
    }

    @Test
    void a_loss_is_known_after_a_crash_and_one_that_came_later_is_not_mended_by_what_mended_the_first() {
        whole();
        NodeStorage crashing = open();
        Losses losses = crashing.losses();
        losses.lost(5);
        long first = losses.of(5);
        losses.lost(5);
        losses.mended(5, first, 1);
        assertTrue(losses.isLacking(5));
        assertNotEquals(first, losses.of(5));
        crashing.crash();
        try (NodeStorage storage = open()) {
            assertEquals(new TreeSet<>(List.of(5)), lacking(storage));
        }
    }

    /** What the log had no room for, or was not forced for, is shown, and found equal, and is gone after a crash. */
    @Test
    void a_mended_partition_is_whole_after_a_crash_only_if_a_checkpoint_has_forced_what_it_holds() {
        whole();
        NodeStorage crashing = open();
        crashing.losses().lost(5);
        crashing.losses().mended(5, crashing.losses().of(5), 1);
        assertFalse(crashing.losses().isLacking(5));
        crashing.crash();
        NodeStorage checkpointed = open();
        assertEquals(new TreeSet<>(List.of(5)), lacking(checkpointed));
        mendAll(checkpointed);
        assertTrue(checkpointed.checkpoint());
        checkpointed.crash();
        try (NodeStorage storage = open()) {
            assertEquals(new TreeSet<>(), lacking(storage));
        }
    }

    @Test
    void a_checkpoint_that_began_before_a_partition_was_mended_once_more_does_not_make_it_whole() throws IOException {
        Files.createDirectories(directory());
        LackingFile.begin(directory(), new BitSet());
        LackingFile losses = LackingFile.read(directory(), PARTITIONS);
        losses.lost(4);
        losses.mended(4, losses.of(4), 1);
        Map<Integer, Long> began = losses.unforced();
        losses.lost(4);
        losses.mended(4, losses.of(4), 1);
        losses.forced(began);
        assertFalse(losses.isLacking(4));
        assertTrue(LackingFile.read(directory(), PARTITIONS).isLacking(4));
        losses.forced(losses.unforced());
        assertFalse(LackingFile.read(directory(), PARTITIONS).isLacking(4));
    }

    @Test
    void a_partition_whose_store_was_moved_aside_is_lacking_and_no_other() throws IOException {
        whole();
        Path file = files(directory().resolve("partitions"), "0001.mv").get(0);
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, (byte) 0x5A);
        Files.write(file, bytes);
        NodeStorage crashing = open();
        assertEquals(new TreeSet<>(), lacking(crashing));
        assertThrows(StoreBrokenException.class, () -> read(crashing, 1));
        assertEquals(new TreeSet<>(java.util.Set.of(1)), lacking(crashing));
        crashing.crash();
        try (NodeStorage storage = open()) {
            assertEquals(VersionSet.EMPTY, read(storage, 1));
            assertEquals(new TreeSet<>(java.util.Set.of(1)), lacking(storage));
        }
    }

    @Test
    void a_store_that_is_gone_makes_its_partition_lacking() throws IOException {
        whole();
        Files.delete(files(directory().resolve("partitions"), "0002.mv").get(0));
        try (NodeStorage storage = open()) {
            assertEquals(new TreeSet<>(java.util.Set.of(2)), lacking(storage));
        }
    }

    @Test
    void without_the_file_that_says_what_is_lacking_everything_is() throws IOException {
        whole();
        Files.delete(directory().resolve(LackingFile.NAME));
        try (NodeStorage storage = open()) {
            assertEquals(PARTITIONS, lacking(storage).size());
            assertFalse(storage.status().damage().isEmpty());
            assertEquals(state(1, "one"), read(storage, 1));
        }
    }

    /** As the README says to whoever puts one back: nobody can see it from the files. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_directory_out_of_which_closed_and_lacking_were_taken_lacks_everything_and_has_new_actors(boolean inOrder)
            throws IOException {
        whole();
        long actor;
        try (NodeStorage storage = open()) {
            actor = storage.dots().actor();
            if (!inOrder) {
                storage.crash();
            }
        }
        Files.deleteIfExists(directory().resolve("closed"));
        Files.delete(directory().resolve(LackingFile.NAME));
        try (NodeStorage storage = open()) {
            assertEquals(PARTITIONS, lacking(storage).size());
            assertNotEquals(actor, storage.dots().actor());
            assertEquals(state(1, "one"), read(storage, 1));
        }
    }

    @Test
    void a_copy_of_a_directory_that_was_closed_in_order_lacks_everything() throws IOException {
        whole();
        Path restored = temporary.resolve("restored");
        Fixture.copy(directory(), restored);
        try (NodeStorage storage = NodeStorage.open(settings(restored))) {
            assertEquals(PARTITIONS, lacking(storage).size());
            assertEquals(state(1, "one"), read(storage, 1));
        }
    }

    @Test
    void a_start_after_an_orderly_stop_that_is_interrupted_at_any_step_loses_nothing() throws IOException {
        whole();
        Path saved = temporary.resolve("identity before");
        Files.copy(directory().resolve("identity"), saved);
        // Before its first step nothing has happened; then there is a new identity, and the mark is still there.
        FaultyDisk dying = new FaultyDisk();
        dying.left.set(0);
        assertThrows(DataDirectoryException.class, () -> NodeStorage.open(settings(directory()), dying));
        assertTrue(Files.exists(directory().resolve("closed")));
        assertNotEquals(Files.readString(saved), Files.readString(directory().resolve("identity")));
        try (NodeStorage storage = open()) {
            assertEquals(new TreeSet<>(), lacking(storage));
            assertFalse(storage.status().cleanStart());
            assertEquals(state(1, "one"), read(storage, 1));
        }
        // And then the mark is gone, and the process dies.
        open().crash();
        try (NodeStorage storage = open()) {
            assertEquals(new TreeSet<>(), lacking(storage));
        }
    }

    @Test
    void whose_files_were_given_to_another_owner_is_a_new_actor_and_lacks_nothing() throws IOException {
        whole();
        Path closed = directory().resolve("closed");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-rw----"));
        try (NodeStorage storage = open()) {
            assertEquals(new TreeSet<>(), lacking(storage));
            assertFalse(storage.status().cleanStart());
        }
        try (NodeStorage storage = open()) {
            assertTrue(storage.status().cleanStart());
        }
    }

    @Test
    void a_mark_of_before_birth_times_is_known_again_and_one_of_another_file_is_not() {
        ClosingMark mark = new ClosingMark("7", "100", "90");
        assertTrue(mark.is("7@100"));
        assertTrue(mark.is(mark.text()));
        assertFalse(mark.is("7@101"));
        assertFalse(mark.isSameFile("7@101"));
        assertTrue(mark.isSameFile("7@101@90"));
        assertFalse(mark.is("7@101@90"));
        assertFalse(mark.isSameFile("7@101@91"), "the inode of a deleted file, used again");
        assertFalse(new ClosingMark("", "", "").isSameFile(""));
    }

    @Test
    void a_log_whose_last_segments_are_gone_makes_everything_lacking() throws IOException {
        for (boolean all : new boolean[] {false, true}) {
            whole();
            NodeStorage crashing = NodeStorage.open(Fixture.segments(settings(directory()), 4_096, 1 << 20));
            // More than a segment, and not so much that a checkpoint is due.
            for (int i = 1; i <= 12; i++) {
                persistNow(crashing, set(1, state(10 + i, "later " + i + "x".repeat(400))));
            }
            crashing.crash();
            List<Path> segments = files(directory().resolve("log"), ".log");
            assertEquals(2, segments.size());
            for (Path segment : all ? segments : segments.subList(segments.size() - 1, segments.size())) {
                Files.delete(segment);
            }
            try (NodeStorage storage = open()) {
                assertTrue(storage.status().damage().getFirst().contains("the last ones, are missing"));
                assertEquals(PARTITIONS, lacking(storage).size());
                mendAll(storage);
            }
            try (NodeStorage storage = open()) {
                assertEquals(List.of(), storage.status().damage(), "told once");
                assertEquals(new TreeSet<>(), lacking(storage));
            }
        }
    }

    @Test
    void a_last_segment_that_was_begun_and_never_forced_is_not_missed() throws IOException {
        whole();
        NodeStorage crashing = open();
        persistNow(crashing, set(1, state(10, "later")));
        crashing.crash();
        Path segment = files(directory().resolve("log"), ".log").getLast();
        Files.write(segment, new byte[0]);
        for (int start = 0; start < 2; start++) {
            NodeStorage again = open();
            assertEquals(List.of(), again.status().damage());
            assertEquals(new TreeSet<>(), lacking(again));
            again.crash();
        }
    }

    @Test
    void without_the_file_that_says_how_far_the_log_went_everything_is_lacking() throws IOException {
        whole();
        Files.delete(directory().resolve(LogReach.NAME));
        try (NodeStorage storage = open()) {
            assertEquals(PARTITIONS, lacking(storage).size());
            assertFalse(storage.status().damage().isEmpty());
        }
    }

    @Test
    void a_directory_of_before_that_had_set_partitions_aside_lacks_those_and_all_if_it_was_of_the_log()
            throws IOException {
        whole();
        Path quarantine = Files.createDirectories(directory().resolve("quarantine"));
        Files.write(quarantine.resolve("0003.mv.1"), new byte[1]);
        Files.write(quarantine.resolve("hints.mv"), new byte[1]);
        Files.write(quarantine.resolve("checkpoint"), new byte[1]);
        asBefore();
        try (NodeStorage storage = open()) {
            assertEquals(new TreeSet<>(java.util.Set.of(3)), lacking(storage));
        }
        Files.write(quarantine.resolve("000000000001.log"), new byte[1]);
        asBefore();
        try (NodeStorage storage = open()) {
            assertEquals(PARTITIONS, lacking(storage).size());
        }
    }

    private void asBefore() throws IOException {
        Path file = directory().resolve("identity");
        Identity now = Identity.decode(AtomicFile.read(file));
        AtomicFile.write(file, now.inFormat(4).closedAs("").encode());
        Files.delete(directory().resolve(LackingFile.NAME));
        Files.delete(directory().resolve(LogReach.NAME));
    }

    @Test
    void a_ring_that_can_not_be_read_any_more_makes_everything_lacking() throws IOException {
        whole();
        try (NodeStorage storage = open()) {
            storage.saveTopology(new byte[] {1, 2, 3});
        }
        Files.write(directory().resolve("topology"), new byte[] {9});
        try (NodeStorage storage = open()) {
            assertNull(storage.loadTopology());
            assertEquals(PARTITIONS, lacking(storage).size());
        }
    }

    @Test
    void what_was_mended_by_a_ring_of_before_everything_was_lost_is_not() throws IOException {
        whole();
        try (NodeStorage storage = open()) {
            Losses losses = storage.losses();
            losses.lostAll(7);
            losses.mended(2, losses.of(2), 6);
            assertTrue(losses.isLacking(2));
            losses.mended(2, losses.of(2), 7);
            assertFalse(losses.isLacking(2));
        }
    }

    @Test
    void what_is_mended_after_the_storage_was_closed_is_compared_once_more() {
        NodeStorage closed = open();
        Losses losses = closed.losses();
        closed.crash();
        losses.mended(2, losses.of(2), 1);
        try (NodeStorage storage = open()) {
            assertEquals(PARTITIONS, lacking(storage).size());
        }
    }

    @Test
    void what_was_compared_by_a_tree_that_still_had_what_is_gone_mends_nothing() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        NodeStorage storage = NodeStorage.open(settings(directory()), disk);
        mendAll(storage);
        persistNow(storage, set(1, state(1, "one")), set(1 + PARTITIONS, state(2, "two")));
        assertTrue(storage.checkpoint());
        storage.trees().build(1);
        assertTrue(storage.trees().isReady(1));
        // The file is closed by a failure, and found to be gone when it is opened anew.
        persistNow(storage, set(1, state(3, "three")));
        disk.storesFail = true;
        assertFalse(storage.checkpoint());
        Files.delete(files(directory().resolve("partitions"), "0001.mv").get(0));
        assertEquals(1, Fixture.scan(storage, 1, 1_000).size(), "what is in memory alone");
        assertTrue(storage.losses().isLacking(1));
        assertFalse(storage.trees().isReady(1), "it is over what is gone");
        storage.crash();
    }

    @Test
    void where_the_file_can_not_be_written_it_is_tried_again_for_what_it_may_not_say() throws IOException {
        Files.createDirectories(directory());
        LackingFile.begin(directory(), new BitSet());
        LackingFile losses = LackingFile.read(directory(), PARTITIONS);
        losses.lost(4);
        Path blocked = Files.createDirectory(directory().resolve(LackingFile.NAME + ".new"));
        losses.mended(4, losses.of(4), 1);
        losses.forced(losses.unforced());
        assertThrows(UncheckedIOException.class, () -> losses.lost(4), "it may say that 4 is whole");
        assertTrue(losses.isLacking(4), "too much is never wrong");
        Files.delete(blocked);
        losses.lost(4);
        assertTrue(LackingFile.read(directory(), PARTITIONS).isLacking(4));
    }

    @Test
    void a_broken_log_makes_everything_lacking() throws IOException {
        whole();
        NodeStorage crashing = open();
        for (int i = 1; i <= 40; i++) {
            persistNow(crashing, set(1, state(10 + i, "later " + i)));
        }
        crashing.crash();
        Path segment = files(directory().resolve("log"), ".log").getLast();
        byte[] bytes = Files.readAllBytes(segment);
        bytes[LogFormat.HEADER_BYTES + LogFormat.FRAME_HEADER_BYTES + 5] ^= 0x10;
        Files.write(segment, bytes);
        try (NodeStorage storage = open()) {
            assertFalse(storage.status().damage().isEmpty());
            assertEquals(PARTITIONS, lacking(storage).size());
        }
    }

    @Test
    void a_partition_set_aside_is_empty_for_readers_kept_for_people_and_takes_writes() throws IOException {
        whole();
        try (NodeStorage storage = open()) {
            persistNow(storage, set(1, state(7, "in memory")));
            storage.losses().lost(1);
            persistNow(storage, new Mutation.SetAside(1));
            assertEquals(VersionSet.EMPTY, read(storage, 1));
            persistNow(storage, set(1, state(9, "after")));
            assertTrue(storage.checkpoint());
            assertEquals(state(9, "after"), read(storage, 1));
            assertEquals(state(2, "two"), read(storage, 2));
            assertEquals(new TreeSet<>(java.util.Set.of(1)), lacking(storage));
        }
        Path kept = directory().resolve("quarantine").resolve("0001.mv");
        PartitionFile file = PartitionFile.open(kept, kept.toString(), 1, PARTITIONS, new WriteBuffers());
        assertEquals(state(7, "in memory"), file.read(RecordKeys.of(key(1))));
        file.abandon();
    }

    @Test
    void a_partition_set_aside_before_a_crash_stays_so_after_it() throws IOException {
        whole();
        NodeStorage crashing = open();
        persistNow(crashing, set(1, state(7, "in the log")));
        crashing.losses().lost(1);
        persistNow(crashing, new Mutation.SetAside(1), set(1, state(9, "after")));
        crashing.crash();
        try (NodeStorage storage = open()) {
            assertEquals(state(9, "after"), read(storage, 1));
            assertTrue(storage.checkpoint());
            assertEquals(state(9, "after"), read(storage, 1));
            assertEquals(new TreeSet<>(java.util.Set.of(1)), lacking(storage));
        }
        assertTrue(Files.exists(directory().resolve("quarantine").resolve("0001.mv")));
    }
}
