package dev.gramme.storage;

import dev.gramme.antientropy.Trees;
import dev.gramme.figures.Medians;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * What it costs to keep the Merkle trees current: the same puts into two storages in one process, by turns, one of which keeps trees and one none. Each block of puts ends with a checkpoint,
 * so that it bears all that it caused: the tree in memory that follows each write, the leaves in the partition's file that follow each record, their pages written and forced. It is the
 * storage alone, without HTTP, quorums and network, of which a put in a cluster costs several times more: what is found here is an upper bound of what a client can notice.
 *
 * <p>The storage without trees is one whose files' leaves were never built, as a directory of a format before leaves has them: then no write touches any, and no tree is loaded. The digest that
 * each record bears is in both; it serves digest reads too.
 *
 * <p>By hand: {@code TreeOverhead <empty directory> [pairs] [puts a block] [keys] [bytes of a value] [sync|interval]} (12, 20,000, 200,000, 100, sync). Each pair is both blocks, the first of them
 * the other one's turn by turn; printed are each pair's ratios, their medians, and the interval of {@link Medians}.
 */
final class TreeOverhead {
    private static final int PARTITIONS = 256;
    private static final int UNDER_WAY = 64;
    private static final long HEAP_BYTES = 384 << 20;
    private static final int BUILDS = 100;

