package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the client commands send their requests: any node will do, and the next one if it can't be reached. */
final class Endpoint {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = {"-u", "--url"},
            split = ",",
            defaultValue = "${env:GRAMME_URL:-http://127.0.0.1:8080}",
            description =
                    "Nodes to ask, by comma; the next is asked if one can't be reached (default: ${DEFAULT-VALUE}).")
    List<String> urls = List.of();

    private @Nullable HttpClient client;

    /**
     * Asks the first node that answers at all.
     *
     * @param path with its query, already percent-encoded
     * @throws UnreachableException naming every node and what was wrong with it
     */
    HttpResponse<byte[]> send(String path, UnaryOperator<HttpRequest.Builder> request) {
        StringBuilder tried = new StringBuilder();
        for (String url : urls) {
            try {
                URI uri = URI.create(url.replaceAll("/+$", "") + path);
                HttpRequest.Builder builder = HttpRequest.newBuilder(uri).timeout(REQUEST_TIMEOUT);
                return client().send(request.apply(builder).build(), HttpResponse.BodyHandlers.ofByteArray());
            } catch (IOException | IllegalArgumentException e) {
                tried.append("\n  ").append(url).append(": ").append(describe(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnreachableException("interrupted");
            }
        }
        throw new UnreachableException(
                "no node answered:" + tried + "\nIs a node running? Name one with --url http://HOST:PORT");
    }

    /** The same nodes, the {@code turn}th asked first: spreads load. Shares the connections. */
    Endpoint startingAt(long turn) {
        Endpoint rotated = new Endpoint();
        List<String> order = new ArrayList<>(urls);
        Collections.rotate(order, -(int) (turn % urls.size()));
        rotated.urls = order;
        rotated.client = client();
        return rotated;
    }

    /** A GET whose answer is JSON. */
    JsonNode json(String path) {
        HttpResponse<byte[]> response = send(path, r -> r.header("Accept", "application/json"));
        if (response.statusCode() != 200) {
            throw new UnreachableException(Problems.describe(response));
        }
        return parse(response.body());
    }

    static JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UnreachableException("the answer is not JSON: " + e.getMessage());
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

        UnreachableException(String message) {
            super(message);
        }
    }
}
