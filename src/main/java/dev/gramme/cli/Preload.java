package dev.gramme.cli;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;

/** Puts every key of a plan once before it is measured. For one event loop. */
final class Preload {
    private static final int ATTEMPTS = 5;
    private static final int PAUSE_MILLIS = 200;

    private final Vertx vertx;
    private final BenchPlan plan;
    private final Requests requests;
    private final Promise<Integer> done = Promise.promise();
    private int begun;
    private int ended;
    private int failed;

    Preload(Vertx vertx, BenchPlan plan, Requests requests) {
        this.vertx = vertx;
        this.plan = plan;
        this.requests = requests;
    }

    /** Answers the number of keys that could not be put; after too many the rest is not tried. */
    Future<Integer> run() {
        for (int i = 0; i < plan.concurrency(); i++) {
            next();
        }
        return done.future();
    }

    private void next() {
        // A cluster that takes nothing is not asked for every key.
        if (begun < plan.keys() && failed <= plan.concurrency()) {
            put(begun++, 1);
        } else if (ended == begun) {
            done.tryComplete(failed);
        }
    }

    private void put(int key, int attempt) {
        requests.send(HttpMethod.PUT, plan.path(key)).onComplete(status -> {
            boolean put = status.succeeded() && status.result() < 300;
            if (!put && attempt < ATTEMPTS) {
                vertx.setTimer(PAUSE_MILLIS * attempt, ignored -> put(key, attempt + 1));
                return;
            }
            ended++;
            failed += put ? 0 : 1;
            next();
        });
    }
}
