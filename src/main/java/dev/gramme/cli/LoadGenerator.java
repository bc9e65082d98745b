package dev.gramme.cli;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Runs a plan's requests and measures them. Everything runs on one event loop, so nothing is shared: call {@link #run} on it. */
final class LoadGenerator {
    private static final int OPEN_LOOP_TICK_MILLIS = 1;
    /** A request that failed at once must not make a closed loop spin. */
    private static final int PAUSE_AFTER_ERROR_MILLIS = 10;
    /** An open loop that is so far behind will not catch up: the rest is told as not sent. */
    private static final long MAX_LAG_NANOS = 30_000_000_000L;

    private final BenchPlan plan;
    private final Vertx vertx;
    private final Requests requests;
    private final SplittableRandom random;
    private final @Nullable LatencyLog log;
    private final BenchResult gets;
    private final BenchResult puts;
    private final Promise<List<BenchResult>> finished = Promise.promise();
    private long startNanos;
    private long measureFromNanos;
    private long endNanos;
    /** Open loop: how many requests were started; the next one's due time follows from it, so a backlog of any length takes no memory. */
    private long started;

    private int idle;
    private long timer = -1;
    private long logTimer = -1;

    /** @param log of every answer, also while it warms up */
    LoadGenerator(Vertx vertx, BenchPlan plan, @Nullable LatencyLog log) {
        this.log = log;
        this.vertx = vertx;
        this.plan = plan;
        this.requests = new Requests(vertx, plan);
        this.random = new SplittableRandom(plan.seed());
        this.gets = new BenchResult(plan.echo() ? "echo" : "get", plan.window().measuredNanos());
        this.puts = new BenchResult("put", plan.window().measuredNanos());
    }

    /** Runs to the end of the plan; answers gets and puts, those that were due after the warm-up. */
    Future<List<BenchResult>> run() {
        startNanos = System.nanoTime();
        measureFromNanos = startNanos + plan.window().warmupNanos();
        endNanos = measureFromNanos + plan.window().measuredNanos();
        if (log != null) {
            LatencyLog kept = log;
            kept.begin(System.currentTimeMillis());
            logTimer = vertx.setPeriodic(LatencyLog.INTERVAL_MILLIS, ignored -> kept.next(System.currentTimeMillis()));
        }
        if (isOpen()) {
            idle = plan.concurrency();
            timer = vertx.setPeriodic(OPEN_LOOP_TICK_MILLIS, ignored -> startDue());
        } else {
            for (int i = 0; i < plan.concurrency(); i++) {
                goOn();
            }
        }
        return finished.future().onComplete(ignored -> {
            if (log != null) {
                vertx.cancelTimer(logTimer);
                log.next(System.currentTimeMillis());
            }
            requests.close();
        });
    }

    /** Every key once, {@code concurrency} at a time. Answers the number of those that could not be put. */
    Future<Integer> preload() {
        return new Preload(vertx, plan, requests).run().onComplete(ignored -> requests.close());
    }

    private boolean isOpen() {
        return plan.ratePerSecond() > 0;
    }

    /** Open loop: starts what is due, as far as the bound on requests under way allows; what waits keeps its due time. */
    private void startDue() {
        long now = System.nanoTime();
        long due = startNanos + plan.dueNanos(started);
        while (idle > 0 && due < endNanos && due <= now) {
            idle--;
            started++;
            start(due);
            due = startNanos + plan.dueNanos(started);
        }
        if (due < endNanos && now - endNanos > MAX_LAG_NANOS) {
            giveUp();
            due = endNanos;
        }
        if (due >= endNanos && idle == plan.concurrency()) {
            vertx.cancelTimer(timer);
            finished.tryComplete(List.of(gets, puts));
        }
    }

    private void giveUp() {
        long all = plan.dueBefore(endNanos - startNanos);
        (plan.reads() > 0 ? gets : puts).failed("not sent", all - started);
        started = all;
    }

    /** Closed loop: one of the clients starts its next request, or is done. */
    private void goOn() {
        long now = System.nanoTime();
        if (now < endNanos) {
            start(now);
        } else if (++idle == plan.concurrency()) {
            finished.tryComplete(List.of(gets, puts));
        }
    }

    private void start(long dueNanos) {
        boolean get = random.nextDouble() < plan.reads();
        String path = plan.path(plan.chooser().next(random));
        requests.send(get ? HttpMethod.GET : HttpMethod.PUT, path).onComplete(status -> {
            record(get, status, dueNanos);
            if (isOpen()) {
                idle++;
                startDue();
            } else if (status.failed()) {
                vertx.setTimer(PAUSE_AFTER_ERROR_MILLIS, ignored -> goOn());
            } else {
                goOn();
            }
        });
    }

    private void record(boolean get, AsyncResult<Integer> status, long dueNanos) {
        BenchResult result = get ? gets : puts;
        long now = System.nanoTime();
        boolean answered = status.succeeded() && status.result() < 300;
        if (answered && log != null) {
            log.answered(get, now - dueNanos);
        }
        if (answered && now >= measureFromNanos && now < endNanos) {
            result.inTime();
        }
        if (dueNanos < measureFromNanos) {
            return;
        }
        if (answered) {
            result.answered(now - dueNanos);
        } else {
            result.failed(Requests.problem(status), 1);
        }
    }
}
