package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where the client commands send their requests: any node will do, and the next one if one can't be reached, gives no answer in time, or says that
 * it can't take requests now. A node that gave no answer is asked last for a while. Safe to use from many threads.
 */
final class Endpoint {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final long SHUNNED_NANOS = Duration.ofSeconds(5).toNanos();
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = {"-u", "--url"},
            split = ",",
            defaultValue = "${env:GRAMME_URL:-http://127.0.0.1:8080}",
            description =
                    "Nodes to ask, by comma; the next is asked if one can't be reached (default: ${DEFAULT-VALUE}).")
    List<String> urls = List.of();

    private final Map<String, Long> silentSinceNanos = new ConcurrentHashMap<>();
    private @Nullable HttpClient client;

    /**
     * An answer.
     *
     * @param maybeDoneBefore whether a node asked before this one may have done what was asked, though no answer came from it
     */
    record Answer(HttpResponse<byte[]> response, boolean maybeDoneBefore) {}

    /** Asks for a read. See {@link #send(String, long, Duration, UnaryOperator)}. */
    HttpResponse<byte[]> send(String path, Duration patience, UnaryOperator<HttpRequest.Builder> request) {
        return send(path, 0, patience, request).response();
    }

    /**
     * Asks one node after the other until one answers.
     *
     * @param path with its query, already percent-encoded
     * @param turn which node is asked first: spreads load
     * @param patience how long to wait for each node
     * @throws UnreachableException naming every node and what was wrong with it
     */
    Answer send(String path, long turn, Duration patience, UnaryOperator<HttpRequest.Builder> request) {
        StringBuilder tried = new StringBuilder();
        boolean maybeDone = false;
        List<String> order = order(turn);
        for (int i = 0; i < order.size(); i++) {
            String url = order.get(i);
            HttpRequest made = request(url, path, patience, request);
            try {
                HttpResponse<byte[]> response = client().send(made, HttpResponse.BodyHandlers.ofByteArray());
                silentSinceNanos.remove(url);
                if (i + 1 == order.size() || !Problems.asksForAnotherNode(response)) {
                    return new Answer(response, maybeDone);
                }
                tried.append("\n  ").append(url).append(": ").append(Problems.describe(response));
            } catch (ConnectException | HttpConnectTimeoutException e) {
                silentSinceNanos.put(url, System.nanoTime());
                tried.append("\n  ").append(url).append(": can't connect");
            } catch (IOException e) {
                silentSinceNanos.put(url, System.nanoTime());
                maybeDone = true;
                tried.append("\n  ").append(url).append(": ").append(describe(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnreachableException("interrupted", true);
            }
        }
        throw new UnreachableException(
                "no node answered:" + tried + "\nIs a node running? Name one with --url http://HOST:PORT", maybeDone);
    }

    /** From the {@code turn}th on, those that were silent a moment ago last. */
    private List<String> order(long turn) {
        long now = System.nanoTime();
        List<String> order = new ArrayList<>();
        List<String> shunned = new ArrayList<>();
        for (int i = 0; i < urls.size(); i++) {
            String url = urls.get((int) ((turn + i) % urls.size()));
            Long silentSince = silentSinceNanos.get(url);
            (silentSince != null && now - silentSince < SHUNNED_NANOS ? shunned : order).add(url);
        }
        order.addAll(shunned);
        return order;
    }

    private static HttpRequest request(
            String url, String path, Duration patience, UnaryOperator<HttpRequest.Builder> request) {
        URI uri = checked(url.replaceAll("/+$", "") + path);
        try {
            return request.apply(HttpRequest.newBuilder(uri).timeout(patience)).build();
        } catch (IllegalArgumentException e) {
            throw new UnreachableException("the request can't be made: " + e.getMessage(), false);
        }
    }

    /** The nodes' addresses, checked. */
    List<URI> targets() {
        return urls.stream().map(Endpoint::checked).toList();
    }

    private static URI checked(String url) {
        try {
            URI uri = URI.create(url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new UnreachableException("--url: " + e.getMessage() + ". Write http://HOST:PORT", false);
        }
        throw new UnreachableException("--url: not an address: '" + url + "'. Write http://HOST:PORT", false);
    }

    /** A GET whose answer is JSON. */
    JsonNode json(String path) {
        HttpResponse<byte[]> response =
                send(path, RequestFlags.DEFAULT_PATIENCE, r -> r.header("Accept", "application/json"));
        if (response.statusCode() != 200) {
            throw new UnreachableException(Problems.describe(response), false);
        }
        return parse(response.body());
    }

    /**
     * A POST of JSON, answered with JSON.
     *
     * @throws UnreachableException with the server's sentence if it was refused
     */
    JsonNode post(String path, JsonNode body) {
        HttpResponse<byte[]> response = send(
                path,
                RequestFlags.DEFAULT_PATIENCE,
                r -> r.header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
        if (response.statusCode() / 100 != 2) {
            throw new UnreachableException(Problems.describe(response), false);
        }
        return parse(response.body());
    }

    static JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UnreachableException("the answer is not JSON: " + e.getMessage(), true);
        }
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build();
        }
        return client;
    }

    private static String describe(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** No node gave an answer that can be used; the message is for people. */
    static final class UnreachableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean maybeDone;

        UnreachableException(String message, boolean maybeDone) {
            super(message);
            this.maybeDone = maybeDone;
        }

        /** Whether a node may have done what was asked all the same: it was asked, and its answer is lost. */
        boolean maybeDone() {
            return maybeDone;
        }
    }
}
