package dev.gramme.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One client of a {@link Load}: puts and gets of its own keys, some new and some seen before, at node after node. */
final class LoadClient implements Runnable {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(8);
    private static final int PUTS_IN_TEN = 6;
    private static final int NEW_KEYS_IN_TEN_PUTS = 4;
    private static final int MAX_KEYS = 600;

    private final Load load;
    private final int number;
    private final long gapNanos;
    private final Random random;
    private final List<Acknowledged> keys = new ArrayList<>();
    private int turn;

    LoadClient(Load load, int number, long gapNanos) {
        this.load = load;
        this.number = number;
        this.gapNanos = gapNanos;
        this.random = new Random(number);
        this.turn = number;
    }

    /** Those that were acknowledged at least once; to be asked for when it has ended. */
    List<Acknowledged> keys() {
        return keys;
    }

    @Override
    public void run() {
        long due = System.nanoTime() + random.nextLong(gapNanos);
        LoadPeriod period = load.now();
        try {
            while (!load.pause(due - System.nanoTime())) {
                if (period != load.now()) {
                    // What one period did not get done is no delay of the next.
                    period = load.now();
                    due = System.nanoTime();
                }
                if (keys.isEmpty() || random.nextInt(10) < PUTS_IN_TEN) {
                    put(due);
                } else {
                    get(due);
                }
                due += gapNanos;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | AssertionError e) {
            load.wrong().add("client " + number + ": " + e);
        }
    }

    private void put(long due) throws InterruptedException {
        boolean fresh = keys.isEmpty() || (keys.size() < MAX_KEYS && random.nextInt(10) < NEW_KEYS_IN_TEN_PUTS);
        Acknowledged key = fresh ? new Acknowledged(number + "-" + keys.size()) : any();
        HttpResponse<String> done = succeed(key, request -> {
            request.header("Idempotency-Key", key.token()).PUT(HttpRequest.BodyPublishers.ofString(key.next()));
            if (key.context() != null) {
                request.header("Gramme-Context", key.context());
            }
        });
        if (done == null) {
            return;
        }
        if (done.statusCode() != 204) {
            load.wrong().add("put: " + done.statusCode() + " " + done.body() + " for " + key);
            return;
        }
        load.now().put(Duration.ofNanos(System.nanoTime() - due));
        key.acknowledge(done.headers().firstValue("Gramme-Context").orElse(null));
        if (fresh) {
            keys.add(key);
        }
    }

    private void get(long due) throws InterruptedException {
        Acknowledged key = any();
        HttpResponse<String> done = succeed(key, HttpRequest.Builder::GET);
        if (done != null) {
            load.now().get(Duration.ofNanos(System.nanoTime() - due));
            load.read(key, done);
        }
    }

    private Acknowledged any() {
        return keys.get(random.nextInt(keys.size()));
    }

    /** The first answer that is no reason to ask again; null if the load was abandoned, or it never came. */
    private @Nullable HttpResponse<String> succeed(Acknowledged key, Consumer<HttpRequest.Builder> shape)
            throws InterruptedException {
        for (int repeats = 0; repeats < Repeats.MOST; repeats++) {
            List<TestNode> nodes = load.nodes();
            TestNode node = nodes.get(Math.floorMod(turn++, nodes.size()));
            URI uri = URI.create(node.url() + "/v1/kv/load/" + key.key() + load.query());
            HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(ANSWER_WITHIN);
            shape.accept(request);
            String reason;
            try {
                HttpResponse<String> response = load.http().send(request.build(), HttpResponse.BodyHandlers.ofString());
                load.saw(response);
                reason = Repeats.reason(response);
                key.happened(
                        response.request().method() + " at " + node.id() + " " + response.statusCode() + " " + reason);
                if (reason.isEmpty()) {
                    return response;
                }
            } catch (IOException e) {
                reason = Repeats.reason(e);
                key.happened(node.id() + ": " + e);
            }
            load.now().repeat(repeats, reason);
            if (load.pauseBeforeRepeat(Repeats.pauseMillis(repeats + 1))) {
                return null;
            }
        }
        load.wrong().add("failed " + Repeats.MOST + " times: " + key);
        return null;
    }
}
