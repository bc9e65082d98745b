package dev.gramme.storage;

import static dev.gramme.storage.Fixture.OTHER;
import static dev.gramme.storage.Fixture.PARTITIONS;
import static dev.gramme.storage.Fixture.THIRD;
import static dev.gramme.storage.Fixture.files;
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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.generators.Gate;
import dev.gramme.handoff.HintBook.Hint;
import dev.gramme.storage.PersistCallback.Outcome;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStorageTest {
    @TempDir
    Path directory;

    @Test
    void a_persisted_state_is_visible_before_it_is_durable() {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            VersionSet state = state(1, "a");
            var told = persist(storage, set(3, state));
            assertEquals(state, read(storage, 3));
            assertEquals(Outcome.DURABLE, Fixture.await(told));
            assertTrue(storage.status().forces() >= 1);
        }
    }

    @Test
    void when_a_value_expires_is_kept_with_it() {
        Content content = Content.value(Bytes.utf8("v"), "text/plain").expiringAt(1_800_000_000_000L);
        VersionSet expiring = VersionSet.EMPTY.put(CausalContext.EMPTY, new Version(new Dot(1, 1), 7, content));
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(Outcome.DURABLE, persistNow(storage, set(3, expiring)));
        }
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(expiring, read(again, 3));
        }
    }

    @Test
    void a_write_acknowledged_before_the_crash_is_read_after_it() {
        NodeStorage storage = NodeStorage.open(settings(directory));
        for (int i = 0; i < 50; i++) {
            assertEquals(Outcome.DURABLE, persistNow(storage, set(i, state(i + 1, "v" + i))));
        }
        storage.crash();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(50, again.status().recovered());
            assertEquals(0, again.status().openStores());
            for (int i = 0; i < 50; i++) {
                assertEquals(state(i + 1, "v" + i), read(again, i));
            }
            assertEquals(List.of(), again.status().damage());
        }
    }

    @Test
    void a_clean_close_leaves_an_empty_log_and_the_same_actors() throws Exception {
        long actor;
        long hintActor;
        long minted;
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            persistNow(storage, set(1, state(1, "a")));
            actor = storage.dots().actor();
            hintActor = storage.dots().hintActor();
            minted = storage.dots().mint().counter();
        }
        assertEquals(List.of(), files(directory.resolve("log"), ".log"));
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertTrue(storage.status().cleanStart());
            assertEquals(actor, storage.dots().actor());
            assertEquals(hintActor, storage.dots().hintActor());
            assertTrue(storage.dots().mint().counter() > minted);
            assertEquals(0, storage.status().openStores());
            assertEquals(state(1, "a"), read(storage, 1));
            assertEquals(1, storage.status().openStores());
        }
    }

    @Test
    void after_a_crash_both_actors_are_new() {
        NodeStorage storage = NodeStorage.open(settings(directory));
        long actor = storage.dots().actor();
        long hintActor = storage.dots().hintActor();
        storage.crash();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertFalse(again.status().cleanStart());
            assertNotEquals(actor, again.dots().actor());
            assertNotEquals(hintActor, again.dots().hintActor());
        }
    }

    @Test
    void many_writes_over_many_segments_and_checkpoints_are_all_there_in_the_end() throws Exception {
        Random random = new Random(5);
        Map<Integer, VersionSet> expected = new TreeMap<>();
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            for (int i = 0; i < 3_000; i++) {
                int number = random.nextInt(500);
                VersionSet state = state(i + 1, "x".repeat(random.nextInt(900)));
                expected.put(number, state);
                var told = persist(storage, set(number, state));
                if (i % 50 == 0) {
                    Fixture.await(told);
                    assertEquals(expected.get(number), read(storage, number));
                }
            }
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            expected.forEach((number, state) -> assertEquals(state, read(storage, number)));
            assertEquals(VersionSet.EMPTY, read(storage, 501));
        }
    }

    @Test
    void a_checkpoint_that_is_never_admitted_ends_all_the_same_and_says_what_it_took() {
        Gate gate = new Gate();
        gate.open = false;
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            storage.pacedBy(work -> gate);
            for (int i = 0; i < 4; i++) {
                persistNow(storage, set(i, state(i + 1, "value")));
            }
            assertTrue(storage.checkpointAtItsPace());
            assertEquals(0, storage.status().unappliedBytes());
            assertTrue(gate.took > 0);
        }
    }

    @Test
    void big_values_come_back_whole_and_are_replaced() {
        Random random = new Random(1);
        byte[] first = Fixture.randomBytes(random, 1 << 20);
        byte[] second = Fixture.randomBytes(random, 300_000);
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            persistNow(storage, set(1, state(new dev.gramme.version.Dot(1, 1), first)));
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertArrayEquals(
                    first, read(storage, 1).siblings().get(0).content().value().array());
            persistNow(storage, set(1, state(new dev.gramme.version.Dot(1, 2), second)));
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertArrayEquals(
                    second, read(storage, 1).siblings().get(0).content().value().array());
        }
    }

    @Test
    void hints_are_found_by_owner_and_loop_counted_and_dropped() {
        List<Hint> delivered = new ArrayList<>();
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            for (int i = 0; i < 40; i++) {
                persistNow(
                        storage,
                        new Mutation.SetHint(
                                partition(i), key(i), OTHER, i % 2 == 0 ? VersionSet.EMPTY : state(1, "h" + i)));
            }
            persistNow(storage, new Mutation.SetHint(partition(1), key(1), THIRD, state(2, "third")));
            persistNow(storage, new Mutation.SetHint(partition(1), key(1), THIRD, state(3, "third again")));
            assertEquals(Map.of(OTHER, 40L, THIRD, 1L), storage.hints().counts());
            assertEquals(VersionSet.EMPTY, storage.hints().read(partition(2), key(2), OTHER));
            assertNull(storage.hints().read(partition(2), key(2), THIRD));
            assertEquals(List.of(), storage.hints().next(new dev.gramme.ring.NodeId("nobody"), 0, 2, 10, 1 << 20));
            assertEquals(1, storage.hints().next(OTHER, 0, 1, 10, 1).size(), "no more than were asked for, in bytes");
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(Map.of(OTHER, 40L, THIRD, 1L), storage.hints().counts());
            for (int loop = 0; loop < 2; loop++) {
                for (List<Hint> batch = storage.hints().next(OTHER, loop, 2, 3, 1 << 20);
                        !batch.isEmpty();
                        batch = storage.hints().next(OTHER, loop, 2, 3, 1 << 20)) {
                    for (Hint hint : batch) {
                        assertEquals(loop, hint.partition() % 2);
                        delivered.add(hint);
                        persistNow(storage, new Mutation.DropHint(hint.partition(), hint.key(), OTHER));
                    }
                }
            }
            assertEquals(40, delivered.size());
            assertEquals(Map.of(THIRD, 1L), storage.hints().counts());
            assertEquals(state(3, "third again"), storage.hints().read(partition(1), key(1)));
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertEquals(Map.of(THIRD, 1L), storage.hints().counts());
        }
    }

    @Test
    void about_how_many_bytes_wait_for_an_owner_is_known_in_memory_in_the_file_and_after_a_restart() {
        int hints = 60;
        VersionSet state = state(1, "h".repeat(2_000));
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            for (int i = 0; i < hints; i++) {
                persistNow(storage, new Mutation.SetHint(partition(i), key(i), OTHER, state));
            }
            assertHintBytes(storage, hints * 2_000);
            assertEquals(0, storage.hints().bytes(THIRD));
            assertTrue(storage.checkpoint());
            assertHintBytes(storage, hints * 2_000);
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertHintBytes(storage, hints * 2_000);
            for (int i = 0; i < hints; i++) {
                persistNow(storage, new Mutation.DropHint(partition(i), key(i), OTHER));
            }
            assertEquals(0, storage.hints().bytes(OTHER));
        }
    }

    private static void assertHintBytes(NodeStorage storage, long about) {
        long bytes = storage.hints().bytes(OTHER);
        assertTrue(bytes > about / 2 && bytes < about * 2, bytes + " for " + about);
    }

    @Test
    void hints_of_before_a_crash_are_counted_after_it() {
        NodeStorage storage = NodeStorage.open(settings(directory));
        for (int i = 0; i < PARTITIONS; i++) {
            persistNow(storage, new Mutation.SetHint(partition(i), key(i), OTHER, state(1, "h")));
        }
        persistNow(storage, new Mutation.DropHint(partition(0), key(0), OTHER));
        storage.crash();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(Map.of(OTHER, PARTITIONS - 1L), again.hints().counts());
        }
    }

    @Test
    void bucket_properties_are_kept_and_replaced() {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertNull(storage.loadBuckets());
            storage.saveBuckets(new byte[] {1});
            storage.saveBuckets(new byte[] {2, 3});
        }
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertArrayEquals(new byte[] {2, 3}, storage.loadBuckets());
        }
    }

    @Test
    void with_interval_durability_the_log_is_forced_soon_after() throws Exception {
        NodeStorage storage = NodeStorage.open(settings(directory).withDurability(Durability.INTERVAL, 5));
        persistNow(storage, set(1, state(1, "a")));
        org.awaitility.Awaitility.await().until(() -> storage.status().forces() >= 1);
        storage.crash();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(state(1, "a"), read(again, 1));
        }
    }

    @Test
    void a_full_queue_refuses_but_what_was_refused_is_visible_and_kept() throws Exception {
        StorageSettings s = settings(directory);
        StorageSettings tight = new StorageSettings(
                directory, s.node(), "test", PARTITIONS, 3, Durability.SYNC, 20, 2, s.memory(), 64 << 10, 1, 0);
        boolean refused = false;
        VersionSet last = VersionSet.EMPTY;
        try (NodeStorage storage = NodeStorage.open(tight)) {
            for (int i = 1; i < 2_000 && !refused; i++) {
                last = state(i, "v" + i);
                var told = persist(storage, set(1, last));
                refused = told.isDone() && told.join() == Outcome.FULL;
            }
            assertTrue(refused);
            assertEquals(last, read(storage, 1));
        }
        try (NodeStorage storage = NodeStorage.open(tight)) {
            assertEquals(last, read(storage, 1));
        }
        assertTrue(Files.exists(directory.resolve("identity")));
    }
}
