package dev.gramme.cli;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A benchmark's requests, over kept-alive HTTP/1.1 connections. Nodes take turns; one that has its share of requests under way is passed over, so that a
 * slow one does not hold up what others could take. For one event loop.
 */
final class Requests {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final List<HttpClient> clients = new ArrayList<>();
    private final int[] underWay;
    private final int share;
    private final Buffer value;
    private int turn;

    Requests(Vertx vertx, BenchPlan plan) {
        byte[] bytes = new byte[plan.valueBytes()];
        new Random(plan.seed()).nextBytes(bytes);
        value = Buffer.buffer(bytes);
        share = Math.ceilDiv(plan.concurrency(), plan.targets().size());
        underWay = new int[plan.targets().size()];
        for (URI target : plan.targets()) {
            boolean secure = "https".equals(target.getScheme());
            clients.add(vertx.createHttpClient(new HttpClientOptions()
                    .setDefaultHost(target.getHost())
                    .setDefaultPort(target.getPort() >= 0 ? target.getPort() : secure ? 443 : 80)
                    .setSsl(secure)
                    .setMaxPoolSize(share)
                    .setKeepAlive(true)));
        }
    }

    /** Answers the status, once the whole answer has come. At most {@code concurrency} at a time. */
    Future<Integer> send(HttpMethod method, String path) {
        int target = nextWithRoom();
        underWay[target]++;
        return clients.get(target)
                .request(method, path)
                .compose(request -> send(request, method))
                .compose(response -> response.body().map(body -> response.statusCode()))
                .onComplete(ignored -> underWay[target]--);
    }

    private int nextWithRoom() {
        for (int i = 0; i < clients.size(); i++) {
            int target = turn;
            turn = (turn + 1) % clients.size();
            if (underWay[target] < share) {
                return target;
            }
        }
        throw new IllegalStateException("more requests under way than the plan's concurrency");
    }

    private Future<HttpClientResponse> send(HttpClientRequest request, HttpMethod method) {
        request.idleTimeout(TIMEOUT_MILLIS);
        return method == HttpMethod.PUT
                ? request.putHeader("content-type", "application/octet-stream").send(value)
                : request.send();
    }

    /** What was wrong, in a word or two. */
    static String problem(AsyncResult<Integer> status) {
        return status.failed()
                ? status.cause().getClass().getSimpleName().replaceFirst("^Annotated", "")
                : "HTTP " + status.result();
    }

    void close() {
        clients.forEach(HttpClient::close);
    }
}
