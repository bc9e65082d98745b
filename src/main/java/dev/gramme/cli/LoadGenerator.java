package dev.gramme.cli;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Sends a plan's requests over kept-alive HTTP/1.1 connections. Everything runs on one event loop, so nothing is shared: call {@link #run} on it.
 */
final class LoadGenerator {
    private static final int REQUEST_TIMEOUT_MILLIS = 30_000;
    private static final int OPEN_LOOP_TICK_MILLIS = 1;

    private final BenchPlan plan;
    private final Vertx vertx;
    private final List<HttpClient> clients = new ArrayList<>();
    private final SplittableRandom random;
    private final Buffer value;
    private final BenchResult gets = new BenchResult("get");
    private final BenchResult puts = new BenchResult("put");
    private final Deque<Long> due = new ArrayDeque<>();
    private final Promise<List<BenchResult>> finished = Promise.promise();
    private long measureFromNanos;
    private long endNanos;
    private long scheduledUpToNanos;
    private int underWay;
    private int turn;

    LoadGenerator(Vertx vertx, BenchPlan plan) {
        this.vertx = vertx;
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed());
        byte[] bytes = new byte[plan.valueBytes()];
        new Random(plan.seed()).nextBytes(bytes);
        this.value = Buffer.buffer(bytes);
        int perTarget = Math.ceilDiv(plan.concurrency(), plan.targets().size());
        for (URI target : plan.targets()) {
            clients.add(vertx.createHttpClient(new HttpClientOptions()
                    .setDefaultHost(target.getHost())
                    .setDefaultPort(target.getPort() < 0 ? 80 : target.getPort())
                    .setMaxPoolSize(perTarget)
                    .setKeepAlive(true)));
        }
    }

    /** Runs to the end of the plan; answers gets and puts, those that started after the warm-up. */
    Future<List<BenchResult>> run() {
        long now = System.nanoTime();
        measureFromNanos = now + plan.warmupSeconds() * 1_000_000_000L;
        endNanos = measureFromNanos + plan.seconds() * 1_000_000_000L;
        scheduledUpToNanos = now;
        if (plan.ratePerSecond() == 0) {
            for (int i = 0; i < plan.concurrency(); i++) {
                next();
            }
        } else {
            vertx.setPeriodic(OPEN_LOOP_TICK_MILLIS, this::schedule);
        }
        return finished.future().onComplete(ignored -> clients.forEach(HttpClient::close));
    }

    /** Puts every key once, {@code concurrency} at a time. */
    Future<Integer> preload() {
        Promise<Integer> done = Promise.promise();
        int[] state = {0, 0, 0};
        for (int i = 0; i < plan.concurrency(); i++) {
            preloadNext(state, done);
        }
        return done.future().onComplete(ignored -> clients.forEach(HttpClient::close));
    }

    private void preloadNext(int[] nextDoneFailed, Promise<Integer> done) {
        if (nextDoneFailed[0] == plan.keys()) {
            if (nextDoneFailed[1] == plan.keys()) {
                done.tryComplete(nextDoneFailed[2]);
            }
            return;
        }
        send(HttpMethod.PUT, plan.path(nextDoneFailed[0]++)).onComplete(status -> {
            nextDoneFailed[1]++;
            nextDoneFailed[2] += status.succeeded() && status.result() < 300 ? 0 : 1;
            preloadNext(nextDoneFailed, done);
        });
    }

    private void schedule(long timer) {
        long now = System.nanoTime();
        long step = 1_000_000_000L / plan.ratePerSecond();
        while (scheduledUpToNanos + step <= Math.min(now, endNanos)) {
            scheduledUpToNanos += step;
            due.add(scheduledUpToNanos);
        }
        while (!due.isEmpty() && underWay < plan.concurrency()) {
            start(due.remove());
        }
        if (now >= endNanos && due.isEmpty()) {
            vertx.cancelTimer(timer);
            finishIfIdle();
        }
    }

    private void next() {
        long now = System.nanoTime();
        if (now < endNanos) {
            start(now);
        } else {
            finishIfIdle();
        }
    }

    private void start(long dueNanos) {
        boolean get = random.nextDouble() < plan.reads();
        String path = plan.path(plan.chooser().next(random));
        underWay++;
        send(get ? HttpMethod.GET : HttpMethod.PUT, path).onComplete(status -> {
            underWay--;
            if (dueNanos >= measureFromNanos) {
                record(get ? gets : puts, status, System.nanoTime() - dueNanos);
            }
            if (plan.ratePerSecond() == 0) {
                next();
            } else if (!due.isEmpty()) {
                start(due.remove());
            } else if (System.nanoTime() >= endNanos) {
                finishIfIdle();
            }
        });
    }

    private static void record(BenchResult result, AsyncResult<Integer> status, long latencyNanos) {
        if (status.failed()) {
            result.failed(status.cause().getClass().getSimpleName());
        } else if (status.result() >= 300) {
            result.failed("HTTP " + status.result());
        } else {
            result.answered(latencyNanos);
        }
    }

    private Future<Integer> send(HttpMethod method, String path) {
        HttpClient client = clients.get(turn++ % clients.size());
        return client.request(method, path)
                .compose(request -> send(request, method))
                .compose(response -> response.body().map(body -> response.statusCode()));
    }

    private Future<HttpClientResponse> send(HttpClientRequest request, HttpMethod method) {
        request.idleTimeout(REQUEST_TIMEOUT_MILLIS);
        return method == HttpMethod.PUT
                ? request.putHeader("content-type", "application/octet-stream").send(value)
                : request.send();
    }

    private void finishIfIdle() {
        if (underWay == 0 && due.isEmpty()) {
            long measured = Math.max(1, System.nanoTime() - measureFromNanos);
            gets.lasted(measured);
            puts.lasted(measured);
            finished.tryComplete(List.of(gets, puts));
        }
    }
}
