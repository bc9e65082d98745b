package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Sends a backup's files, some at a time, each page until a node has it on its disk. */
final class Restore {
    private static final long SHOW_EVERY_MILLIS = 250;

    private final Path directory;
    private final Manifest manifest;
    private final RestoreTarget target;
    private final RestoreProgress kept;
    private final Duration giveUp;
    private final boolean anyAge;
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final long startNanos = System.nanoTime();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private long bytesBefore;

    /** @param anyAge also what may have been deleted since the backup was made, where that is forgotten */
    Restore(
            Path directory,
            Manifest manifest,
            RestoreTarget target,
            RestoreProgress kept,
            Duration giveUp,
            boolean anyAge) {
        this.directory = directory;
        this.manifest = manifest;
        this.target = target;
        this.kept = kept;
        this.giveUp = giveUp;
        this.anyAge = anyAge;
    }

    /** Of the files that are still to be sent, the partitions of which the cluster has forgotten deletes since they were read, or is about to. */
    List<Integer> outdated() {
        List<Integer> outdated = new ArrayList<>();
        for (JsonNode file : manifest.files()) {
            int partition = file.path("partition").asInt();
            if (!anyAge
                    && !kept.isDone(file.path("file").asText())
                    && Manifest.stamp(file) < target.takesFrom(partition)) {
                outdated.add(partition);
            }
        }
        return outdated;
    }

    /** What ended it before its end; null if nothing did. */
    @Nullable
    String run(int concurrency, Runnable show) throws InterruptedException {
        Queue<JsonNode> waiting = new ConcurrentLinkedQueue<>();
        for (JsonNode file : manifest.files()) {
            if (kept.isDone(file.path("file").asText())) {
                records.add(file.path("records").asLong());
                bytesBefore += file.path("bytes").asLong();
            } else {
                waiting.add(file);
            }
        }
        CountDownLatch working = new CountDownLatch(concurrency);
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < concurrency; i++) {
                workers.execute(() -> {
                    try {
                        work(waiting);
                    } finally {
                        working.countDown();
                    }
                });
            }
            while (!working.await(SHOW_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                show.run();
            }
        }
        return failure.get();
    }

    private void work(Queue<JsonNode> waiting) {
        for (JsonNode file = waiting.poll(); file != null && failure.get() == null; file = waiting.poll()) {
            String name = file.path("file").asText();
            String stamp = anyAge ? "any" : Long.toString(Manifest.stamp(file));
            try {
                BackupFile.read(
                        Manifest.data(directory).resolve(name),
                        file.path("partition").asInt(),
                        manifest.partitions(),
                        (page, sent) -> send(name, stamp, page.records().size(), sent));
                kept.done(name);
            } catch (IOException e) {
                failure.compareAndSet(null, String.valueOf(e.getMessage()));
            }
        }
    }

    private void send(String name, String stamp, int count, byte[] page) throws IOException {
        if (count == 0) {
            return;
        }
        String wrong = failure.get() == null ? wrong(page, stamp) : "stopped";
        if (!wrong.isEmpty()) {
            throw new IOException(name + " can't be restored: " + wrong);
        }
        records.add(count);
        bytes.add(page.length);
    }

    private String wrong(byte[] page, String stamp) {
        try {
            return target.send(page, stamp, giveUp);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** {@code 42%  43820 of 104334 records  12.3 MiB/s  about 6 s left}. */
    String progress() {
        double seconds = Math.max(0.001, (System.nanoTime() - startNanos) / 1e9);
        long done = bytesBefore + bytes.sum();
        long rate = (long) (bytes.sum() / seconds);
        String left = rate == 0 || done >= manifest.bytes()
                ? ""
                : "  about " + Units.seconds(Math.ceilDiv(manifest.bytes() - done, rate)) + " left";
        return String.format(
                Locale.ROOT,
                "%3.0f%%  %d of %d records  %s/s%s",
                manifest.bytes() == 0 ? 100 : Math.min(100, Math.floor(100.0 * done / manifest.bytes())),
                records.sum(),
                manifest.records(),
                Units.bytes(rate),
                left);
    }
}
