package dev.gramme.it;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/**
 * Clients that write and read at a set rate, each its own keys and one after the other, so that what a key must hold is known at any time. A request is
 * due by the clock, not when the last one was over; what is late counts as late. A request that fails and may be {@linkplain Repeats repeated} is made
 * again at the next node, a write with its idempotency key.
 */
final class Load implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<TestNode> nodes;
    private final String query;
    private final List<LoadClient> clients = new ArrayList<>();
    private final List<LoadPeriod> periods = new ArrayList<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong besideOthers = new AtomicLong();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private volatile LoadPeriod now = new LoadPeriod("");
    private volatile Consumer<HttpResponse<String>> witness = ignored -> {};

    private Load(List<TestNode> nodes, String query) {
        this.nodes = nodes;
        this.query = query;
    }

    /**
     * @param query of each request, as {@code ?quorum=strict}
     * @param clients at once, each with one request under way at most
     * @param perSecond requests of all of them together
     */
    static Load start(TestCluster cluster, String query, int clients, int perSecond, String period) {
        Load load = new Load(cluster.nodes(), query);
        load.period(period);
        long gapNanos = TimeUnit.SECONDS.toNanos(clients) / perSecond;
        for (int i = 0; i < clients; i++) {
            LoadClient client = new LoadClient(load, i, gapNanos);
            load.clients.add(client);
            load.threads.execute(client);
        }
        return load;
    }

    /** Shown every answer, from many threads. */
    Load witness(Consumer<HttpResponse<String>> observer) {
        witness = observer;
        return this;
    }

    /** From now on another period is measured. */
    LoadPeriod period(String name) {
        now.end();
        LoadPeriod next = new LoadPeriod(name);
        periods.add(next);
        now = next;
        return next;
    }

    /** Until the present period has so many requests. */
    void awaitRequests(int enough) {
        LoadPeriod current = now;
        Awaitility.await(enough + " requests")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> current.operations() >= enough || !wrong.isEmpty());
    }

    /** Answers that nobody may get, and requests that no repeat cleared. Empty, or the load has ended with the first of them. */
    Queue<String> wrong() {
        return wrong;
    }

    /** Reads that did not show the last acknowledged write of their key: no promise where quorums are sloppy, wrong where they are strict. */
    long lost() {
        return lost.get();
    }

    String table() {
        StringBuilder table = new StringBuilder(LoadPeriod.header());
        periods.forEach(period -> table.append(period.row()));
        return table.append("reads without the last acknowledged write: ")
                .append(lost)
                .append("; with an older version beside it: ")
                .append(besideOthers)
                .append('\n')
                .toString();
    }

    /** Ends the load in order, and answers what must be there now. */
    List<Acknowledged> stop() {
        stopped.countDown();
        threads.close();
        now.end();
        List<Acknowledged> all = new ArrayList<>();
        clients.forEach(client -> all.addAll(client.keys()));
        return all;
    }

    @Override
    public void close() {
        stopped.countDown();
        abandoned.countDown();
        threads.close();
        http.close();
    }

    // What its clients need.

    HttpClient http() {
        return http;
    }

    List<TestNode> nodes() {
        return nodes;
    }

    String query() {
        return query;
    }

    LoadPeriod now() {
        return now;
    }

    void saw(HttpResponse<String> response) {
        witness.accept(response);
    }

    /** A read was answered. */
    void read(Acknowledged key, HttpResponse<String> answer) {
        switch (key.fit(Values.of(answer))) {
            case EXACT -> {}
            case BESIDE_OTHERS -> besideOthers.incrementAndGet();
            case LOST -> {
                lost.incrementAndGet();
                if (query.contains("strict")) {
                    wrong.add(answer.uri() + ": " + Acknowledged.shortened(answer.body()) + " for " + key);
                }
            }
        }
    }

    /** Waits; whether it is time to end. */
    boolean pause(long nanos) throws InterruptedException {
        return stopped.await(nanos, TimeUnit.NANOSECONDS) || !wrong.isEmpty();
    }

    /** Waits between two repeats; whether to give up. */
    boolean pauseBeforeRepeat(long millis) throws InterruptedException {
        return abandoned.await(millis, TimeUnit.MILLISECONDS);
    }
}
