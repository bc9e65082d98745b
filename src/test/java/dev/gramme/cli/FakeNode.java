package dev.gramme.cli;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A node as its clients see it: an HTTP server in this process that answers what a test wants, and remembers what it was asked. */
final class FakeNode implements AutoCloseable {
    private static final String OCTETS = "application/octet-stream";

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Function<Asked, Reply> behaviour = ignored -> Reply.of(204, "");

    record Asked(String method, String uri, Headers headers, String body) {
        String header(String name) {
            return headers.getFirst(name);
        }
    }

    /** A status of 0 breaks the connection without an answer. */
    record Reply(int status, String type, String body, List<String> headers) {
        static Reply of(int status, String body, String... headers) {
            return new Reply(status, "text/plain", body, List.of(headers));
        }

        static Reply json(String body, String... headers) {
            return new Reply(200, "application/json", body, List.of(headers));
        }

        static Reply bytes(byte[] body, String... headers) {
            return new Reply(200, OCTETS, new String(body, StandardCharsets.ISO_8859_1), List.of(headers));
        }

        static Reply problem(int status, String kind, String outcome) {
            String body = "{\"type\":\"urn:gramme:problem:" + kind + "\",\"title\":\"It is " + kind
                    + "\",\"detail\":\"so it is\",\"hint\":\"Do something\",\"outcome\":\"" + outcome + "\"}";
            return new Reply(status, "application/problem+json", body, List.of());
        }

        static Reply lost() {
            return new Reply(0, "", "", List.of());
        }
    }

    FakeNode() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    FakeNode answering(Function<Asked, Reply> wanted) {
        behaviour = wanted;
        return this;
    }

    FakeNode answering(Reply always) {
        return answering(ignored -> always);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<String> uris() {
        return asked.stream().map(a -> a.method() + " " + a.uri()).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Asked request = new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            asked.add(request);
            Reply reply = behaviour.apply(request);
            if (reply.status() == 0) {
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", reply.type());
            reply.headers()
                    .forEach(h -> exchange.getResponseHeaders()
                            .add(
                                    h.substring(0, h.indexOf(':')),
                                    h.substring(h.indexOf(':') + 1).strip()));
            byte[] body = reply.body()
                    .getBytes(reply.type().equals(OCTETS) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
