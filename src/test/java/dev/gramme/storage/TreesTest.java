package dev.gramme.storage;

import static dev.gramme.storage.Fixture.PARTITIONS;
import static dev.gramme.storage.Fixture.key;
import static dev.gramme.storage.Fixture.partition;
import static dev.gramme.storage.Fixture.persist;
import static dev.gramme.storage.Fixture.persistNow;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.antientropy.LeafPage;
import dev.gramme.antientropy.MerkleTree;
import dev.gramme.antientropy.Trees;
import dev.gramme.generators.ComputedTrees;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
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
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kept trees are those that one would make anew from all that readers see, whatever has happened. */
class TreesTest {
    @TempDir
    private Path directory;

    private final SortedMap<Integer, SortedMap<Key, VersionSet>> expected = new TreeMap<>();
    private int counter;

    private SortedMap<Key, VersionSet> of(int partition) {
        return expected.computeIfAbsent(partition, p -> new TreeMap<>());
    }

    private static void build(Trees trees, int partition) {
        for (int slices = 0; !trees.isReady(partition); slices++) {
            assertTrue(slices < 100, "the tree of " + partition + " does not get ready");
            trees.build(partition);
        }
    }

    private void assertTreesAreRight(NodeStorage storage, int maxEntries) {
        Trees right = new ComputedTrees(PARTITIONS, this::of);
        Trees trees = storage.trees();
        for (int p = 0; p < PARTITIONS; p++) {
            build(trees, p);
            assertEquals(right.root(p), trees.root(p), "the root of partition " + p);
            assertArrayEquals(right.children(p, 0, 0), trees.children(p, 0, 0));
            for (int index = 0; index < 256; index += 51) {
                assertArrayEquals(right.children(p, 2, index), trees.children(p, 2, index));
            }
            for (Key key : of(p).keySet().stream().limit(5).toList()) {
                int leaf = MerkleTree.leafOf(key.token(), PARTITIONS);
                assertEquals(right.keys(p, leaf, null, 1_000).entries(), pages(trees, p, leaf, maxEntries));
            }
        }
    }

    private static List<KeyDigest> pages(Trees trees, int partition, int leaf, int maxEntries) {
        List<KeyDigest> all = new ArrayList<>();
        Key after = null;
        LeafPage page;
        do {
            page = trees.keys(partition, leaf, after, maxEntries);
            assertTrue(page.complete() || page.entries().size() == maxEntries);
            all.addAll(page.entries());
            after = page.entries().isEmpty() ? null : page.entries().getLast().key();
        } while (!page.complete());
        return all;
    }

