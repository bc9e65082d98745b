package dev.gramme.storage;

import static dev.gramme.storage.Fixture.OTHER;
import static dev.gramme.storage.Fixture.PARTITIONS;
import static dev.gramme.storage.Fixture.key;
import static dev.gramme.storage.Fixture.persist;
import static dev.gramme.storage.Fixture.persistNow;
import static dev.gramme.storage.Fixture.read;
import static dev.gramme.storage.Fixture.scan;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.storage.PersistCallback.Outcome;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.StateDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dropped partition is gone, at once and for good; a crash at any point leaves it whole or gone, as it was acknowledged. */
class DropPartitionTest {
    private static final Mutation DROP = new Mutation.DropPartition(1);

    @TempDir
    Path temporary;

    private Path directory() {
        return temporary.resolve("node");
    }

    private Path file() {
        return directory().resolve("partitions").resolve("0001.mv");
    }

    /** Of partition 1. */
    private static int number(int i) {
        return 1 + i * PARTITIONS;
    }

    private static void fill(NodeStorage storage, int from, int to, String value) {
        for (int i = from; i < to; i++) {
            assertEquals(Outcome.DURABLE, persistNow(storage, set(number(i), state(i + 1, value))));
        }
    }

    private static void assertGone(NodeStorage storage) {
        assertFalse(storage.store().holds(1));
        assertEquals(Map.of(), scan(storage, 1, 1_000));
        for (int i = 0; i < 20; i++) {
            assertEquals(VersionSet.EMPTY, read(storage, number(i)));
        }
    }

