package dev.gramme.storage;

import static dev.gramme.storage.Fixture.persistNow;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.wire.Mutation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node has promised not to keep it does not forget, whatever becomes of its process and of the partition. */
class PromiseTest {
    private static final int PARTITION = 3;

    @TempDir
    private Path directory;

    private static void promise(NodeStorage storage, long stamp) {
        persistNow(storage, new Mutation.Promise(PARTITION, stamp));
    }

    @Test
    void a_promise_survives_a_crash() {
        NodeStorage storage = NodeStorage.open(settings(directory));
        promise(storage, 7);
        storage.crash();

        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(7, again.store().promised(PARTITION));
            assertEquals(0, again.store().promised(PARTITION + 1));
        }
    }

    @Test
    void a_promise_survives_when_its_segment_of_the_log_is_dropped() {
        NodeStorage storage = NodeStorage.open(settings(directory));
        persistNow(storage, set(1, state(1, "v")));
        promise(storage, 7);
        assertTrue(storage.checkpoint());
        storage.crash();

        NodeStorage again = NodeStorage.open(settings(directory));
        assertEquals(7, again.store().promised(PARTITION));
        again.close();
        try (NodeStorage third = NodeStorage.open(settings(directory))) {
            assertEquals(7, third.store().promised(PARTITION));
        }
    }

    @Test
    void the_highest_promise_holds() {
        NodeStorage storage = NodeStorage.open(settings(directory));
        promise(storage, 9);
        promise(storage, 7);
        storage.crash();

        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(9, again.store().promised(PARTITION));
        }
    }

    @Test
    void a_promise_survives_a_dropped_partition() {
        NodeStorage storage = NodeStorage.open(settings(directory));
        promise(storage, 7);
        persistNow(storage, new Mutation.DropPartition(PARTITION));
        assertTrue(storage.checkpoint());
        storage.crash();

        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(7, again.store().promised(PARTITION));
        }
    }

    @Test
    void a_promise_is_told_only_when_the_log_is_forced_whatever_durability_clients_have() {
        NodeStorage storage = NodeStorage.open(settings(directory).withDurability(Durability.INTERVAL, 3_600_000));
        persistNow(storage, set(1, state(1, "v")));
        long forces = storage.status().forces();

        promise(storage, 7);

        assertEquals(forces + 1, storage.status().forces());
        storage.crash();
    }
}
