package dev.gramme.storage;

import static dev.gramme.storage.Fixture.settings;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ring that a node goes by is kept whole, or its loss is told. */
class KeptTopologyFileTest {
    private static final byte[] FIRST = {1, 2, 3};
    private static final byte[] SECOND = {4, 5};

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("topology");
    }

    @Test
    void a_kept_topology_is_there_after_a_crash_and_replaced_by_the_next() {
        NodeStorage storage = NodeStorage.open(settings(directory));
        assertNull(storage.loadTopology());
        storage.saveTopology(FIRST);
        storage.saveTopology(SECOND);
        storage.saveBuckets(FIRST);
        storage.crash();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertArrayEquals(SECOND, again.loadTopology());
            assertArrayEquals(FIRST, again.loadBuckets());
        }
    }

    @Test
    void a_topology_half_written_when_the_crash_came_leaves_the_one_before() throws IOException {
        NodeStorage storage = NodeStorage.open(settings(directory));
        storage.saveTopology(FIRST);
        storage.crash();
        Files.write(directory.resolve("topology.new"), SECOND);
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertArrayEquals(FIRST, again.loadTopology());
            again.saveTopology(SECOND);
            assertArrayEquals(SECOND, again.loadTopology());
            assertEquals(List.of(), again.status().damage());
        }
    }

    @Test
    void a_torn_or_flipped_topology_is_told_and_none() throws IOException {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            storage.saveTopology(FIRST);
        }
        byte[] whole = Files.readAllBytes(file());
        for (int cut = 0; cut < whole.length; cut++) {
            Files.write(file(), Arrays.copyOf(whole, cut));
            assertDamaged();
            byte[] flipped = whole.clone();
            flipped[cut] ^= 1;
            Files.write(file(), flipped);
            assertDamaged();
        }
    }

    private void assertDamaged() {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            assertNull(storage.loadTopology());
            assertTrue(storage.status().damage().get(0).contains("topology is damaged"));
        }
    }

    @Test
    void a_topology_that_cannot_be_written_is_said_and_the_one_before_kept() throws IOException {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            storage.saveTopology(FIRST);
            // As good as a disk that refuses: what is written beside can't be made.
            Files.createDirectory(directory.resolve("topology.new"));
            UncheckedIOException told = assertThrows(UncheckedIOException.class, () -> storage.saveTopology(SECOND));
            assertTrue(String.valueOf(told.getMessage()).contains("topology"), told.getMessage());
            assertArrayEquals(FIRST, storage.loadTopology());
        }
    }
}
