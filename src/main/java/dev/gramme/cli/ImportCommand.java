package dev.gramme.cli;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gramme import}. A record's idempotency key comes from the file and its number, so that asking twice is one write. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Writes the records of a file: one key a line, CSV (key,value) or JSON lines. An import that was broken off goes on where it was.")
final class ImportCommand implements Callable<Integer> {
    private static final ImportRecord END = new ImportRecord(0, new byte[0], new byte[0], "");
    private static final int MAX_CONCURRENCY = 1_024;
    private static final int QUEUE = 2_048;
    private static final long FIRST_BACKOFF_MILLIS = 20;
    private static final long MAX_BACKOFF_MILLIS = 2_000;

    @Parameters(index = "0", paramLabel = "FILE", description = "The file to import.")
    private Path file = Path.of("");

    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Mixin
    private RequestFlags flags = new RequestFlags();

    @Option(names = "--bucket", required = true, description = "The bucket to write to.")
    private String bucket = "";

    @Option(names = "--format", description = "lines, csv or jsonl (default: by the file's ending).")
    private RecordReader.@Nullable Format format;

    @Option(
            names = "--concurrency",
            defaultValue = "32",
            description = "Requests under way (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--give-up",
            defaultValue = "120",
            description = "Seconds to try one record again before the import stops (default: ${DEFAULT-VALUE}).")
    private int giveUpSeconds;

    @Option(names = "--progress-file", description = "Where the place reached is kept (default: FILE.gramme-import).")
    private @Nullable Path progressFile;

    @Option(names = "--restart", description = "Begin at the first record, whatever was imported before.")
    private boolean restart;

    private final BlockingQueue<ImportRecord> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicReference<String> failure = new AtomicReference<>("");

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            System.err.println("--concurrency must be 1 to " + MAX_CONCURRENCY + ", not " + concurrency);
            return ExitStatus.USAGE;
        }
        RecordReader.Format chosen = format == null ? RecordReader.Format.of(file) : format;
        long total = count(chosen);
        String identity = identity();
        Path kept = progressFile == null ? file.resolveSibling(file.getFileName() + ".gramme-import") : progressFile;
        if (restart) {
            Files.deleteIfExists(kept);
        }
        ImportProgress progress = new ImportProgress(kept, identity);
        if (progress.done() > 0) {
            System.err.println("going on after record " + progress.done());
        }
        write(chosen, identity, progress, total);
        System.err.println("\r" + progress.bar(total));
        if (failure.get().isEmpty()) {
            progress.forget();
            System.out.println(total + " records are in bucket " + bucket);
            return ExitStatus.OK;
        }
        progress.save();
        System.err.println("gramme: " + failure.get() + "\nThe same command goes on after record " + progress.done());
        return ExitStatus.FAILED;
    }

    private void write(RecordReader.Format chosen, String identity, ImportProgress progress, long total)
            throws IOException, InterruptedException {
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < concurrency; i++) {
                workers.execute(() -> work(identity, progress));
            }
            try {
                feed(chosen, progress, total);
            } finally {
                for (int i = 0; i < concurrency; i++) {
                    put(END);
                }
            }
        }
    }

    private void feed(RecordReader.Format chosen, ImportProgress progress, long total)
            throws IOException, InterruptedException {
        long after = progress.done();
        long lastShown = 0;
        try (RecordReader reader = RecordReader.open(file, chosen)) {
            for (ImportRecord record = reader.next();
                    record != null && failure.get().isEmpty();
                    record = reader.next()) {
                if (record.number() > after) {
                    put(record);
                }
                long now = System.nanoTime();
                if (now - lastShown > TimeUnit.MILLISECONDS.toNanos(200)) {
                    System.err.print("\r" + progress.bar(total));
                    lastShown = now;
                }
            }
        }
    }

    /** Waits for room, but not for workers that have all given up. */
    private void put(ImportRecord record) throws InterruptedException {
        while (!queue.offer(record, 100, TimeUnit.MILLISECONDS)) {
            if (!failure.get().isEmpty()) {
                queue.clear();
            }
        }
    }

    private void work(String identity, ImportProgress progress) {
        try {
            for (ImportRecord record = queue.take(); record != END; record = queue.take()) {
                if (failure.get().isEmpty() && write(record, identity, progress)) {
                    progress.acknowledged(record.number());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            failure.compareAndSet("", "the place reached can't be kept: " + e.getMessage());
        }
    }

    /** Tries until it is acknowledged; false if it never was: then the failure is set. */
    private boolean write(ImportRecord record, String identity, ImportProgress progress) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(giveUpSeconds);
        long backoff = FIRST_BACKOFF_MILLIS;
        while (true) {
            String problem;
            try {
                HttpResponse<byte[]> response = send(record, identity);
                if (response.statusCode() / 100 == 2) {
                    return true;
                }
                problem = Problems.describe(response);
                if (response.statusCode() / 100 == 4 && response.statusCode() != 408 && response.statusCode() != 429) {
                    failure.compareAndSet("", "record " + record.number() + ": " + problem);
                    return false;
                }
            } catch (Endpoint.UnreachableException e) {
                problem = String.valueOf(e.getMessage());
            }
            if (System.nanoTime() > deadline) {
                failure.compareAndSet("", "record " + record.number() + " after " + giveUpSeconds + " s: " + problem);
                return false;
            }
            progress.retried();
            TimeUnit.MILLISECONDS.sleep(backoff);
            backoff = Math.min(backoff * 2, MAX_BACKOFF_MILLIS);
        }
    }

    private HttpResponse<byte[]> send(ImportRecord record, String identity) {
        String path = "/v1/kv/" + KeyArguments.encode(bucket) + "/" + KeyArguments.encode(record.key()) + flags.query();
        return endpoint.startingAt(record.number())
                .send(
                        path,
                        r -> r.header("Content-Type", record.contentType())
                                .header("Idempotency-Key", identity + "-" + record.number())
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(record.value())));
    }

    private long count(RecordReader.Format chosen) throws IOException {
        long total = 0;
        try (RecordReader reader = RecordReader.open(file, chosen)) {
            while (reader.next() != null) {
                total++;
            }
        }
        return total;
    }

    /** Of the file as it is now: path, size, time of change. */
    private String identity() throws IOException {
        String text = file.toAbsolutePath() + "\n" + Files.size(file) + "\n" + Files.getLastModifiedTime(file) + "\n"
                + bucket;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
