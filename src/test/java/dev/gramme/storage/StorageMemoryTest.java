package dev.gramme.storage;

import static dev.gramme.storage.Fixture.key;
import static dev.gramme.storage.Fixture.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.version.VersionSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageMemoryTest {
    private static final long MEGABYTE = 1 << 20;
    private static final int STORES = 32;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {128, 256, 384, 768, 2_048, 6_144, 65_536})
    void all_budgets_together_are_half_of_the_heap_and_the_log_waits_before_writes_are_refused(long megabytes) {
        long heap = megabytes * MEGABYTE;
        StorageMemory memory = StorageMemory.ofHeap(heap);
        long all = memory.stateCacheBytes() + memory.pageCacheBytes() + memory.unappliedBytes() + memory.queuedBytes();
        assertTrue(all <= heap / 2, () -> memory.toString());
        long crowded = 4 * StorageMemory.segmentBytes(heap);
        assertTrue(crowded < memory.unappliedBytes(), () -> memory + " and crowded at " + crowded);
    }

    @Test
    void a_larger_heap_is_used() {
        StorageMemory small = StorageMemory.ofHeap(256 * MEGABYTE);
        StorageMemory large = StorageMemory.ofHeap(4_096 * MEGABYTE);
        assertEquals(16 * small.stateCacheBytes(), large.stateCacheBytes());
        assertEquals(16 * small.unappliedBytes(), large.unappliedBytes());
        assertTrue(small.queuedBytes() < large.queuedBytes());
        assertEquals(8 * MEGABYTE, StorageMemory.segmentBytes(256 * MEGABYTE));
        assertEquals(32 * MEGABYTE, StorageMemory.segmentBytes(4_096 * MEGABYTE));
    }

    @Test
    void stores_cache_pages_only_where_there_is_a_megabyte_for_each() {
        assertEquals(0, StorageMemory.ofHeap(1_024 * MEGABYTE).pageCacheMegabytes(256));
        assertEquals(1, StorageMemory.ofHeap(2_048 * MEGABYTE).pageCacheMegabytes(256));
        assertEquals(3, StorageMemory.ofHeap(6_144 * MEGABYTE).pageCacheMegabytes(256));
    }

    @Test
    void an_open_store_keeps_neither_a_buffer_nor_its_big_state_in_memory() {
        WriteBuffers buffers = new WriteBuffers();
        VersionSet big = state(1, "x".repeat(512 << 10));
        List<RecordFile> open = new ArrayList<>();
        long before = usedBytes();
        for (int i = 0; i < STORES; i++) {
            Path file = directory.resolve(i + ".mv");
            RecordFile store = RecordFile.open(file, file.toString(), 0, "states", buffers);
            open.add(store);
            store.put(RecordKeys.of(key(i)), new Unapplied(0, 0, big));
            store.commit();
        }
        long kept = usedBytes() - before;
        assertEquals(big, open.get(STORES - 1).read(RecordKeys.of(key(STORES - 1))));
        open.forEach(RecordFile::close);
        assertTrue(kept < 8 * MEGABYTE, () -> STORES + " open stores keep " + kept + " bytes");
    }

    @Test
    void a_page_of_a_store_without_cache_holds_no_more_big_states_than_one() {
        WriteBuffers buffers = new WriteBuffers();
        Path file = directory.resolve("many.mv");
        RecordFile store = RecordFile.open(file, file.toString(), 0, "states", buffers);
        long before = usedBytes();
        for (int i = 0; i < STORES; i++) {
            store.put(RecordKeys.of(key(i)), new Unapplied(0, 0, state(i + 1, "x".repeat(512 << 10))));
            store.commit();
        }
        long kept = usedBytes() - before;
        store.close();
        assertTrue(kept < 6 * MEGABYTE, () -> "one store keeps " + kept + " bytes");
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
