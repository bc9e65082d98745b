package dev.gramme.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Very many keys of small values, each {@link #EACH_SO_MANIETH} of which has siblings: written by two clients that had not read. What each must hold follows from its number, so nothing is
 * remembered of a million of them.
 */
final class ManyKeys {
    private static final String BUCKET = "/v1/kv/many/";
    private static final int EACH_SO_MANIETH = 20;
    private static final int AT_ONCE = 24;
    private static final int TRIES = 40;
    private static final int SHOWN = 10;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private final int count;
    private final int valueBytes;

    ManyKeys(int count, int valueBytes) {
        this.count = count;
        this.valueBytes = valueBytes;
    }

    int count() {
        return count;
    }

    /** Keys with siblings. */
    int withSiblings() {
        return Math.ceilDiv(count, EACH_SO_MANIETH);
    }

    /**
     * Writes them all, and their siblings.
     *
     * @throws AssertionError if one can't be written, or not all are in {@code limit}
     */
    void write(List<TestNode> nodes, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Queue<String> failed = each(nodes, (http, node, number) -> {
            if (System.nanoTime() > end) {
                return "only some " + number + " of " + count + " were written in " + limit;
            }
            String problem = put(http, nodes, number, 1);
            return problem == null && versions(number) > 1 ? put(http, nodes, number, 2) : problem;
        });
        if (!failed.isEmpty()) {
            throw new AssertionError(failed.size() + " were not written, as " + failed.peek());
        }
    }

    /** What is wrong with a read of each key: empty if all hold what was written, and all siblings of it. */
    List<String> wrong(List<TestNode> nodes) throws InterruptedException {
        Queue<String> wrong = each(nodes, (http, node, number) -> {
            HttpRequest.Builder get = request(node, number, "?r=2&quorum=strict");
            HttpResponse<String> answer = answered(http, List.of(node), 0, get.GET());
            Set<String> wanted = new HashSet<>();
            for (int version = 1; version <= versions(number); version++) {
                wanted.add(value(number, version));
            }
            List<String> found = answer == null ? List.of() : Values.of(answer);
            return found.size() == wanted.size() && wanted.containsAll(found)
                    ? null
                    : "key " + number + " has " + found.size() + " values of " + wanted.size();
        });
        return wrong.stream().limit(SHOWN).toList();
    }

    private static int versions(int number) {
        return number % EACH_SO_MANIETH == 0 ? 2 : 1;
    }

    private String value(int number, int version) {
        byte[] chance = new byte[valueBytes];
        new Random(2L * number + version).nextBytes(chance);
        return number + "#" + version + " " + TEXT.encodeToString(chance).substring(0, valueBytes);
    }

    private static HttpRequest.Builder request(TestNode node, int number, String query) {
        return HttpRequest.newBuilder(URI.create(node.url() + BUCKET + number + query))
                .timeout(ANSWER_WITHIN);
    }

    private @Nullable String put(HttpClient http, List<TestNode> nodes, int number, int version)
            throws InterruptedException {
        HttpRequest.Builder put = request(nodes.getFirst(), number, "")
                .header("Idempotency-Key", number + "#" + version)
                .header("Content-Type", "text/plain")
                .PUT(HttpRequest.BodyPublishers.ofString(value(number, version)));
        HttpResponse<String> answer = answered(http, nodes, number + version, put);
        return answer != null && answer.statusCode() == 204
                ? null
                : "key " + number + ": " + (answer == null ? "no answer" : answer.statusCode() + " " + answer.body());
    }

    /** Of the first node, from the {@code turn}th on, that has an answer. */
    private @Nullable HttpResponse<String> answered(
            HttpClient http, List<TestNode> nodes, int turn, HttpRequest.Builder request) throws InterruptedException {
        HttpResponse<String> last = null;
        for (int tries = 0; tries < TRIES; tries++) {
            TestNode node = nodes.get((turn + tries) % nodes.size());
            URI uri = request.build().uri();
            String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
            try {
                last = http.send(
                        request.uri(URI.create(node.url() + path)).build(), HttpResponse.BodyHandlers.ofString());
                if (Repeats.reason(last).isEmpty()) {
                    return last;
                }
            } catch (IOException failure) {
                last = null;
            }
            // A real client's pause before it repeats: real processes have no other clock.
            Thread.sleep(Repeats.pauseMillis(tries + 1));
        }
        return last;
    }

    private interface Step {
        /** What went wrong; null if nothing did. */
        @Nullable
        String run(HttpClient http, TestNode node, int number) throws InterruptedException;
    }

    /** Ends soon after so many have failed that more would say nothing new. */
    private Queue<String> each(List<TestNode> nodes, Step step) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        Queue<String> failed = new ConcurrentLinkedQueue<>();
        try (HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < AT_ONCE; i++) {
                threads.execute(() -> {
                    int number = next.getAndIncrement();
                    while (number < count && failed.size() < 10 * SHOWN) {
                        String problem;
                        try {
                            problem = step.run(http, nodes.get(number % nodes.size()), number);
                        } catch (InterruptedException stopped) {
                            Thread.currentThread().interrupt();
                            problem = "interrupted";
                        } catch (RuntimeException | AssertionError wrong) {
                            problem = "key " + number + ": " + wrong;
                        }
                        if (problem != null) {
                            failed.add(problem);
                        }
                        number = next.getAndIncrement();
                    }
                });
            }
        }
        return failed;
    }
}