    @Test
    void what_is_dropped_is_gone_at_once_from_memory_cache_and_file_and_its_neighbours_stay() {
        try (NodeStorage storage = NodeStorage.open(settings(directory()))) {
            fill(storage, 0, 10, "in the file");
            persistNow(storage, set(2, state(1, "neighbour")));
            assertTrue(storage.checkpoint());
            fill(storage, 5, 15, "in memory");
            read(storage, number(1));
            var told = persist(storage, DROP);
            assertGone(storage);
            assertEquals(Outcome.DURABLE, Fixture.await(told));
            assertGone(storage);
            assertEquals(0, storage.status().unappliedBytes());
            assertTrue(Files.exists(file()));
            assertTrue(storage.checkpoint());
            assertFalse(Files.exists(file()));
            assertGone(storage);
            assertEquals(state(1, "neighbour"), read(storage, 2));
            assertTrue(storage.storedBytes() < 20_000, "still counted: " + storage.storedBytes());
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory()))) {
            assertTrue(storage.status().cleanStart());
            assertGone(storage);
            assertEquals(state(1, "neighbour"), read(storage, 2));
            assertEquals(List.of(), storage.status().damage());
        }
    }

    @Test
    void a_partition_dropped_and_regained_holds_what_came_after_alone() {
        Map<String, VersionSet> after = new TreeMap<>();
        NodeStorage storage = NodeStorage.open(settings(directory()));
        for (int round = 0; round < 4; round++) {
            fill(storage, 0, 20, "before");
            assertTrue(round % 2 == 0 || storage.checkpoint());
            persistNow(storage, DROP);
            VersionSet regained = state(100 + round, "regained");
            persistNow(storage, set(number(3), regained));
            after.put(key(number(3)).name().text(), regained);
            assertEquals(after, scan(storage, 1, 100));
            assertTrue(storage.checkpoint());
            assertEquals(after, scan(storage, 1, 100));
            assertEquals(regained, read(storage, number(3)));
            assertEquals(VersionSet.EMPTY, read(storage, number(4)));
        }
        fill(storage, 0, 5, "once more");
        persistNow(storage, DROP);
        persistNow(storage, set(number(3), state(200, "last")));
        storage.crash();
        try (NodeStorage again = NodeStorage.open(settings(directory()))) {
            assertEquals(Map.of(key(number(3)).name().text(), state(200, "last")), scan(again, 1, 100));
            assertEquals(List.of(), again.status().damage());
        }
    }

    @Test
    void what_follows_a_setting_aside_that_is_refused_is_not_shown_any_more_and_what_came_since_is() {
        try (NodeStorage storage = NodeStorage.open(settings(directory()))) {
            fill(storage, 0, 3, "whole");
            assertTrue(storage.checkpoint());
            fill(storage, 1, 2, "newer");
        }
        FaultyDisk disk = new FaultyDisk();
        try (NodeStorage storage = NodeStorage.open(settings(directory()), disk)) {
            disk.free.set(0);
            var told = persist(
                    storage,
                    new Mutation.SetAside(1, 9),
                    set(number(0), state(50, "part")),
                    set(number(1), state(50, "part")));
            persist(storage, set(number(2), state(60, "since")));
            assertEquals(Outcome.FULL, Fixture.await(told));

            assertEquals(state(1, "whole"), read(storage, number(0)));
            assertEquals(state(2, "newer"), read(storage, number(1)));
            assertEquals(state(60, "since"), read(storage, number(2)));
            assertEquals(0, storage.store().collectedEpoch(1));
        }
    }

    @Test
    void hints_stay() {
        NodeStorage storage = NodeStorage.open(settings(directory()));
        persistNow(storage, new Mutation.SetHint(1, key(1), OTHER, state(1, "hint")), DROP);
        storage.crash();
        try (NodeStorage again = NodeStorage.open(settings(directory()))) {
            assertEquals(state(1, "hint"), again.hints().read(1, key(1), OTHER));
        }
    }

    @Test
    void a_crash_at_any_operation_of_the_disk_leaves_what_was_acknowledged() throws IOException {
        int died = 0;
        boolean survived = false;
        for (int operations = 0; !survived; operations++) {
            survived = crashAfter(operations);
            died += survived ? 0 : 1;
        }
        assertTrue(died > 40, "only " + died + " points to crash at: the run proves less than it says");
    }

    /** Whether all was done before the disk's operations ran out. */
    private boolean crashAfter(int operations) throws IOException {
        Path directory = temporary.resolve("crash" + operations);
        FaultyDisk disk = new FaultyDisk();
        disk.left.set(operations);
        NodeStorage storage = NodeStorage.open(settings(directory), disk);
        Map<String, VersionSet> now = new TreeMap<>();
        // What partition 1 held before each step and after the last one tried.
        List<Map<String, VersionSet>> states = new ArrayList<>(List.of(Map.of()));
        int counter = 0;
        boolean alive = true;
        String script = "ssCssDsCsDCDssCD";
        for (int step = 0; step < script.length() && alive; step++) {
            if (script.charAt(step) == 'C') {
                alive = storage.checkpoint();
                continue;
            }
            counter++;
            Mutation mutation = DROP;
            if (script.charAt(step) == 's') {
                VersionSet state = state(counter, "v" + counter);
                mutation = set(number(counter % 3), state);
                now.put(key(number(counter % 3)).name().text(), state);
            } else {
                now.clear();
            }
            states.add(new TreeMap<>(now));
            alive = persistNow(storage, mutation) == Outcome.DURABLE;
            if (alive) {
                states = new ArrayList<>(List.of(states.get(states.size() - 1)));
            }
        }
        storage.crash();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            Map<String, VersionSet> found = scan(again, 1, 100);
            assertTrue(states.contains(found), operations + " operations: " + found + " is none of " + states);
            assertTrue(again.checkpoint());
            assertEquals(found, scan(again, 1, 100), "after a checkpoint");
            assertEquals(List.of(), again.status().damage(), operations + " operations");
        }
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertTrue(states.contains(scan(again, 1, 100)));
            assertEquals(List.of(), again.status().damage(), operations + " operations");
        }
        return alive;
    }

    @Test
    void a_crash_between_deleting_the_file_and_cutting_the_log_is_no_damage() throws IOException {
        for (String after : List.of("", "regained")) {
            for (boolean markWritten : new boolean[] {false, true}) {
                Path node = temporary.resolve("whole" + after + markWritten);
                Path crashed = temporary.resolve("crashed" + after + markWritten);
                NodeStorage storage = NodeStorage.open(settings(node));
                fill(storage, 0, 10, "old");
                assertTrue(storage.checkpoint());
                fill(storage, 5, 8, "newer");
                persistNow(storage, DROP);
                if (!after.isEmpty()) {
                    fill(storage, 2, 3, after);
                }
                Fixture.copy(node, crashed);
                assertTrue(storage.checkpoint());
                storage.crash();
                // The log is as before the checkpoint, the store as after it, and its mark as the one or the other.
                takeOver(node, crashed, "partitions/0001.mv");
                if (markWritten) {
                    takeOver(node, crashed, "checkpoint");
                }
                checkOnlyRegained(crashed, after);
            }
        }
    }

    private static void takeOver(Path from, Path to, String file) throws IOException {
        Files.deleteIfExists(to.resolve(file));
        if (Files.exists(from.resolve(file))) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
    }

    private static void checkOnlyRegained(Path directory, String after) {
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            Map<String, VersionSet> expected =
                    after.isEmpty() ? Map.of() : Map.of(key(number(2)).name().text(), state(3, after));
            assertEquals(expected, scan(again, 1, 100));
            assertTrue(again.checkpoint());
            assertEquals(expected, scan(again, 1, 100));
            assertEquals(List.of(), again.status().damage());
        }
    }

    @Test
    void a_drop_that_the_full_disk_refuses_is_undone_and_takes_effect_when_there_is_room() {
        FaultyDisk disk = new FaultyDisk();
        try (NodeStorage storage = NodeStorage.open(settings(directory()), disk)) {
            fill(storage, 0, 10, "in the file");
            assertTrue(storage.checkpoint());
            fill(storage, 5, 15, "in memory");
            Map<String, VersionSet> before = scan(storage, 1, 100);
            long unapplied = storage.status().unappliedBytes();
            disk.free.set(0);
            assertEquals(Outcome.FULL, persistNow(storage, DROP));
            assertEquals(before, scan(storage, 1, 100));
            assertEquals(unapplied, storage.status().unappliedBytes());
            assertTrue(storage.store().holds(1));
            disk.free.set(Long.MAX_VALUE);
            org.awaitility.Awaitility.await().until(() -> storage.store().isWritable());
            assertEquals(Outcome.DURABLE, persistNow(storage, DROP));
            assertGone(storage);
        }
    }

    @Test
    void a_disk_that_refuses_writes_takes_drops_while_there_is_any_room() {
        FaultyDisk disk = new FaultyDisk();
        StorageSettings s = settings(directory());
        StorageSettings withReserve = new StorageSettings(
                directory(),
                s.node(),
                "test",
                PARTITIONS,
                3,
                Durability.SYNC,
                20,
                2,
                s.memory(),
                64 << 10,
                100,
                1 << 20);
        try (NodeStorage storage = NodeStorage.open(withReserve, disk)) {
            fill(storage, 0, 10, "in the file");
            assertTrue(storage.checkpoint());
            disk.free.set(500_000);
            org.awaitility.Awaitility.await()
                    .until(() -> persistNow(storage, set(2, state(1, "neighbour"))) == Outcome.FULL);
            assertEquals(Outcome.DURABLE, persistNow(storage, DROP));
            assertEquals(Outcome.FULL, persistNow(storage, set(2, state(2, "neighbour"))));
            assertGone(storage);
            assertTrue(storage.checkpoint());
            assertFalse(Files.exists(file()));
            storage.crash();
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory()))) {
            assertGone(storage);
            assertEquals(List.of(), storage.status().damage());
        }
    }

    @Test
    void the_file_is_deleted_by_no_checkpoint_that_began_before_the_drop_was_durable() throws IOException {
        NodeStorage.open(settings(directory())).close();
        try (DataDirectory open = DataDirectory.open(settings(directory()), Disk.REAL)) {
            PartitionStores files = new PartitionStores(
                    open, Disk.REAL, settings(directory()), new WriteBuffers(), new TreeMap<>(), lacking(), d -> {});
            AtomicLong bytes = new AtomicLong();
            StateStore states = new StateStore(files, settings(directory()), bytes, CheckpointMark.NONE, () -> true);
            states.set(1, key(1), state(1, "before"));
            assertTrue(states.apply(1));
            PartitionTable.Drop drop = states.drop(1);
            states.set(1, key(9), state(2, "after"));
            assertTrue(states.waitsForLog());
            states.ripenDrops();
            assertFalse(states.apply(1));
            states.told(1, drop, true);
            assertFalse(states.waitsForLog());
            assertFalse(states.apply(1));
            assertTrue(Files.exists(file()));
            states.ripenDrops();
            assertTrue(states.apply(1));
            assertEquals(VersionSet.EMPTY, states.read(1, key(1)));
            assertEquals(state(2, "after"), states.read(1, key(9)));
            assertEquals(0, bytes.get());
            files.close(true);
        }
    }

    @Test
    void no_file_forgets_what_was_collected_before_the_mark_has_the_epoch() throws IOException {
        NodeStorage.open(settings(directory())).close();
        try (DataDirectory open = DataDirectory.open(settings(directory()), Disk.REAL)) {
            PartitionStores files = new PartitionStores(
                    open, Disk.REAL, settings(directory()), new WriteBuffers(), new TreeMap<>(), lacking(), d -> {});
            StateStore states =
                    new StateStore(files, settings(directory()), new AtomicLong(), CheckpointMark.NONE, () -> true);
            states.set(1, key(1), state(1, "before"));
            assertTrue(states.apply(1));

            states.collect(1, 7, List.of(new KeyDigest(key(1), StateDigest.of(state(1, "before")))));

            assertEquals(VersionSet.EMPTY, states.read(1, key(1)));
            assertTrue(states.hasEpochToMark(1));
            assertFalse(states.apply(1));
            states.marked(states.epochsToMark());
            assertTrue(states.apply(1));
            assertEquals(VersionSet.EMPTY, states.read(1, key(1)));
            files.close(true);
        }
    }

    @Test
    void an_epoch_that_came_with_what_was_set_aside_goes_when_that_is_undone() {
        PartitionTable table = new PartitionTable(new AtomicLong(), new AtomicLong(), 3);
        PartitionTable.Drop refused = table.setAside(7);
        assertEquals(7, table.top().epoch());
        table.told(refused, false);
        assertEquals(3, table.top().epoch());

        PartitionTable.Drop overtaken = table.setAside(7);
        table.collected(9);
        table.told(overtaken, false);
        assertEquals(9, table.top().epoch());
    }

    private LackingFile lacking() throws IOException {
        return LackingFile.read(directory(), settings(directory()).partitions());
    }

    @Test
    void what_came_after_a_drop_is_seen_at_every_moment_of_the_checkpoint_that_carries_it_out() throws Exception {
        NodeStorage.open(settings(directory())).close();
        try (DataDirectory open = DataDirectory.open(settings(directory()), Disk.REAL)) {
            PartitionStores files = new PartitionStores(
                    open, Disk.REAL, settings(directory()), new WriteBuffers(), new TreeMap<>(), lacking(), d -> {});
            StateStore states =
                    new StateStore(files, settings(directory()), new AtomicLong(), CheckpointMark.NONE, () -> true);
            for (int round = 1; round <= 60; round++) {
                states.told(1, states.drop(1), true);
                states.set(1, key(9), state(round, "after"));
                states.ripenDrops();
                CompletableFuture<Boolean> applied = CompletableFuture.supplyAsync(() -> states.apply(1));
                while (!applied.isDone()) {
                    assertEquals(
                            round,
                            states.read(1, key(9)).siblings().get(0).dot().counter());
                    assertEquals(1, states.scan(1, null, 100).entries().size());
                }
                assertTrue(applied.get());
            }
            files.close(true);
        }
    }

    @Test
    void of_drops_upon_drops_the_refused_are_undone_and_the_durable_stay() {
        AtomicLong bytes = new AtomicLong();
        PartitionTable table = new PartitionTable(bytes, new AtomicLong(), 0);
        table.set(key(1), entry(1));
        PartitionTable.Drop first = table.drop();
        table.set(key(2), entry(2));
        PartitionTable.Drop second = table.drop();
        table.set(key(3), entry(3));
        table.told(first, false);
        assertEquals(Set.of(key(3)), table.top().states().keySet());
        table.told(second, false);
        assertEquals(Set.of(key(1), key(2), key(3)), table.top().states().keySet());
        assertFalse(table.top().hidesFile());
        PartitionTable.Drop third = table.drop();
        table.set(key(4), entry(4));
        PartitionTable.Drop fourth = table.drop();
        table.told(third, true);
        table.told(fourth, false);
        assertEquals(Set.of(key(4)), table.top().states().keySet());
        assertTrue(table.top().hidesFile());
        table.told(table.drop(), true);
        assertEquals(0, bytes.get());
    }

    private static Unapplied entry(int counter) {
        return new Unapplied(1, 5, state(counter, "v"));
    }

    @Test
    void drops_and_writes_beside_checkpoints_show_what_was_done_last() throws InterruptedException {
        Random random = new Random(12);
        Map<String, VersionSet> expected = new TreeMap<>();
        AtomicBoolean done = new AtomicBoolean();
        NodeStorage storage = NodeStorage.open(settings(directory()));
        Thread checkpoints = new Thread(() -> {
            while (!done.get()) {
                storage.checkpoint();
            }
        });
        checkpoints.start();
        var told = persist(storage, DROP);
        for (int i = 1; i <= 1_200; i++) {
            int number = number(random.nextInt(40));
            VersionSet state = state(i, "v" + i);
            if (random.nextInt(40) == 0) {
                told = persist(storage, DROP);
                expected.clear();
            } else {
                told = persist(storage, set(number, state));
                expected.put(key(number).name().text(), state);
            }
            if (i % 7 == 0) {
                assertEquals(expected.getOrDefault(key(number).name().text(), VersionSet.EMPTY), read(storage, number));
                assertEquals(expected, new TreeMap<>(scan(storage, 1, 300)), "after " + i + " writes");
            }
        }
        assertEquals(Outcome.DURABLE, Fixture.await(told));
        done.set(true);
        checkpoints.join();
        storage.crash();
        try (NodeStorage again = NodeStorage.open(settings(directory()))) {
            assertEquals(expected, new TreeMap<>(scan(again, 1, 300)));
            assertEquals(List.of(), again.status().damage());
        }
    }

    @Test
    void a_file_that_takes_a_dropped_ones_place_is_not_taken_for_one_that_lost_its_end() throws IOException {
        for (int operations = 0; operations < 20; operations++) {
            Path node = temporary.resolve("anew" + operations);
            FaultyDisk disk = new FaultyDisk();
            NodeStorage storage = NodeStorage.open(settings(node), disk);
            persistNow(storage, set(1, state(1, "a")), set(9, state(2, "b")), set(2, state(3, "c")));
            assertTrue(storage.checkpoint());
            persistNow(storage, DROP, set(17, state(4, "anew")), set(2, state(5, "c2")));
            disk.left.set(operations);
            storage.checkpoint();
            storage.crash();
            try (NodeStorage again = NodeStorage.open(settings(node))) {
                assertEquals(state(4, "anew"), read(again, 17));
                assertEquals(List.of(), again.status().damage(), "after " + operations + " operations");
            }
        }
    }
}