    /** What a block took: seconds, the processor's seconds of all Java threads together, and bytes written to files. */
    private record Block(double seconds, double coreSeconds, double bytes) {
        static Block now() throws IOException {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long nanos = 0;
            for (long thread : threads.getAllThreadIds()) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread));
            }
            // Not write_bytes: where the cache of files is kept in large pieces that counts all of a piece, however
            // little of it was written.
            long written = Files.readAllLines(Path.of("/proc/self/io")).stream()
                    .filter(line -> line.startsWith("wchar:"))
                    .mapToLong(line -> Long.parseLong(line.substring(6).strip()))
                    .sum();
            return new Block(System.nanoTime() / 1e9, nanos / 1e9, written);
        }

        Block since(Block before) {
            return new Block(seconds - before.seconds, coreSeconds - before.coreSeconds, bytes - before.bytes);
        }
    }

    private final Path root;
    private final int keys;
    private final int valueBytes;
    private final Durability durability;
    private final Random random = new Random(1);
    private long counter;

    private TreeOverhead(Path root, int keys, int valueBytes, Durability durability) {
        this.root = root;
        this.keys = keys;
        this.valueBytes = valueBytes;
        this.durability = durability;
    }

    public static void main(String[] args) throws Exception {
        int pairs = args.length > 1 ? Integer.parseInt(args[1]) : 12;
        int puts = args.length > 2 ? Integer.parseInt(args[2]) : 20_000;
        int keys = args.length > 3 ? Integer.parseInt(args[3]) : 200_000;
        int valueBytes = args.length > 4 ? Integer.parseInt(args[4]) : 100;
        Durability durability =
                args.length > 5 ? Durability.valueOf(args[5].toUpperCase(Locale.ROOT)) : Durability.SYNC;
        new TreeOverhead(Path.of(args[0]), keys, valueBytes, durability).measure(pairs, puts);
    }

    private void measure(int pairs, int puts) throws Exception {
        fill("without");
        fill("with");
        forgetTrees(root.resolve("without"));
        List<Block> without = new ArrayList<>();
        List<Block> with = new ArrayList<>();
        try (NodeStorage none = NodeStorage.open(settings("without"));
                NodeStorage all = NodeStorage.open(settings("with"))) {
            loadTrees(all);
            block(none, puts);
            block(all, puts);
            for (int pair = 0; pair < pairs; pair++) {
                boolean first = pair % 2 == 0;
                Block a = block(first ? none : all, puts);
                Block b = block(first ? all : none, puts);
                without.add(first ? a : b);
                with.add(first ? b : a);
                show("pair " + (pair + 1), List.of(without.getLast()), List.of(with.getLast()), puts);
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                expect(all.trees().isReady(partition) && !none.trees().isReady(partition), "trees");
            }
        }
        expect(leaves(root.resolve("with")) == PARTITIONS && leaves(root.resolve("without")) == 0, "leaves");
        show("median", without, with, puts);
    }

    private static void expect(boolean asExpected, String what) {
        if (!asExpected) {
            throw new IllegalStateException("the storages have not the " + what + " that they should have");
        }
    }

    private StorageSettings settings(String name) {
        StorageSettings defaults =
                StorageSettings.defaults(root.resolve(name), new NodeId("bench"), "bench", PARTITIONS, 3, 2);
        return new StorageSettings(
                defaults.directory(),
                defaults.node(),
                defaults.cluster(),
                PARTITIONS,
                defaults.replicas(),
                durability,
                defaults.intervalMillis(),
                defaults.loops(),
                StorageMemory.ofHeap(HEAP_BYTES),
                StorageMemory.segmentBytes(HEAP_BYTES),
                defaults.maxQueuedMutations(),
                defaults.minFreeBytes());
    }

    private void fill(String name) throws InterruptedException {
        try (NodeStorage storage = NodeStorage.open(settings(name))) {
            Semaphore room = new Semaphore(1_000);
            for (int number = 0; number < keys; number++) {
                put(storage, number, room);
            }
            room.acquire(1_000);
        }
    }

    private Block block(NodeStorage storage, int puts) throws InterruptedException, IOException {
        Block before = Block.now();
        Semaphore room = new Semaphore(UNDER_WAY);
        for (int i = 0; i < puts; i++) {
            put(storage, random.nextInt(keys), room);
        }
        room.acquire(UNDER_WAY);
        expect(storage.checkpoint(), "checkpoint");
        return Block.now().since(before);
    }

    /** As a replica does: what is there is read, and replaced. */
    private void put(NodeStorage storage, int number, Semaphore room) throws InterruptedException {
        room.acquire();
        Key key = Key.of("b", "key-" + number);
        int partition = key.token().partition(PARTITIONS);
        VersionSet before = storage.store().read(partition, key);
        counter++;
        Version version = new Version(
                new Dot(1, counter),
                counter,
                Content.value(Bytes.of(Fixture.randomBytes(random, valueBytes)), "text/plain"));
        Mutation write = new Mutation.SetState(partition, key, before.put(before.context(), version));
        storage.persist(List.of(write), outcome -> {
            if (outcome != PersistCallback.Outcome.DURABLE) {
                throw new IllegalStateException("a put was told " + outcome);
            }
            room.release();
        });
    }

    private static void loadTrees(NodeStorage storage) {
        Trees trees = storage.trees();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (int builds = 0; !trees.isReady(partition); builds++) {
                expect(builds < BUILDS, "trees");
                trees.build(partition);
            }
        }
    }

    private static void forgetTrees(Path directory) throws IOException {
        for (Path path : Fixture.files(directory.resolve("partitions"), ".mv")) {
            PartitionFile file = PartitionFile.open(path, path.toString(), 1, PARTITIONS, new WriteBuffers());
            file.forgetLeaves();
            file.commit();
            file.close();
        }
    }

    /** Files with leaves. */
    private static int leaves(Path directory) throws IOException {
        int built = 0;
        for (Path path : Fixture.files(directory.resolve("partitions"), ".mv")) {
            PartitionFile file = PartitionFile.open(path, path.toString(), 1, PARTITIONS, new WriteBuffers());
            built += file.leaves() == null ? 0 : 1;
            file.close();
        }
        return built;
    }

    private void show(String what, List<Block> without, List<Block> with, int puts) {
        double[] throughput = new double[with.size()];
        double[] cores = new double[with.size()];
        double[] bytes = new double[with.size()];
        for (int i = 0; i < with.size(); i++) {
            throughput[i] = without.get(i).seconds() / with.get(i).seconds() - 1;
            cores[i] = with.get(i).coreSeconds() / without.get(i).coreSeconds() - 1;
            bytes[i] = with.get(i).bytes() / without.get(i).bytes() - 1;
        }
        System.out.printf(
                Locale.ROOT,
                "%-8s without %6.0f/s, %4.0f us of cores, %5.0f bytes a put; with trees: throughput %s, cores %s, bytes written %s%n",
                what,
                puts / Medians.of(without.stream().mapToDouble(Block::seconds).toArray()),
                Medians.of(without.stream().mapToDouble(Block::coreSeconds).toArray()) * 1e6 / puts,
                Medians.of(without.stream().mapToDouble(Block::bytes).toArray()) / puts,
                Medians.percent(throughput),
                Medians.percent(cores),
                Medians.percent(bytes));
    }
}
