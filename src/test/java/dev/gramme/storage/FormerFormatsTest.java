package dev.gramme.storage;

import static dev.gramme.storage.Fixture.OTHER;
import static dev.gramme.storage.Fixture.PARTITIONS;
import static dev.gramme.storage.Fixture.key;
import static dev.gramme.storage.Fixture.partition;
import static dev.gramme.storage.Fixture.persist;
import static dev.gramme.storage.Fixture.persistNow;
import static dev.gramme.storage.Fixture.read;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.antientropy.MerkleTree;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.StateDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What earlier programs left is read, and becomes of today's format where it is touched. */
class FormerFormatsTest {
    private static final int KEYS = 400;
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    @TempDir
    private Path temporary;

    private static VersionSet of(int number) {
        return state(number + 1, number % 40 == 7 ? "big ".repeat(2_000) : "v" + number);
    }

    private Path former(String name, int format) throws IOException {
        Path directory = temporary.resolve(name);
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            for (int number = 0; number < KEYS; number++) {
                persist(storage, set(number, of(number)));
            }
            persistNow(storage, new Mutation.SetHint(partition(3), key(3), OTHER, state(5, "hint")));
        }
        switch (format) {
            case 1 -> FormerDirectory.asFormatOne(directory);
            case 2 -> FormerDirectory.asFormatTwo(directory);
            default -> FormerDirectory.asFormatFour(directory);
        }
        return directory;
    }

    private static void assertWhole(NodeStorage storage) {
        for (int number = 0; number < KEYS; number++) {
            assertEquals(of(number), read(storage, number));
        }
        for (int p = 0; p < PARTITIONS; p++) {
            assertEquals(KEYS / PARTITIONS, Fixture.scan(storage, p, 5_000).size());
        }
        assertEquals(List.of(), storage.status().damage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void a_directory_of_an_earlier_format_is_read_and_becomes_of_todays(int format) throws IOException {
        Path directory = former("former", format);
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(0, storage.status().openStores());
            assertWhole(storage);
            assertEquals(
                    state(5, "hint"),
                    storage.hints().next(OTHER, 1, 2, 10, 1 << 20).getFirst().state());
            assertEquals(0, storage.store().collectedEpoch(3));
            persistNow(storage, set(1, state(999, "newer")));
        }
        String identity = new String(AtomicFile.read(directory.resolve("identity")), StandardCharsets.UTF_8);
        assertTrue(identity.contains("format=" + Identity.FORMAT), identity);
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(state(999, "newer"), read(again, 1));
            persistNow(again, set(1, of(1)));
            assertWhole(again);
        }
    }

    @Test
    void writes_that_an_earlier_program_had_in_its_log_only_are_read() throws IOException {
        Path directory = temporary.resolve("crashed");
        NodeStorage storage = NodeStorage.open(settings(directory));
        persistNow(storage, set(1, state(1, "in the file")), set(9, state(2, "replaced")));
        assertTrue(storage.checkpoint());
        persistNow(storage, set(9, state(3, "in the log")));
        storage.crash();
        FormerDirectory.asFormatTwo(directory);
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(state(1, "in the file"), read(again, 1));
            assertEquals(state(3, "in the log"), read(again, 9));
            assertTrue(again.checkpoint());
            assertEquals(2, Fixture.scan(again, 1, 100).size());
        }
    }

    @Test
    void a_crash_at_any_moment_of_the_change_of_format_loses_nothing() throws IOException {
        Path former = former("former", 2);
        for (int operations = 0; operations < 24; operations++) {
            Path directory = temporary.resolve("crash" + operations);
            Fixture.copy(former, directory);
            FaultyDisk disk = new FaultyDisk();
            NodeStorage crashing = NodeStorage.open(settings(directory), disk);
            disk.left.set(operations);
            try {
                for (int p = 0; p < PARTITIONS; p++) {
                    read(crashing, p);
                }
            } catch (StoreBrokenException dead) {
                assertTrue(disk.left.get() < 0, dead.toString());
            }
            disk.left.set(-1);
            crashing.crash();
            try (NodeStorage again = NodeStorage.open(settings(directory))) {
                assertWhole(again);
            }
        }
    }

    @Test
    void a_file_that_changes_its_format_gets_its_tree_with_it() throws IOException {
        Path directory = former("former", 2);
        Path path = directory.resolve("partitions").resolve("0003.mv");
        PartitionFile file = PartitionFile.open(path, path.toString(), 1, PARTITIONS, new WriteBuffers());
        assertArrayEquals(leavesOf(3), file.leaves());
        file.forgetLeaves();
        assertEquals(null, file.leaves());
        file.close();
        PartitionFile again = PartitionFile.open(path, path.toString(), 1, PARTITIONS, new WriteBuffers());
        assertEquals(null, again.leaves());
        again.buildLeaves(3, PARTITIONS, 20, UNBOUNDED);
        assertEquals(null, again.leaves());
        again.put(key(3), new Unapplied(3, 0, state(77, "meanwhile")));
        again.put(key(3), new Unapplied(3, 0, of(3)));
        again.commit();
        again.abandon();
        again = PartitionFile.open(path, path.toString(), 1, PARTITIONS, new WriteBuffers());
        for (int slices = 0; again.leaves() == null; slices++) {
            assertTrue(slices < 10);
            again.buildLeaves(3, PARTITIONS, 20, UNBOUNDED);
        }
        assertArrayEquals(leavesOf(3), again.leaves());
        again.close();
    }

    @Test
    void digests_of_another_kind_are_made_anew_and_the_tree_over_them() throws IOException {
        Path directory = former("former", 4);
        Path path = directory.resolve("partitions").resolve("0003.mv");
        PartitionFile file = PartitionFile.open(path, path.toString(), 1, PARTITIONS, new WriteBuffers());
        assertEquals(null, file.leaves());
        assertEquals(StateDigest.of(of(11)), file.digest(RecordKeys.of(key(11))));
        file.put(key(3), new Unapplied(3, 0, state(77, "meanwhile")));
        file.put(key(3), new Unapplied(3, 0, of(3)));
        file.buildLeaves(3, PARTITIONS, KEYS, UNBOUNDED);
        file.put(key(11), new Unapplied(3, 0, state(77, "meanwhile")));
        file.put(key(11), new Unapplied(3, 0, of(11)));
        file.commit();
        assertArrayEquals(leavesOf(3), file.leaves());
        file.close();
        PartitionFile again = PartitionFile.open(path, path.toString(), 1, PARTITIONS, new WriteBuffers());
        assertArrayEquals(leavesOf(3), again.leaves());
        again.close();
    }

    @Test
    void of_large_states_whose_digests_are_to_be_made_anew_few_are_read_at_once() throws IOException {
        Path directory = temporary.resolve("large");
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            for (int number = 3; number < 40 * PARTITIONS; number += PARTITIONS) {
                persist(storage, set(number, state(number, "large".repeat(20_000))));
            }
        }
        FormerDirectory.asFormatFour(directory);
        Path path = directory.resolve("partitions").resolve("0003.mv");
        PartitionFile file = PartitionFile.open(path, path.toString(), 1, PARTITIONS, new WriteBuffers());
        int slices = 0;
        for (; file.leaves() == null; slices++) {
            file.buildLeaves(3, PARTITIONS, UNBOUNDED, 500_000);
        }
        assertTrue(slices >= 8, "a slice reads five or six, and there were " + slices + " slices");
        DigestPage page = new DigestPage(0, 1, 1_000, 500_000);
        RecordFile.Cursor cursor = file.cursor(new byte[0]);
        int read = 0;
        for (byte[] key = cursor.next(); key != null && !page.isFull(); key = cursor.next(), read++) {
            page.add(RecordKeys.key(key), cursor);
        }
        assertTrue(read <= 6, read + " were read for a page");
        file.close();
    }

    private static long[] leavesOf(int partition) {
        long[] leaves = new long[MerkleTree.LEAVES];
        for (int number = partition; number < KEYS; number += PARTITIONS) {
            leaves[MerkleTree.leafOf(key(number).token(), PARTITIONS)] +=
                    MerkleTree.entryHash(key(number).token(), StateDigest.of(of(number)));
        }
        return leaves;
    }

    @Test
    void a_damaged_record_of_an_earlier_format_is_told() throws IOException {
        Path directory = former("former", 2);
        Path path = directory.resolve("partitions").resolve("0003.mv");
        byte[] bytes = Files.readAllBytes(path);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("v11");
        bytes[at + 1] ^= 1;
        Files.write(path, bytes);
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertThrows(StoreBrokenException.class, () -> read(storage, 3));
            assertEquals(1, storage.status().damage().size());
            Map<String, VersionSet> others = new TreeMap<>(Fixture.scan(storage, 4, 100));
            assertEquals(KEYS / PARTITIONS, others.size());
        }
    }
}
