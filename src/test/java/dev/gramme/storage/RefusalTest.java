package dev.gramme.storage;

import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.with;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that is not this node's is refused, with what to do. */
class RefusalTest {
    @TempDir
    Path directory;

    private void refused(StorageSettings settings, String... words) {
        DataDirectoryException told = assertThrows(
                DataDirectoryException.class, () -> NodeStorage.open(settings).close());
        for (String word : words) {
            assertTrue(String.valueOf(told.getMessage()).contains(word), told.getMessage());
        }
    }

    @Test
    void a_directory_in_use_is_refused() {
        try (NodeStorage first = NodeStorage.open(settings(directory))) {
            refused(settings(directory), "in use", directory.toString());
            assertTrue(first.store().isWritable());
        }
        NodeStorage.open(settings(directory)).close();
    }

    @Test
    void another_clusters_nodes_or_ring_is_refused_with_both_values() {
        NodeStorage.open(settings(directory)).close();
        refused(with(settings(directory), "prod", "n1", 8, 3), "cluster test", "prod");
        refused(with(settings(directory), "test", "n9", 8, 3), "node n1", "n9");
        refused(with(settings(directory), "test", "n1", 16, 3), "Q = 8", "16");
        refused(with(settings(directory), "test", "n1", 8, 5), "N = 3", "5");
        NodeStorage.open(settings(directory)).close();
    }

    @Test
    void a_newer_format_is_refused() throws IOException {
        NodeStorage.open(settings(directory)).close();
        Path identity = directory.resolve("identity");
        byte[] content = AtomicFile.read(identity);
        String newer = new String(content, StandardCharsets.UTF_8)
                .replace("format=" + Identity.FORMAT, "format=" + (Identity.FORMAT + 1));
        AtomicFile.write(identity, newer.getBytes(StandardCharsets.UTF_8));
        refused(settings(directory), "format " + (Identity.FORMAT + 1), "newer");
    }

    @Test
    void a_damaged_identity_is_refused() throws IOException {
        NodeStorage.open(settings(directory)).close();
        Path identity = directory.resolve("identity");
        byte[] content = Files.readAllBytes(identity);
        content[10] ^= 1;
        Files.write(identity, content);
        refused(settings(directory), "identity is damaged", "replicas");
    }

    @Test
    void a_directory_of_something_else_is_refused() throws IOException {
        Files.writeString(directory.resolve("holiday.jpg"), "x");
        refused(settings(directory), "holiday.jpg");
    }

    @Test
    void a_path_that_is_a_file_is_refused() throws IOException {
        Path file = directory.resolve("file");
        Files.writeString(file, "x");
        refused(settings(file), file.toString());
    }
}
