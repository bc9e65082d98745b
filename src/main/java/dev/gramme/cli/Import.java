package dev.gramme.cli;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes a reader's records, some at a time, each until it is acknowledged. The first record that can't be written or read ends it: requests under way
 * end as they end, and no new one begins.
 */
final class Import {
    private static final long FIRST_BACKOFF_MILLIS = 20;
    private static final long MAX_BACKOFF_MILLIS = 2_000;
    private static final long SHOW_EVERY_MILLIS = 250;

    private final RecordReader reader;
    private final Endpoint endpoint;
    private final Target target;
    private final ImportProgress progress;
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    /**
     * Where to, and how stubbornly.
     *
     * @param path of a key, but for the key
     * @param query of each request, with its question mark
     * @param patience with one node
     * @param giveUp how long to try one record
     */
    record Target(String path, String query, Duration patience, Duration giveUp) {}

    Import(RecordReader reader, Endpoint endpoint, Target target, ImportProgress progress) {
        this.reader = reader;
        this.endpoint = endpoint;
        this.target = target;
        this.progress = progress;
    }

    /** What ended it before its end; null if nothing did. */
    @Nullable
    String run(int concurrency, Runnable show) throws InterruptedException {
        CountDownLatch working = new CountDownLatch(concurrency);
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < concurrency; i++) {
                workers.execute(() -> {
                    try {
                        work();
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

    /** Ends it: from another thread. */
    void stop(String why) {
        failure.compareAndSet(null, why);
    }

    private void work() {
        try {
            for (ImportRecord record = next(); record != null; record = next()) {
                if (write(record)) {
                    progress.acknowledged(record.number());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop("interrupted");
        } catch (IOException e) {
            stop(e.getMessage() + "");
        } catch (RuntimeException e) {
            stop(e.toString());
        }
    }

    /**
     * The next record that is not done yet; null at the end, or when it's over. A record that can't be read ends it before anybody reads on: what follows would be taken for
     * that record, and it for done.
     */
    private @Nullable ImportRecord next() {
        synchronized (reader) {
            try {
                while (failure.get() == null) {
                    ImportRecord record = reader.next();
                    if (record == null || record.number() > progress.done()) {
                        return record;
                    }
                }
            } catch (IOException e) {
                stop(e.getMessage() + "");
            }
            return null;
        }
    }

    /** Tries until it is acknowledged; false if it never was. */
    private boolean write(ImportRecord record) throws InterruptedException {
        long deadline = System.nanoTime() + target.giveUp().toNanos();
        long backoff = FIRST_BACKOFF_MILLIS;
        for (int attempt = 0; ; attempt++) {
            String problem;
            try {
                // Another node first at each attempt: one that is cut off from the others goes on answering 503.
                HttpResponse<byte[]> response = send(record, record.number() + attempt);
                if (response.statusCode() / 100 == 2) {
                    return true;
                }
                problem = Problems.describe(response);
                if (isRefusal(response.statusCode())) {
                    stop("record " + record.number() + " was refused: " + problem);
                    return false;
                }
            } catch (Endpoint.UnreachableException e) {
                problem = String.valueOf(e.getMessage());
            }
            if (System.nanoTime() >= deadline) {
                stop("record " + record.number() + " could not be written for "
                        + target.giveUp().toSeconds() + " s: " + problem);
            }
            if (failure.get() != null) {
                return false;
            }
            progress.retried();
            TimeUnit.MILLISECONDS.sleep(backoff);
            backoff = Math.min(backoff * 2, MAX_BACKOFF_MILLIS);
        }
    }

    /** Asking again would change nothing; it would where the node was too busy, or too slow to get the body. */
    private static boolean isRefusal(int status) {
        return status / 100 == 4 && status != 408 && status != 429;
    }

    private HttpResponse<byte[]> send(ImportRecord record, long turn) {
        String path = target.path() + KeyArguments.encode(record.key()) + target.query();
        return endpoint.send(
                        path,
                        turn,
                        target.patience(),
                        r -> r.header("Content-Type", record.contentType())
                                .header("Idempotency-Key", record.idempotencyKey())
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(record.value())))
                .response();
    }
}
