package dev.gramme.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One node as a process, with what a test does to it. */
final class TestNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final List<String> command;
    private final Path log;
    private final String id;
    private final String bridge;
    private final URI url;
    private @Nullable Process process;

    TestNode(String id, int httpPort, Path directory, List<String> flags) {
        this.id = id;
        this.url = URI.create("http://127.0.0.1:" + httpPort);
        this.log = directory.resolve(id + ".log");
        List<String> words = new ArrayList<>(List.of("server", "--node-id", id, "--http", "127.0.0.1:" + httpPort));
        words.addAll(flags);
        this.bridge = flags.get(flags.indexOf("--bridge") + 1);
        this.command = Program.command(words.toArray(String[]::new));
    }

    String id() {
        return id;
    }

    /** As {@code --members} takes it. */
    String member() {
        return id + "=" + bridge;
    }

    String url() {
        return url.toString();
    }

    TestNode start() {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitReady() {
        await("node " + id + " ready; its log is " + log)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!running().isAlive()) {
                        throw new AssertionError("node " + id + " ended: " + log());
                    }
                    return status("/q/health/ready") == 200;
                });
    }

    /** The exit status of a node that ends by itself. */
    int awaitEnd() throws InterruptedException {
        if (!running().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("node " + id + " did not end: " + log());
        }
        return running().exitValue();
    }

    void kill9() throws InterruptedException {
        running().destroyForcibly().waitFor();
    }

    /** SIGTERM, and waits. */
    int stop() throws InterruptedException {
        running().destroy();
        return awaitEnd();
    }

    void pause() {
        signal("STOP");
    }

    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(running().pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The status of a GET, 0 if there was no answer. */
    int status(String path) {
        try {
            return send(path, r -> r).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> request) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(15));
        try {
            return CLIENT.send(request.apply(builder).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send(path, r -> r);
    }

    HttpResponse<String> put(String path, String body, String... headers) {
        return send(path, r -> {
            for (int i = 0; i < headers.length; i += 2) {
                r.header(headers[i], headers[i + 1]);
            }
            return r.PUT(HttpRequest.BodyPublishers.ofString(body));
        });
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("node " + id + " was not started");
        }
        return process;
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            resume();
            process.destroyForcibly();
        }
    }
}
