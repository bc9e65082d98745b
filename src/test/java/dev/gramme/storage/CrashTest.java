package dev.gramme.storage;

import static dev.gramme.storage.Fixture.OTHER;
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

import dev.gramme.storage.PersistCallback.Outcome;
import dev.gramme.version.Dot;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Crashes at every point, seeded: what was acknowledged is there, and nothing is there that nobody wrote. */
class CrashTest {
    private static final int SEEDS = Integer.getInteger("gramme.test.crashes", 8);

    @TempDir
    Path temporary;

    @Test
    void whatever_operation_is_the_last_before_a_crash_acknowledged_writes_are_read_after_it() throws IOException {
        long checkpointsSeen = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            checkpointsSeen += crashAndCheck(seed);
        }
        assertTrue(checkpointsSeen > 0, "no run came to a checkpoint: the crashes prove less than they say");
    }

    private long crashAndCheck(int seed) throws IOException {
        Random random = new Random(seed);
        Path directory = temporary.resolve("crash" + seed);
        FaultyDisk disk = new FaultyDisk();
        disk.left.set(random.nextInt(600));
        NodeStorage storage = NodeStorage.open(settings(directory), disk);
        Map<Integer, List<VersionSet>> written = new TreeMap<>();
        Map<Integer, Integer> acknowledged = new TreeMap<>();
        boolean alive = true;
        for (int i = 1; i < 2_000 && alive; i++) {
            int number = random.nextInt(60);
            VersionSet state = state(i, "x".repeat(random.nextInt(2_500)));
            List<VersionSet> versions = written.computeIfAbsent(number, n -> new ArrayList<>());
            versions.add(state);
            alive = persistNow(storage, set(number, state)) == Outcome.DURABLE;
            if (alive && random.nextInt(30) == 0) {
                storage.checkpoint();
            }
            if (alive) {
                acknowledged.put(number, versions.size() - 1);
            }
        }
        long checkpoints = storage.status().checkpoints();
        storage.crash();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(List.of(), again.status().damage(), "seed " + seed);
            written.forEach((number, versions) -> {
                int least = acknowledged.getOrDefault(number, -1);
                VersionSet found = read(again, number);
                boolean allowed = (least < 0 && found.isEmpty())
                        || versions.subList(Math.max(0, least), versions.size()).contains(found);
                assertTrue(allowed, "key " + number + " with seed " + seed + " is " + found.context());
            });
        }
        return checkpoints;
    }

    @Test
    void crash_after_crash_loses_nothing() {
        Path directory = temporary.resolve("again");
        Random random = new Random(11);
        Map<Integer, VersionSet> expected = new TreeMap<>();
        Set<Dot> minted = new HashSet<>();
        for (int life = 0; life < 8; life++) {
            NodeStorage storage = NodeStorage.open(settings(directory));
            expected.forEach((number, state) -> assertEquals(state, read(storage, number)));
            List<CompletableFuture<Outcome>> told = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                Dot dot = storage.dots().mint();
                assertTrue(minted.add(dot), "minted twice: " + dot);
                assertTrue(minted.add(storage.dots().mintForHint()), "minted twice by the hint book");
                int number = random.nextInt(40);
                expected.put(number, state(dot, "x".repeat(random.nextInt(2_000))));
                told.add(persist(storage, set(number, expected.get(number))));
            }
            told.forEach(future -> assertEquals(Outcome.DURABLE, Fixture.await(future)));
            if (life % 3 == 2) {
                storage.close();
            } else {
                storage.crash();
            }
        }
    }

    @Test
    void hints_follow_the_same_rule() {
        Path directory = temporary.resolve("hints");
        FaultyDisk disk = new FaultyDisk();
        NodeStorage storage = NodeStorage.open(settings(directory), disk);
        persistNow(storage, new Mutation.SetHint(partition(1), key(1), OTHER, state(1, "kept")));
        disk.left.set(0);
        assertEquals(
                Outcome.BROKEN,
                persistNow(storage, new Mutation.SetHint(partition(2), key(2), OTHER, state(2, "lost"))));
        storage.crash();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(state(1, "kept"), again.hints().read(partition(1), key(1), OTHER));
            assertEquals(1L, again.hints().counts().get(OTHER));
        }
    }

    @Test
    void dots_are_never_minted_twice_by_a_copied_or_restored_directory() throws IOException {
        Path directory = temporary.resolve("original");
        Path backup = temporary.resolve("backup");
        Set<Dot> minted = new HashSet<>();
        mintSome(directory, minted);
        Fixture.copy(directory, backup);
        mintSome(directory, minted);
        mintSome(backup, minted);
        // A backup put back over the original, file by file, keeping the file names and contents.
        Files.copy(
                backup.resolve("identity"),
                directory.resolve("identity"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        mintSome(directory, minted);
        Path moved = temporary.resolve("moved");
        Files.move(directory, moved);
        mintSome(moved, minted);
        assertFalse(minted.isEmpty());
    }

    private static void mintSome(Path directory, Set<Dot> minted) {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            for (int i = 0; i < 20; i++) {
                assertTrue(minted.add(storage.dots().mint()));
                assertTrue(minted.add(storage.dots().mintForHint()));
            }
        }
    }

    @Test
    void dots_go_on_past_the_reserved_block() {
        try (NodeStorage storage = NodeStorage.open(settings(temporary.resolve("block")))) {
            long last = 0;
            for (long i = 0; i < Dots.BLOCK * 5 / 2; i++) {
                long next = storage.dots().mint().counter();
                assertTrue(next > last);
                last = next;
            }
        }
    }
}
