package dev.gramme.storage;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.replica.ReplicaStore;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the storage tests share. */
final class Fixture {
    static final NodeId SELF = new NodeId("n1");
    static final NodeId OTHER = new NodeId("n2");
    static final NodeId THIRD = new NodeId("n3");
    static final int PARTITIONS = 8;
    /** More than a test fills. */
    static final StorageMemory MEMORY = new StorageMemory(1 << 20, 8 << 20, 256 << 20, 64 << 20);

    private Fixture() {}

    /** Small segments, so that few writes fill several; no free space asked for. */
    static StorageSettings settings(Path directory) {
        return new StorageSettings(
                directory, SELF, "test", PARTITIONS, 3, Durability.SYNC, 20, 2, MEMORY, 64 << 10, 100_000, 0);
    }

    static StorageSettings with(StorageSettings s, String cluster, String node, int partitions, int replicas) {
        return new StorageSettings(
                s.directory(),
                new NodeId(node),
                cluster,
                partitions,
                replicas,
                s.durability(),
                s.intervalMillis(),
                s.loops(),
                s.memory(),
                s.segmentBytes(),
                s.maxQueuedMutations(),
                s.minFreeBytes());
    }

    static StorageSettings segments(StorageSettings s, long segmentBytes, long cacheBytes) {
        return new StorageSettings(
                s.directory(),
                s.node(),
                s.cluster(),
                s.partitions(),
                s.replicas(),
                s.durability(),
                s.intervalMillis(),
                s.loops(),
                new StorageMemory(
                        cacheBytes,
                        cacheBytes,
                        s.memory().unappliedBytes(),
                        s.memory().queuedBytes()),
                segmentBytes,
                s.maxQueuedMutations(),
                s.minFreeBytes());
    }

    /** A key that lies in partition {@code number % PARTITIONS}. */
    static Key key(int number) {
        return key(number, PARTITIONS);
    }

    /** A key that lies in partition {@code number % partitions}. */
    static Key key(int number, int partitions) {
        Key key = Key.of("b", "key-" + number);
        for (int i = 1; key.token().partition(partitions) != number % partitions; i++) {
            key = Key.of("b", "key-" + number + "-" + i);
        }
        return key;
    }

    static int partition(int number) {
        return number % PARTITIONS;
    }

    static VersionSet state(Dot dot, byte[] value) {
        return VersionSet.EMPTY.put(
                CausalContext.EMPTY, new Version(dot, 7, Content.value(Bytes.of(value), "text/plain")));
    }

    static VersionSet state(Dot dot, String value) {
        return state(dot, Bytes.utf8(value).array());
    }

    static VersionSet state(long counter, String value) {
        return state(new Dot(1, counter), value);
    }

    static byte[] randomBytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    static Mutation set(int number, VersionSet state) {
        return new Mutation.SetState(partition(number), key(number), state);
    }

    static VersionSet read(NodeStorage storage, int number) {
        return storage.store().read(partition(number), key(number));
    }

    /** All of one partition, in pages of about so many bytes, by the keys' names. */
    static Map<String, VersionSet> scan(NodeStorage storage, int partition, int pageBytes) {
        Map<String, VersionSet> found = new LinkedHashMap<>();
        Key after = null;
        ReplicaStore.Page page;
        do {
            page = storage.store().scan(partition, after, pageBytes);
            for (ReplicaStore.Entry entry : page.entries()) {
                assertTrue(after == null || after.compareTo(entry.key()) < 0, entry.key() + " after " + after);
                after = entry.key();
                found.put(after.name().text(), entry.state());
            }
            assertTrue(page.complete() || !page.entries().isEmpty(), "an empty page that is not the last");
        } while (!page.complete());
        return found;
    }

    static CompletableFuture<PersistCallback.Outcome> persist(NodeStorage storage, Mutation... mutations) {
        CompletableFuture<PersistCallback.Outcome> told = new CompletableFuture<>();
        storage.persist(List.of(mutations), told::complete);
        return told;
    }

    static PersistCallback.Outcome persistNow(NodeStorage storage, Mutation... mutations) {
        return await(persist(storage, mutations));
    }

    static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path source : all.toList()) {
                Path target = to.resolve(from.relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(source, target);
                }
            }
        }
    }

    static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
        }
    }
}
