package dev.gramme.it;

import dev.gramme.ring.Key;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Many values of one size, written once each: so many bytes that a node has something to hold. Bytes of chance, which nothing makes smaller. */
final class BulkValues {
    static final String BUCKET = "bulk";

    private static final int WRITERS = 12;
    private static final int TRIES = 20;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private final int count;
    private final int bytes;
    private final byte[] chance;

    /** @param bytes of each */
    BulkValues(int count, int bytes) {
        this.count = count;
        this.bytes = bytes;
        this.chance = new byte[2 * bytes];
        new Random(count).nextBytes(chance);
    }

    int count() {
        return count;
    }

    long totalBytes() {
        return (long) count * bytes;
    }

    /** Of the values whose keys lie in these partitions. */
    long bytesIn(SortedSet<Integer> partitions, int ofPartitions) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            if (partitions.contains(Key.of(BUCKET, name(i)).token().partition(ofPartitions))) {
                sum += bytes;
            }
        }
        return sum;
    }

    /**
     * Writes them all.
     *
     * @throws AssertionError if one can't be written, or not all are in {@code limit}
     */
    void write(List<TestNode> nodes, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        AtomicInteger next = new AtomicInteger();
        Queue<String> failed = new ConcurrentLinkedQueue<>();
        try (HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            for (int writer = 0; writer < WRITERS; writer++) {
                threads.execute(() -> {
                    for (int i = next.getAndIncrement(); i < count && failed.isEmpty(); i = next.getAndIncrement()) {
                        String problem = System.nanoTime() > end
                                ? "only " + i + " of " + count + " were written in " + limit
                                : write(http, nodes, i);
                        if (!problem.isEmpty()) {
                            failed.add(problem);
                        }
                    }
                });
            }
        }
        if (!failed.isEmpty()) {
            throw new AssertionError(failed.peek());
        }
    }

    private String write(HttpClient http, List<TestNode> nodes, int number) {
        String last = "";
        for (int tries = 0; tries < TRIES; tries++) {
            TestNode node = nodes.get((number + tries) % nodes.size());
            HttpRequest put = HttpRequest.newBuilder(URI.create(node.url() + "/v1/kv/" + BUCKET + "/" + name(number)))
                    .timeout(ANSWER_WITHIN)
                    .header("Idempotency-Key", name(number))
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(value(number)))
                    .build();
            try {
                HttpResponse<String> answer = http.send(put, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 204) {
                    return "";
                }
                last = answer.statusCode() + " " + answer.body();
                // A real client's pause before it repeats: real processes have no other clock.
                Thread.sleep(Repeats.pauseMillis(tries + 1));
            } catch (IOException failure) {
                last = failure.toString();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return "stopped";
            }
        }
        return name(number) + " could not be written: " + last;
    }

    /** How many of {@code sample} values, evenly chosen, are not what was written. */
    int wrong(List<TestNode> nodes, int sample) throws InterruptedException {
        int wrong = 0;
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < sample; i++) {
                int number = (int) ((long) count * i / sample);
                wrong += isRight(http, nodes.get(i % nodes.size()), number, "?r=2&quorum=strict") ? 0 : 1;
            }
        }
        return wrong;
    }

    /**
     * Which of the values that lie in these partitions are not at {@code owner}, which owns them: it alone answers.
     *
     * @param asked counts those that were looked at
     */
    int missingAt(TestNode owner, SortedSet<Integer> partitions, int ofPartitions, AtomicInteger asked)
            throws InterruptedException {
        int missing = 0;
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < count; i++) {
                if (partitions.contains(Key.of(BUCKET, name(i)).token().partition(ofPartitions))) {
                    asked.incrementAndGet();
                    missing += isRight(http, owner, i, "?r=1&quorum=strict") ? 0 : 1;
                }
            }
        }
        return missing;
    }

    private boolean isRight(HttpClient http, TestNode node, int number, String query) throws InterruptedException {
        URI uri = URI.create(node.url() + "/v1/kv/" + BUCKET + "/" + name(number) + query);
        try {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(uri).timeout(ANSWER_WITHIN).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200 && Arrays.equals(answer.body(), value(number));
        } catch (IOException failure) {
            throw new AssertionError("a value could not be read back", failure);
        }
    }

    private static String name(int number) {
        return "value-" + number;
    }

    private byte[] value(int number) {
        int from = (int) ((long) number * 7919 % bytes);
        byte[] value = Arrays.copyOfRange(chance, from, from + bytes);
        byte[] name = name(number).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, value, 0, Math.min(name.length, bytes));
        return value;
    }
}
