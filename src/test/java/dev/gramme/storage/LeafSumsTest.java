package dev.gramme.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.antientropy.MerkleTree;
import dev.gramme.ring.Key;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The leaves that a partition's file keeps, a few changes at a time: gathered beside them, and brought in from time to time. */
class LeafSumsTest {
    private static final int PARTITIONS = 1;
    private static final int KEYS = 3_000;
    private static final int COMMITS = 40;

    @TempDir
    private Path temporary;

    private final Random random = new Random(5);
    private final TreeMap<Key, Unapplied> held = new TreeMap<>();

    @Test
    void leaves_follow_their_records_through_many_commits_crashes_and_openings() {
        PartitionFile file = open();
        boolean gathered = false;
        boolean broughtIn = false;
        for (int commit = 1; commit <= COMMITS; commit++) {
            int changes = commit % 9 == 0 ? 2 * LeafSums.MAX_GATHERED : 1 + random.nextInt(200);
            change(file, changes);
            assertArrayEquals(expected(), file.leaves(), "before commit " + commit);
            file.commit();
            gathered |= changes <= LeafSums.MAX_GATHERED;
            broughtIn |= changes > LeafSums.MAX_GATHERED;
            assertArrayEquals(expected(), file.leaves(), "after commit " + commit);
            if (commit % 3 == 0) {
                TreeMap<Key, Unapplied> committed = new TreeMap<>(held);
                change(file, 100);
                held.clear();
                held.putAll(committed);
                file.abandon();
                file = open();
                assertArrayEquals(expected(), file.leaves(), "after a crash behind commit " + commit);
            }
        }
        assertTrue(gathered && broughtIn);
        file.close();
    }

    @Test
    void a_scrub_reads_the_leaves_of_a_file_in_which_nothing_was_ever_gathered() throws IOException {
        PartitionFile file = open();
        change(file, 2 * LeafSums.MAX_GATHERED);
        file.commit();
        file.close();
        Path path = temporary.resolve("0000.mv");
        RecordFile former = RecordFile.open(path, path.toString(), 0, PartitionFile.STATES, new WriteBuffers());
        former.removeMap("leaves-gathered-3");
        former.commit();
        former.close();
        try (ScrubbedBytes bytes = ScrubbedBytes.open(path)) {
            RecordFile beside = RecordFile.openBeside(path, bytes, PartitionFile.STATES);
            assertArrayEquals(
                    expected(),
                    LeafSums.of(Objects.requireNonNull(beside), PARTITIONS, false)
                            .copy());
        }
    }

    private PartitionFile open() {
        Path path = temporary.resolve("0000.mv");
        return PartitionFile.open(path, path.toString(), 0, PARTITIONS, new WriteBuffers());
    }

    private void change(PartitionFile file, int changes) {
        for (int i = 0; i < changes; i++) {
            int number = random.nextInt(KEYS);
            Key key = Key.of("b", "key-" + number);
            boolean goes = random.nextInt(5) == 0;
            Unapplied entry = new Unapplied(0, 1, goes ? null : Fixture.state(random.nextLong(1L << 40), "v"));
            file.put(key, entry);
            if (goes) {
                held.remove(key);
            } else {
                held.put(key, entry);
            }
        }
    }

    private long[] expected() {
        long[] leaves = new long[MerkleTree.LEAVES];
        held.forEach((key, entry) ->
                leaves[MerkleTree.leafOf(key.token(), PARTITIONS)] += MerkleTree.entryHash(key.token(), entry.digest));
        return leaves;
    }
}
