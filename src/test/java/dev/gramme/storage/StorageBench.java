package dev.gramme.storage;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Dot;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Figures of the storage alone, by hand: {@code StorageBench <empty directory> [keys of 1 KiB for the large directory]}. Writers keep one write each under way, as so many
 * clients would; the time of each is from persist to its callback.
 */
final class StorageBench {
    private static final int PARTITIONS = 256;
    private static final int VALUE_BYTES = 1024;

    private StorageBench() {}

    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        // The first warms up.
        for (int writers : new int[] {16, 1, 16, 64}) {
            appends(
                    root.resolve("w" + writers + "-" + System.nanoTime()),
                    writers,
                    writers == 1 ? 2_000 : writers * 600);
        }
        if (args.length > 1) {
            openTimes(root.resolve("large"), Integer.parseInt(args[1]));
        }
    }

    private static StorageSettings settings(Path directory) {
        return StorageSettings.defaults(directory, new NodeId("bench"), "bench", PARTITIONS, 3, 2);
    }

    private static Key key(int number) {
        return Key.of("b", "key-" + number);
    }

    private static int partition(int number) {
        return key(number).token().partition(PARTITIONS);
    }

    private static VersionSet value(Random random, long counter) {
        return Fixture.state(new Dot(1, counter), Fixture.randomBytes(random, VALUE_BYTES));
    }

    private static void appends(Path directory, int writers, int total) throws Exception {
        try (NodeStorage storage = NodeStorage.open(settings(directory))) {
            AtomicLongArray nanos = new AtomicLongArray(total);
            AtomicInteger next = new AtomicInteger();
            CountDownLatch done = new CountDownLatch(total);
            long forces = storage.status().forces();
            long start = System.nanoTime();
            Semaphore room = new Semaphore(writers);
            Random random = new Random(1);
            for (int i = 0; i < total; i++) {
                room.acquire();
                int number = next.getAndIncrement();
                Mutation mutation = new Mutation.SetState(partition(number), key(number), value(random, number + 1));
                long asked = System.nanoTime();
                storage.persist(List.of(mutation), outcome -> {
                    nanos.set(number, System.nanoTime() - asked);
                    room.release();
                    done.countDown();
                });
            }
            done.await();
            double seconds = (System.nanoTime() - start) / 1e9;
            long[] sorted = new long[total];
            Arrays.setAll(sorted, nanos::get);
            Arrays.sort(sorted);
            System.out.printf(
                    "%d writers: %.0f durable/s, p50 %d us, p99 %d us, %.1f writes a force%n",
                    writers,
                    total / seconds,
                    sorted[total / 2] / 1000,
                    sorted[total * 99 / 100] / 1000,
                    (double) total / (storage.status().forces() - forces));
        }
    }

    private static void openTimes(Path directory, int keys) throws Exception {
        NodeStorage storage = timed("open an empty directory", directory);
        Random random = new Random(1);
        Semaphore room = new Semaphore(2_000);
        long start = System.nanoTime();
        for (int i = 0; i < keys; i++) {
            room.acquire();
            storage.persist(
                    List.of(new Mutation.SetState(partition(i), key(i), value(random, i + 1))),
                    outcome -> room.release());
        }
        room.acquire(2_000);
        room.release(2_000);
        System.out.printf(
                "filled with %d keys in %.1f s, %d checkpoints%n",
                keys, (System.nanoTime() - start) / 1e9, storage.status().checkpoints());
        start = System.nanoTime();
        storage.close();
        System.out.printf("closed in %.2f s%n", (System.nanoTime() - start) / 1e9);
        storage = timed("open after an orderly close, " + megabytes(directory) + " MB", directory);
        readAll(storage, keys);
        for (int i = 0; i < 50_000; i++) {
            room.acquire();
            storage.persist(
                    List.of(new Mutation.SetState(partition(i), key(i), value(random, keys + i + 1))),
                    outcome -> room.release());
        }
        room.acquire(2_000);
        room.release(2_000);
        System.out.printf("log before the crash: %d MB%n", storage.status().logBytes() >> 20);
        storage.crash();
        storage = timed("open after a crash", directory);
        System.out.printf("replayed %d mutations%n", storage.status().recovered());
        storage.close();
    }

    private static void readAll(NodeStorage storage, int keys) {
        long start = System.nanoTime();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            storage.store().read(partition, Fixture.key(partition, PARTITIONS));
        }
        System.out.printf("first read of each of %d stores: %.3f s%n", PARTITIONS, (System.nanoTime() - start) / 1e9);
        Random random = new Random(9);
        start = System.nanoTime();
        for (int i = 0; i < 20_000; i++) {
            int number = random.nextInt(keys);
            if (storage.store().read(partition(number), key(number)).isEmpty()) {
                throw new IllegalStateException("key " + number + " is missing");
            }
        }
        System.out.printf("random reads over all: %.1f us each%n", (System.nanoTime() - start) / 20_000 / 1e3);
        start = System.nanoTime();
        for (int i = 0; i < 200_000; i++) {
            int number = random.nextInt(1_000);
            storage.store().read(partition(number), key(number));
        }
        System.out.printf("random reads of 1000 keys: %.2f us each%n", (System.nanoTime() - start) / 200_000 / 1e3);
    }

    private static NodeStorage timed(String what, Path directory) {
        long start = System.nanoTime();
        NodeStorage storage = NodeStorage.open(settings(directory));
        System.out.printf(
                "%s: %.3f s, %d stores open%n",
                what, (System.nanoTime() - start) / 1e9, storage.status().openStores());
        return storage;
    }

    private static long megabytes(Path directory) throws Exception {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                            .mapToLong(f -> f.toFile().length())
                            .sum()
                    >> 20;
        }
    }
}
