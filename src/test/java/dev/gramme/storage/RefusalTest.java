package dev.gramme.storage;

import static dev.gramme.storage.Fixture.persistNow;
import static dev.gramme.storage.Fixture.read;
import static dev.gramme.storage.Fixture.set;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.version.VersionSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
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
    void a_directory_of_the_format_before_is_opened_read_and_from_then_on_of_this_one() throws IOException {
        VersionSet state = Fixture.state(1, "of before");
        NodeStorage storage = NodeStorage.open(settings(directory));
        long actor = storage.dots().actor();
        persistNow(storage, set(1, state));
        storage.crash();
        asFormatOne();
        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertEquals(state, read(again, 1));
            assertEquals(List.of(), again.status().damage());
            assertNotEquals(actor, again.dots().actor());
        }
        String identity = new String(AtomicFile.read(directory.resolve("identity")), StandardCharsets.UTF_8);
        assertTrue(identity.contains("format=" + Identity.FORMAT), identity);
    }

    /** As the program before drops of partitions and kept rings left it: nothing but the numbers of the formats differs. */
    private void asFormatOne() throws IOException {
        Path identity = directory.resolve("identity");
        String text = new String(AtomicFile.read(identity), StandardCharsets.UTF_8);
        AtomicFile.write(
                identity, text.replace("format=" + Identity.FORMAT, "format=1").getBytes(StandardCharsets.UTF_8));
        for (Path segment : Fixture.files(directory.resolve("log"), ".log")) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
            CRC32C crc = new CRC32C();
            bytes.putInt(8, 1);
            crc.update(bytes.array(), 0, LogFormat.HEADER_BYTES - 4);
            bytes.putInt(LogFormat.HEADER_BYTES - 4, (int) crc.getValue());
            Files.write(segment, bytes.array());
        }
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
