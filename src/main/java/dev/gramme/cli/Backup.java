package dev.gramme.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Backs up all partitions, some at a time. */
final class Backup {
    private static final long SHOW_EVERY_MILLIS = 250;

    private final Path directory;
    private final int partitions;
    private final LongAdder fetched;
    private final long startNanos = System.nanoTime();
    private final SortedMap<Integer, PartitionBackup.Result> results = new TreeMap<>();
    private final SortedMap<Integer, Long> stamps = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private boolean hintsMissing;
    private int wanted;

    /** @param fetched where the sources count the bytes of pages */
    Backup(Path directory, int partitions, LongAdder fetched) {
        this.directory = directory;
        this.partitions = partitions;
        this.fetched = fetched;
    }

    /**
     * Backs up those of {@code wanted} that are not done yet.
     *
     * @param members that answer
     * @param allMembers and there are no others
     * @return those that no node gave
     * @throws IOException if the backup can't be written
     */
    BitSet run(BitSet asked, List<BackupSource> members, boolean allMembers, int concurrency, Runnable show)
            throws IOException, InterruptedException {
        Queue<Integer> waiting = new ConcurrentLinkedQueue<>();
        synchronized (this) {
            wanted = asked.cardinality();
            asked.stream().filter(partition -> !results.containsKey(partition)).forEach(waiting::add);
        }
        CountDownLatch working = new CountDownLatch(concurrency);
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < concurrency; i++) {
                workers.execute(() -> {
                    try {
                        work(waiting, members, allMembers);
                    } finally {
                        working.countDown();
                    }
                });
            }
            while (!working.await(SHOW_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                show.run();
            }
        }
        IOException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return missing(asked);
    }

    private synchronized BitSet missing(BitSet asked) {
        BitSet missing = (BitSet) asked.clone();
        results.keySet().forEach(missing::clear);
        return missing;
    }

    private void work(Queue<Integer> waiting, List<BackupSource> members, boolean allMembers) {
        for (Integer next = waiting.poll(); next != null && failure.get() == null; next = waiting.poll()) {
            PartitionBackup partition =
                    new PartitionBackup(next, partitions, Manifest.data(directory), members, allMembers);
            try {
                done(next, partition, partition.run());
            } catch (IOException e) {
                failure.compareAndSet(null, e);
            } catch (UncheckedIOException e) {
                failure.compareAndSet(null, e.getCause());
            }
        }
    }

    private synchronized void done(int number, PartitionBackup partition, PartitionBackup.@Nullable Result result) {
        warnings.addAll(partition.warnings());
        hintsMissing |= partition.hintsMissing();
        if (result != null) {
            results.put(number, result);
            stamps.put(number, partition.stamp());
        }
    }

    synchronized List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** What a write that was acknowledged may be in alone could not be read. */
    synchronized boolean hintsMissing() {
        return hintsMissing;
    }

    synchronized long records() {
        return results.values().stream()
                .mapToLong(result -> result.facts() == null ? 0 : result.facts().records())
                .sum();
    }

    synchronized long bytes() {
        return results.values().stream()
                .mapToLong(result -> result.facts() == null ? 0 : result.facts().bytes())
                .sum();
    }

    /** Of files that were not there before. */
    synchronized long newBytes() {
        return results.values().stream()
                .mapToLong(result -> result.reused() || result.facts() == null
                        ? 0
                        : result.facts().bytes())
                .sum();
    }

    synchronized long newFiles() {
        return results.values().stream()
                .filter(result -> !result.reused() && result.facts() != null)
                .count();
    }

    /** {@code 107 of 256 partitions  120.1 MiB read  12.3 MiB/s  about 6 s left}. */
    synchronized String progress() {
        double seconds = Math.max(0.001, (System.nanoTime() - startNanos) / 1e9);
        int done = results.size();
        String left = done == 0 || done >= wanted
                ? ""
                : "  about " + Units.seconds((long) Math.ceil(seconds / done * (wanted - done))) + " left";
        return String.format(
                Locale.ROOT,
                "%d of %d partitions  %s read  %s/s%s",
                done,
                wanted,
                Units.bytes(fetched.sum()),
                Units.bytes((long) (fetched.sum() / seconds)),
                left);
    }

    synchronized void writeFiles(ObjectNode manifest) {
        ArrayNode files = manifest.putArray("files");
        results.forEach((partition, result) -> {
            if (result.file() != null && result.facts() != null) {
                ObjectNode file = files.addObject()
                        .put("partition", partition)
                        .put("file", result.file().getFileName().toString())
                        .put("records", result.facts().records())
                        .put("bytes", result.facts().bytes())
                        .put("sha256", result.facts().sha256())
                        .put("stamp", stamps.get(partition));
                ArrayNode from = file.putArray("from");
                result.from().forEach(from::add);
            }
        });
    }
}
