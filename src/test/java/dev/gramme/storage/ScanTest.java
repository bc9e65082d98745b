package dev.gramme.storage;

import static dev.gramme.storage.Fixture.PARTITIONS;
import static dev.gramme.storage.Fixture.files;
import static dev.gramme.storage.Fixture.key;
import static dev.gramme.storage.Fixture.persist;
import static dev.gramme.storage.Fixture.scan;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.replica.ReplicaStore;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.version.Bytes;
import dev.gramme.version.VersionSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partition page by page: every key once, in order, with its newest state, whatever the checkpoints do meanwhile. */
class ScanTest {
    @TempDir
    Path directory;

    /** Keys of partition 0. */
    private static int number(int i) {
        return i * PARTITIONS;
    }

    private static String name(int number) {
        return key(number).name().text();
    }

    private static void write(NodeStorage storage, Map<String, VersionSet> expected, Random random, int counter) {
        int number = number(random.nextInt(300));
        boolean big = random.nextInt(10) == 0;
        VersionSet state = state(counter, "x".repeat(big ? 5_000 : random.nextInt(200)));
        persist(storage, set(number, state));
        expected.put(name(number), state);
    }

    @Test
    void a_scan_finds_every_key_in_order_with_its_newest_state() {
        Random random = new Random(4);
        Map<String, VersionSet> expected = new TreeMap<>();
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(Map.of(), scan(storage, 0, 100));
            for (int i = 1; i <= 1_500; i++) {
                write(storage, expected, random, i);
                if (i % 400 == 0) {
                    assertTrue(storage.checkpoint());
                }
                if (i % 100 == 0) {
                    Map<String, VersionSet> found = scan(storage, 0, 1 + random.nextInt(20_000));
                    assertEquals(expected, new TreeMap<>(found));
                }
            }
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            Map<String, VersionSet> found = scan(storage, 0, 3_000);
            assertEquals(expected, new TreeMap<>(found));
            assertEquals(Map.of(), scan(storage, 1, 3_000));
        }
    }

    @Test
    void a_page_holds_about_as_much_as_was_asked_for_and_at_least_one_key() {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            for (int i = 0; i < 100; i++) {
                persist(storage, set(number(i), state(i + 1, "x".repeat(1_000))));
            }
            for (boolean inFile : new boolean[] {false, true}) {
                assertTrue(!inFile || storage.checkpoint());
                assertEquals(1, storage.store().scan(0, null, 1).entries().size());
                int ten = storage.store().scan(0, null, 10_000).entries().size();
                assertTrue(ten >= 8 && ten <= 11, ten + " keys on a page of 10,000 bytes");
                ReplicaStore.Page all = storage.store().scan(0, null, 1 << 20);
                assertEquals(100, all.entries().size());
                assertTrue(all.complete());
                Key last = all.entries().get(99).key();
                assertEquals(
                        new ReplicaStore.Page(List.of(), true), storage.store().scan(0, last, 100));
                Key lastButOne = all.entries().get(98).key();
                assertTrue(storage.store().scan(0, lastButOne, 1).complete());
            }
        }
    }

    @Test
    void a_page_of_tiny_values_has_few_enough_to_be_merged_between_two_requests() {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            for (int i = 0; i < 300; i++) {
                persist(storage, set(number(i), state(i + 1, "")));
            }
            for (boolean inFile : new boolean[] {false, true}) {
                assertTrue(!inFile || storage.checkpoint());
                assertEquals(
                        256, storage.store().scan(0, null, 256 << 10).entries().size());
                assertEquals(300, scan(storage, 0, 256 << 10).size());
            }
        }
    }

    @Test
    void writes_between_two_pages_are_on_the_later_one() {
        List<Integer> three = IntStream.of(number(10), number(11), number(12))
                .boxed()
                .sorted(Comparator.comparing(Fixture::key))
                .toList();
        int between = three.get(1);
        int last = three.get(2);
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            persist(storage, set(three.get(0), state(1, "a")), set(last, state(2, "b")));
            assertTrue(storage.checkpoint());
            Key first = storage.store().scan(0, null, 1).entries().get(0).key();
            persist(storage, set(between, state(3, "between")), set(last, state(4, "newer")));
            List<ReplicaStore.Entry> rest =
                    storage.store().scan(0, first, 1 << 20).entries();
            Map<Key, VersionSet> found = new TreeMap<>();
            rest.forEach(entry -> found.put(entry.key(), entry.state()));
            assertEquals(new TreeMap<>(Map.of(key(between), state(3, "between"), key(last), state(4, "newer"))), found);
        }
    }

    @Test
    void a_scan_during_checkpoints_misses_nothing() throws InterruptedException {
        Random random = new Random(6);
        Map<String, VersionSet> expected = new TreeMap<>();
        AtomicBoolean done = new AtomicBoolean();
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            Thread checkpoints = new Thread(() -> {
                while (!done.get()) {
                    storage.checkpoint();
                }
            });
            checkpoints.start();
            for (int i = 1; i <= 800; i++) {
                write(storage, expected, random, i);
                if (i % 20 == 0) {
                    assertEquals(expected, new TreeMap<>(scan(storage, 0, 2_000)), "after " + i + " writes");
                }
            }
            done.set(true);
            checkpoints.join();
            assertEquals(List.of(), storage.status().damage());
        }
    }

    @Test
    void a_damaged_store_breaks_the_scan_and_is_told() throws IOException {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            for (int i = 0; i < 200; i++) {
                persist(storage, set(number(i), state(i + 1, "x".repeat(500))));
            }
        }
        Path file = files(directory.resolve("partitions"), "0000.mv").get(0);
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 200, (byte) 0x5A);
        Files.write(file, bytes);
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertThrows(StoreBrokenException.class, () -> scan(storage, 0, 10_000));
            assertFalse(storage.status().damage().isEmpty());
            assertEquals(Map.of(), scan(storage, 0, 10_000));
        }
    }

    @Test
    void what_a_partition_holds_is_known_without_reading_it() {
        long held;
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertFalse(storage.store().holds(0));
            assertEquals(0, storage.storedBytes());
            for (int i = 0; i < 200; i++) {
                persist(storage, set(number(i), state(i + 1, "x".repeat(10_000))));
            }
            assertTrue(storage.store().holds(0));
            assertFalse(storage.store().holds(1));
            assertTrue(storage.storedBytes() >= 2_000_000, "before a checkpoint " + storage.storedBytes());
            assertTrue(storage.checkpoint());
            held = storage.storedBytes();
            assertTrue(held >= 2_000_000 && held < 3_000_000, "after a checkpoint " + held);
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertTrue(storage.store().holds(0));
            assertFalse(storage.store().holds(1));
            assertTrue(storage.storedBytes() >= 2_000_000, "after a start " + storage.storedBytes());
            assertEquals(0, storage.status().openStores());
        }
    }

    @Test
    void records_lie_in_the_order_of_keys() {
        Random random = new Random(9);
        String letters = "abcxyzABZ019.-_";
        Key before = Key.of("a", "x");
        for (int i = 0; i < 20_000; i++) {
            StringBuilder bucket = new StringBuilder();
            for (int length = 1 + random.nextInt(3); length > 0; length--) {
                bucket.append(letters.charAt(random.nextInt(letters.length())));
            }
            byte[] name = Fixture.randomBytes(random, 1 + random.nextInt(3));
            name[0] = random.nextBoolean() ? 0 : name[0];
            Key key = new Key(bucket.toString(), Bytes.of(name));
            assertEquals(key, RecordKeys.key(RecordKeys.of(key)));
            assertEquals(
                    Integer.signum(before.compareTo(key)),
                    Integer.signum(Arrays.compareUnsigned(RecordKeys.of(before), RecordKeys.of(key))),
                    before + " and " + key);
            assertTrue(Arrays.compareUnsigned(RecordKeys.of(key), RecordKeys.after(key)) < 0);
            before = key;
        }
    }
}
