package dev.gramme.storage;

import static dev.gramme.storage.Fixture.files;
import static dev.gramme.storage.Fixture.persistNow;
import static dev.gramme.storage.Fixture.read;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.replica.StoreBrokenException;
import dev.gramme.version.VersionSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flipped bits: never a wrong value, never a missing one without a word. */
class DamageTest {
    private static final int FLIPS = Integer.getInteger("gramme.test.flips", 150);

    private static final int TREES = 300;
    private static final int TREE_KEYS = 600;

    @TempDir
    Path temporary;

    @Test
    void a_flipped_bit_in_a_store_is_told_and_never_gives_a_wrong_value() throws IOException {
        Path file = temporary.resolve("whole.mv");
        Map<String, VersionSet> expected = new TreeMap<>();
        RecordFile.Extent extent = fill(file, expected);
        byte[] whole = Files.readAllBytes(file);
        RecordFile control = RecordFile.open(file, file.toString(), 1, "records", new WriteBuffers());
        assertFalse(control.extent().fallsShortOf(extent));
        expected.forEach((key, state) -> assertEquals(state, control.read(bytes(key))));
        control.abandon();
        Random random = new Random(2);
        int detected = 0;
        for (int round = 0; round < FLIPS; round++) {
            byte[] flipped = whole.clone();
            int at = random.nextInt(whole.length);
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            Path copy = temporary.resolve("flip.mv");
            Files.write(copy, flipped);
            try {
                RecordFile opened = RecordFile.open(copy, copy.toString(), 1, "records", new WriteBuffers());
                boolean isShort = opened.extent().fallsShortOf(extent);
                for (Map.Entry<String, VersionSet> entry : expected.entrySet()) {
                    VersionSet found = opened.read(bytes(entry.getKey()));
                    assertTrue(found == null || found.equals(entry.getValue()) || isShort, "wrong value: byte " + at);
                    assertTrue(found != null || isShort, "silently missing: " + entry.getKey() + ", byte " + at);
                }
                detected += isShort ? 1 : 0;
                opened.abandon();
            } catch (StoreBrokenException told) {
                detected++;
            }
        }
        assertTrue(detected > FLIPS / 2, detected + " of " + FLIPS + " flips were noticed: where were the others?");
    }

    private static RecordFile.Extent fill(Path file, Map<String, VersionSet> expected) {
        RecordFile store = RecordFile.open(file, file.toString(), 1, "records", new WriteBuffers());
        Random random = new Random(1);
        RecordFile.Extent extent = store.extent();
        for (int i = 0; i < 600; i++) {
            String key = "key-" + random.nextInt(400);
            expected.put(key, state(i + 1, "x".repeat(random.nextInt(200)) + (i % 50 == 0 ? "y".repeat(6_000) : "")));
            store.put(bytes(key), new Unapplied(0, 0, expected.get(key)));
            extent = i % 100 == 99 ? store.commit() : extent;
        }
        store.close();
        return extent;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void a_damaged_store_is_moved_aside_the_actor_renewed_and_the_others_read_on() throws IOException {
        Path directory = temporary.resolve("node");
        long actor;
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            persistNow(storage, set(1, state(1, "one")), set(2, state(2, "two")));
            actor = storage.dots().actor();
        }
        Path file = files(directory.resolve("partitions"), "0001.mv").get(0);
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 8_192, bytes.length, (byte) 0x5A);
        Arrays.fill(bytes, 0, 8_192, (byte) 0x5A);
        Files.write(file, bytes);
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(actor, storage.dots().actor());
            StoreBrokenException told = assertThrows(StoreBrokenException.class, () -> read(storage, 1));
            assertTrue(String.valueOf(told.getMessage()).contains("0001.mv"));
            assertNotEquals(actor, storage.dots().actor());
            assertEquals(VersionSet.EMPTY, read(storage, 1));
            assertEquals(state(2, "two"), read(storage, 2));
            assertFalse(storage.status().damage().isEmpty());
            assertTrue(Files.exists(directory.resolve("quarantine").resolve("0001.mv")));
            persistNow(storage, set(1, state(3, "again")));
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(state(3, "again"), read(storage, 1));
        }
    }

    @Test
    void a_tree_whose_leaves_a_flipped_bit_has_damaged_is_told_as_a_broken_store_and_as_nothing_else()
            throws IOException {
        Path directory = temporary.resolve("leaves");
        Path file = directory.resolve("partitions").resolve("0001.mv");
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            // So many that the leaves are more than what is gathered beside them, and more than one page.
            for (int number = 1; number < TREE_KEYS * Fixture.PARTITIONS; number += Fixture.PARTITIONS) {
                Fixture.persist(storage, set(number, state(number, "v" + number)));
            }
        }
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(3);
        int told = 0;
        for (int round = 0; round < TREES; round++) {
            byte[] flipped = whole.clone();
            Path copy = temporary.resolve("leaves.mv");
            flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(copy, flipped);
            try {
                PartitionFile opened =
                        PartitionFile.open(copy, copy.toString(), 0, Fixture.PARTITIONS, new WriteBuffers());
                try {
                    opened.leaves();
                } finally {
                    opened.abandon();
                }
            } catch (StoreBrokenException broken) {
                told++;
            }
        }
        assertTrue(told > TREES / 10, told + " of " + TREES + " flips were noticed: where were the others?");
    }

    @Test
    void a_store_that_lost_its_end_is_told() throws IOException {
        Path directory = temporary.resolve("short");
        Path file = directory.resolve("partitions").resolve("0001.mv");
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            persistNow(storage, set(1, state(1, "one")));
        }
        byte[] before = Files.readAllBytes(file);
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            persistNow(storage, set(9, state(2, "nine")));
        }
        Files.write(file, before);
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(state(1, "one"), read(storage, 1));
            assertTrue(
                    storage.status().damage().get(0).contains("has lost its end"),
                    storage.status().damage().toString());
        }
    }

    @Test
    void a_store_that_is_gone_is_told_at_the_start() throws IOException {
        Path directory = temporary.resolve("gone");
        long actor;
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            persistNow(storage, set(1, state(1, "one")), set(2, state(2, "two")));
            actor = storage.dots().actor();
        }
        Files.delete(directory.resolve("partitions").resolve("0001.mv"));
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(1, storage.status().damage().size());
            assertTrue(storage.status().damage().get(0).contains("0001.mv is missing"));
            assertNotEquals(actor, storage.dots().actor());
            assertEquals(VersionSet.EMPTY, read(storage, 1));
            assertEquals(state(2, "two"), read(storage, 2));
            assertEquals(1, storage.status().damage().size());
        }
    }
}
