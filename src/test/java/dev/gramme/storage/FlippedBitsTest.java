package dev.gramme.storage;

import static dev.gramme.storage.Fixture.PARTITIONS;
import static dev.gramme.storage.Fixture.files;
import static dev.gramme.storage.Fixture.key;
import static dev.gramme.storage.Fixture.partition;
import static dev.gramme.storage.Fixture.persist;
import static dev.gramme.storage.Fixture.persistNow;
import static dev.gramme.storage.Fixture.read;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.antientropy.Trees;
import dev.gramme.generators.ComputedTrees;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One flipped bit anywhere in a node's partition files or log: what is read is right, or what was damaged is told; and a tree of which nothing is told is right.
 * The thousand: {@code -Dgramme.test.directory.flips=1000}.
 */
class FlippedBitsTest {
    private static final int FLIPS = Integer.getInteger("gramme.test.directory.flips", 40);
    private static final int KEYS = 240;
    /** The log's last frame: damage there can't be told from a write that the crash cut short, so nothing is asked of it. */
    private static final int LAST = KEYS;

    @TempDir
    private Path temporary;

    private final SortedMap<Integer, SortedMap<Key, VersionSet>> expected = new TreeMap<>();

    private static VersionSet of(int number, int round) {
        return state(1_000L * round + number + 1, "v" + number + (number % 30 == 7 ? " big".repeat(1_200) : ""));
    }

    /** A third of the keys is in the log alone, a third in the files alone, a third older in the files. */
    private Path filled() {
        Path directory = temporary.resolve("whole");
        NodeStorage storage = NodeStorage.open(settings(directory));
        for (int number = 0; number < KEYS * 2 / 3; number++) {
            persist(storage, set(number, of(number, 0)));
            put(number, of(number, 0));
        }
        assertTrue(storage.checkpoint());
        for (int number = KEYS / 3; number < KEYS; number++) {
            persistNow(storage, set(number, of(number, 1)));
            put(number, of(number, 1));
        }
        persistNow(storage, set(LAST, of(LAST, 1)));
        storage.crash();
        return directory;
    }

    private void put(int number, VersionSet state) {
        expected.computeIfAbsent(partition(number), p -> new TreeMap<>()).put(key(number), state);
    }

    @Test
    void a_flipped_bit_in_a_file_or_the_log_never_gives_a_wrong_value_and_is_told_or_harmless() throws IOException {
        Path whole = filled();
        Random random = new Random(Long.getLong("gramme.test.directory.seed", 11));
        int told = 0;
        for (int round = 0; round < FLIPS; round++) {
            Path directory = temporary.resolve("flip" + round);
            Fixture.copy(whole, directory);
            List<Path> files = new ArrayList<>(files(directory.resolve("partitions"), ".mv"));
            files.addAll(files(directory.resolve("log"), ".log"));
            Path file = files.get(random.nextInt(files.size()));
            byte[] bytes = Files.readAllBytes(file);
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bytes);
            told += check(directory, "flip " + round + ": byte " + at + " of " + file.getFileName()) ? 1 : 0;
        }
        assertTrue(told > FLIPS / 8, told + " of " + FLIPS + " flips were noticed: where were the others?");
    }

    /** Whether damage was told. */
    private boolean check(Path directory, String what) {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            for (int number = 0; number < KEYS; number++) {
                VersionSet found = readOrEmpty(storage, number);
                boolean isOlder = found.isEmpty() || found.equals(of(number, 0));
                boolean isTold = !storage.status().damage().isEmpty();
                VersionSet right = expected.get(partition(number)).get(key(number));
                assertTrue(found.equals(right) || isOlder && isTold, what + " gives for key " + number + " " + found);
            }
            for (int p = 0; p < PARTITIONS; p++) {
                checkTree(storage, p, what);
            }
            return !storage.status().damage().isEmpty();
        }
    }

    private static VersionSet readOrEmpty(NodeStorage storage, int number) {
        try {
            return read(storage, number);
        } catch (StoreBrokenException told) {
            return VersionSet.EMPTY;
        }
    }

    private void checkTree(NodeStorage storage, int partition, String what) {
        Trees trees = storage.trees();
        try {
            for (int slices = 0; !trees.isReady(partition); slices++) {
                assertTrue(slices < 100, what + ": the tree does not get ready");
                trees.build(partition);
            }
        } catch (StoreBrokenException told) {
            return;
        }
        SortedMap<Key, VersionSet> held = new TreeMap<>(expected.get(partition));
        VersionSet last = partition == partition(LAST) ? readOrEmpty(storage, LAST) : VersionSet.EMPTY;
        if (!last.isEmpty()) {
            held.put(key(LAST), last);
        }
        if (storage.status().damage().isEmpty()) {
            assertEquals(new ComputedTrees(PARTITIONS, p -> held).root(partition), trees.root(partition), what);
        }
    }
}