    private void change(NodeStorage storage, Random random) {
        int number = random.nextInt(600);
        int p = partition(number);
        switch (random.nextInt(40)) {
            case 0 -> {
                persist(storage, new Mutation.DropPartition(p));
                of(p).clear();
            }
            case 1, 2, 3, 4, 5, 6 -> {
                VersionSet held = of(p).remove(key(number));
                long digest = held == null ? 7 : StateDigest.of(held);
                persist(storage, new Mutation.Collect(p, 0, List.of(new KeyDigest(key(number), digest))));
            }
            default -> {
                VersionSet state = state(++counter, "x".repeat(random.nextInt(20) == 0 ? 5_000 : 20));
                persist(storage, set(number, state));
                of(p).put(key(number), state);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void trees_follow_what_readers_see_through_checkpoints_crashes_and_closes(long seed) {
        Random random = new Random(seed);
        NodeStorage storage = NodeStorage.open(settings(directory));
        for (int round = 0; round < 14; round++) {
            for (int i = 0; i < 150; i++) {
                change(storage, random);
            }
            if (random.nextBoolean()) {
                assertTreesAreRight(storage, 1 + random.nextInt(3));
            }
            // What is told durable is there after a crash.
            assertEquals(Outcome.DURABLE, persistNow(storage, new Mutation.Collect(0, 0, List.of())));
            switch (random.nextInt(4)) {
                case 0 -> storage.checkpoint();
                case 1 -> {
                    storage.crash();
                    storage = NodeStorage.open(settings(directory));
                }
                case 2 -> {
                    storage.close();
                    storage = NodeStorage.open(settings(directory));
                }
                default -> {}
            }
        }
        assertTreesAreRight(storage, 2);
        assertEquals(List.of(), storage.status().damage());
        storage.close();
    }

    @Test
    void trees_loaded_during_checkpoints_are_right() throws InterruptedException {
        Random random = new Random(5);
        AtomicBoolean done = new AtomicBoolean();
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            Thread checkpoints = new Thread(() -> {
                while (!done.get()) {
                    storage.checkpoint();
                }
            });
            checkpoints.start();
            StoredTrees trees = (StoredTrees) storage.trees();
            for (int round = 0; round < 60; round++) {
                for (int i = 0; i < 25; i++) {
                    change(storage, random);
                }
                int p = random.nextInt(PARTITIONS);
                trees.unload(p);
                build(trees, p);
                assertEquals(new ComputedTrees(PARTITIONS, this::of).root(p), trees.root(p), "round " + round);
            }
            done.set(true);
            checkpoints.join();
            assertTreesAreRight(storage, 10);
        }
    }

    @Test
    void a_tree_that_is_not_ready_says_nothing() {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertFalse(storage.trees().isReady(1));
            assertThrows(IllegalStateException.class, () -> storage.trees().root(1));
            assertThrows(IllegalStateException.class, () -> storage.trees().children(1, 0, 0));
            build(storage.trees(), 1);
            assertEquals(0, storage.trees().root(1));
        }
    }

    @Test
    void a_drop_that_is_refused_brings_the_tree_back() {
        FaultyDisk disk = new FaultyDisk();
        NodeStorage storage = NodeStorage.open(settings(directory), disk);
        persistNow(storage, set(1, state(1, "one")), set(9, state(2, "nine")));
        build(storage.trees(), 1);
        long root = storage.trees().root(1);
        disk.forceFails = true;
        assertEquals(Outcome.BROKEN, persistNow(storage, new Mutation.DropPartition(1)));
        build(storage.trees(), 1);
        assertEquals(root, storage.trees().root(1));
        assertNotEquals(0, root);
        storage.crash();
    }

    @Test
    void a_file_set_aside_takes_the_tree_with_it() throws IOException {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            for (int number = 1; number < 800; number += PARTITIONS) {
                persist(storage, set(number, state(number, "v" + number)));
            }
        }
        Path path = directory.resolve("partitions").resolve("0001.mv");
        byte[] bytes = Files.readAllBytes(path);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf("v401");
        bytes[at] ^= 1;
        Files.write(path, bytes);
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            build(storage.trees(), 1);
            assertThrows(StoreBrokenException.class, () -> {
                for (int leaf = 0; leaf < MerkleTree.LEAVES; leaf++) {
                    storage.trees().keys(1, leaf, null, 1_000);
                }
            });
            assertEquals(1, storage.status().damage().size());
            assertFalse(storage.trees().isReady(1));
            persistNow(storage, set(1, state(5, "after")));
            of(1).put(key(1), state(5, "after"));
            build(storage.trees(), 1);
            assertEquals(
                    new ComputedTrees(PARTITIONS, this::of).root(1),
                    storage.trees().root(1));
        }
    }

    @Test
    void no_more_trees_are_loaded_than_there_is_room_for() {
        int partitions = StoredTrees.MAX_LOADED + 100;
        StorageSettings many = Fixture.with(settings(directory), "test", "n1", partitions, 3);
        try (NodeStorage storage = NodeStorage.open(many)) {
            for (int p = 0; p < partitions; p++) {
                build(storage.trees(), p);
                storage.trees().root(0);
            }
            long ready = java.util.stream.IntStream.range(0, partitions)
                    .filter(storage.trees()::isReady)
                    .count();
            assertEquals(StoredTrees.MAX_LOADED, ready);
            assertTrue(storage.trees().isReady(0), "asked for last");
            assertFalse(storage.trees().isReady(2), "asked for long ago");
        }
    }
}
