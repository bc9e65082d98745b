package dev.gramme.storage;

import static dev.gramme.storage.Fixture.persistNow;
import static dev.gramme.storage.Fixture.read;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.storage.PersistCallback.Outcome;
import dev.gramme.version.VersionSet;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullAndBrokenDiskTest {
    @TempDir
    Path directory;

    @Test
    void a_full_disk_refuses_writes_reads_on_and_takes_writes_again_when_there_is_room() {
        FaultyDisk disk = new FaultyDisk();
        AtomicInteger changes = new AtomicInteger();
        Map<Integer, VersionSet> durable = new TreeMap<>();
        try (NodeStorage storage = NodeStorage.open(settings(directory), disk)) {
            storage.onStatusChange(changes::incrementAndGet);
            // Not a whole number of frames: the one that does not fit is half written, and must be cut off again.
            disk.free.set(70_001);
            int i = 0;
            Outcome outcome = Outcome.DURABLE;
            while (outcome == Outcome.DURABLE && i < 1_000) {
                VersionSet state = state(++i, "v" + i + "x".repeat(500));
                outcome = persistNow(storage, set(i, state));
                if (outcome == Outcome.DURABLE) {
                    durable.put(i, state);
                }
            }
            assertEquals(Outcome.FULL, outcome);
            assertFalse(storage.store().isWritable());
            assertTrue(storage.status().full());
            assertEquals(durable.get(1), read(storage, 1));
            disk.free.set(Long.MAX_VALUE);
            await().until(() -> storage.store().isWritable());
            durable.put(2_000, state(5_000, "after"));
            assertEquals(Outcome.DURABLE, persistNow(storage, set(2_000, durable.get(2_000))));
            assertTrue(changes.get() >= 2);
            storage.crash();
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(java.util.List.of(), storage.status().damage());
            durable.forEach((number, state) -> assertEquals(state, read(storage, number)));
        }
    }

    @Test
    void a_disk_that_fills_while_the_stores_are_brought_up_to_date_loses_nothing() {
        FaultyDisk disk = new FaultyDisk();
        Map<Integer, VersionSet> durable = new TreeMap<>();
        try (NodeStorage storage = NodeStorage.open(settings(directory), disk)) {
            for (int i = 1; i <= 60; i++) {
                durable.put(i, state(i, "v" + i + "x".repeat(900)));
                assertEquals(Outcome.DURABLE, persistNow(storage, set(i, durable.get(i))));
            }
            disk.free.set(10_000);
            for (int i = 61; i <= 90; i++) {
                VersionSet state = state(i, "v" + i + "x".repeat(900));
                if (persistNow(storage, set(i, state)) == Outcome.DURABLE) {
                    durable.put(i, state);
                }
            }
            await().until(() -> storage.status().full());
            durable.forEach((number, state) -> assertEquals(state, read(storage, number)));
            disk.free.set(Long.MAX_VALUE);
            await().until(() -> storage.status().writable());
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertTrue(storage.status().cleanStart());
            durable.forEach((number, state) -> assertEquals(state, read(storage, number)));
        }
    }

    @Test
    void after_a_failed_force_nothing_is_acknowledged_any_more() {
        FaultyDisk disk = new FaultyDisk();
        NodeStorage storage = NodeStorage.open(settings(directory), disk);
        assertEquals(Outcome.DURABLE, persistNow(storage, set(1, state(1, "kept"))));
        disk.forceFails = true;
        assertEquals(Outcome.BROKEN, persistNow(storage, set(2, state(2, "unknown"))));
        disk.forceFails = false;
        assertEquals(Outcome.BROKEN, persistNow(storage, set(3, state(3, "never"))));
        assertFalse(storage.store().isWritable());
        assertTrue(
                storage.status().broken().contains("forcing"), storage.status().broken());
        assertEquals(state(1, "kept"), read(storage, 1));
        storage.close();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertFalse(again.status().cleanStart());
            assertEquals(state(1, "kept"), read(again, 1));
            assertEquals(VersionSet.EMPTY, read(again, 3));
        }
    }

    @Test
    void a_failed_force_of_a_store_breaks_the_node_and_keeps_the_log() {
        FaultyDisk disk = new FaultyDisk();
        NodeStorage storage = NodeStorage.open(settings(directory), disk);
        for (int i = 1; i <= 40; i++) {
            assertEquals(Outcome.DURABLE, persistNow(storage, set(i, state(i, "x".repeat(900)))));
        }
        AtomicInteger changes = new AtomicInteger();
        storage.onStatusChange(changes::incrementAndGet);
        disk.storesFail = true;
        for (int i = 41; i <= 100 && storage.status().writable(); i++) {
            persistNow(storage, set(i, state(i, "x".repeat(900))));
        }
        await().until(() -> !storage.status().broken().isEmpty());
        await().until(() -> changes.get() > 0);
        storage.close();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            for (int i = 1; i <= 40; i++) {
                assertEquals(state(i, "x".repeat(900)), read(again, i));
            }
        }
    }
}
