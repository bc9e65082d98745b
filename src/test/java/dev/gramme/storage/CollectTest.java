package dev.gramme.storage;

import static dev.gramme.storage.Fixture.key;
import static dev.gramme.storage.Fixture.partition;
import static dev.gramme.storage.Fixture.persistNow;
import static dev.gramme.storage.Fixture.read;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.storage.PersistCallback.Outcome;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.StateDigest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys that nobody needs any more go, each only while its state is the one that was named, and their partition's epoch goes on. */
class CollectTest {
    @TempDir
    private Path directory;

    /** How a node may stop. */
    private enum Stop {
        NONE,
        CHECKPOINT,
        CRASH,
        CHECKPOINT_AND_CRASH,
        CLOSE
    }

    private NodeStorage after(Stop stop, NodeStorage storage) {
        switch (stop) {
            case NONE -> {
                return storage;
            }
            case CHECKPOINT -> {
                assertTrue(storage.checkpoint());
                return storage;
            }
            case CRASH -> storage.crash();
            case CHECKPOINT_AND_CRASH -> {
                assertTrue(storage.checkpoint());
                storage.crash();
            }
            case CLOSE -> storage.close();
        }
        return NodeStorage.open(settings(directory));
    }

    private static Mutation collect(int partition, long epoch, KeyDigest... keys) {
        return new Mutation.Collect(partition, epoch, List.of(keys));
    }

    private static String name(int number) {
        return key(number).name().text();
    }

    private static KeyDigest named(int number, VersionSet state) {
        return new KeyDigest(key(number), StateDigest.of(state));
    }

    @ParameterizedTest
    @EnumSource(Stop.class)
    void what_was_collected_is_gone_and_the_epoch_stays(Stop stop) {
        int p = partition(1);
        NodeStorage storage = NodeStorage.open(settings(directory));
        for (int number = 1; number < 50; number += Fixture.PARTITIONS) {
            persistNow(storage, set(number, state(number, "v" + number)));
        }
        storage = after(stop, storage);
        List<KeyDigest> keys = new ArrayList<>();
        for (int number = 1; number < 30; number += Fixture.PARTITIONS) {
            keys.add(named(number, state(number, "v" + number)));
        }
        assertEquals(Outcome.DURABLE, persistNow(storage, new Mutation.Collect(p, 3, keys)));
        for (Stop next : List.of(Stop.NONE, stop, Stop.CLOSE, Stop.CRASH)) {
            storage = after(next, storage);
            assertEquals(VersionSet.EMPTY, read(storage, 1));
            assertEquals(VersionSet.EMPTY, read(storage, 25));
            assertEquals(state(33, "v33"), read(storage, 33));
            assertEquals(
                    Set.of(name(33), name(41), name(49)),
                    Fixture.scan(storage, p, 1).keySet());
            assertEquals(3, storage.store().collectedEpoch(p));
            assertEquals(0, storage.store().collectedEpoch(p + 1));
        }
        storage.close();
    }

    @Test
    void a_key_whose_state_has_changed_since_it_was_named_stays() {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            persistNow(storage, set(1, state(1, "was")), set(9, state(2, "gone")));
            assertTrue(storage.checkpoint());
            persistNow(storage, set(1, state(3, "is")));
            persistNow(storage, collect(partition(1), 1, named(1, state(1, "was")), named(9, state(2, "gone"))));
            assertEquals(state(3, "is"), read(storage, 1));
            assertEquals(VersionSet.EMPTY, read(storage, 9));
        }
    }

    @Test
    void a_collected_key_can_be_written_again() {
        NodeStorage storage = NodeStorage.open(settings(directory));
        persistNow(storage, set(1, state(1, "first")));
        assertTrue(storage.checkpoint());
        persistNow(storage, collect(partition(1), 1, named(1, state(1, "first"))));
        persistNow(storage, set(1, state(2, "again")));
        assertEquals(state(2, "again"), read(storage, 1));
        storage.crash();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(state(2, "again"), read(again, 1));
        }
    }

    @Test
    void the_epoch_never_goes_back_but_with_the_whole_partition() {
        NodeStorage storage = NodeStorage.open(settings(directory));
        persistNow(storage, collect(1, 5));
        persistNow(storage, collect(1, 4));
        assertEquals(5, storage.store().collectedEpoch(1));
        assertTrue(storage.checkpoint());
        persistNow(storage, new Mutation.DropPartition(1));
        assertEquals(0, storage.store().collectedEpoch(1));
        storage.crash();
        storage = NodeStorage.open(settings(directory));
        assertEquals(0, storage.store().collectedEpoch(1));
        persistNow(storage, collect(1, 2));
        storage.close();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(2, again.store().collectedEpoch(1));
        }
    }
}
