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
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** One node as a process, with what a test does to it. */
final class TestNode implements AutoCloseable {
    /** Ten programs that start at once on two busy cores have been seen to take more than a minute for that alone. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final int LAST_LOG_CHARS = 6_000;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Program.Build build;
    private final String id;
    private final Path data;
    private final Path log;
    private final List<String> flags;
    private volatile Place place;
    private boolean moved;
    private @Nullable Process process;

    /** On loopback; {@code flags} hold {@code --bridge} and {@code --data} among others. */
    TestNode(String id, int httpPort, Path directory, List<String> flags) {
        this(
                id,
                Place.onLoopback(httpPort, valueOf("--bridge", flags)),
                Path.of(valueOf("--data", flags)),
                directory.resolve(id + ".log"),
                without("--bridge", without("--data", flags)));
    }

    TestNode(String id, Place place, Path data, Path log, List<String> flags) {
        this(Program.own(), id, place, data, log, flags);
    }

    TestNode(Program.Build build, String id, Place place, Path data, Path log, List<String> flags) {
        this.build = build;
        this.id = id;
        this.place = place;
        this.data = data;
        this.log = log;
        this.flags = List.copyOf(flags);
    }

    private static String valueOf(String flag, List<String> flags) {
        return flags.get(flags.indexOf(flag) + 1);
    }

    private static List<String> without(String flag, List<String> flags) {
        List<String> others = new ArrayList<>(flags);
        int at = others.indexOf(flag);
        others.subList(at, at + 2).clear();
        return others;
    }

    String id() {
        return id;
    }

    String bridge() {
        return place.bridge();
    }

    /** As {@code --members} takes it. */
    String member() {
        return id + "=" + bridge();
    }

    String url() {
        return place.url();
    }

    Path data() {
        return data;
    }

    TestNode start() {
        List<String> command = new ArrayList<>(place.enter());
        command.addAll(
                Program.command(build, "server", "--node-id", id, "--http", place.http(), "--bridge", place.bridge()));
        command.addAll(List.of("--data", data.toString()));
        command.addAll(flags);
        if (moved) {
            // The list of members that it was started with has its old address.
            command.addAll(List.of("--advertise", place.bridge()));
        }
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

    /** Where its next start finds it. */
    TestNode moveTo(Place elsewhere) {
        place = elsewhere;
        moved = true;
        return this;
    }

    /** Its disk is lost. Only while it does not run. */
    void wipe() {
        if (runs()) {
            throw new IllegalStateException("node " + id + " runs");
        }
        try (Stream<Path> files = Files.walk(data)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processor's time that the process has taken since it was started. */
    Duration cores() {
        return running().info().totalCpuDuration().orElseThrow();
    }

    boolean runs() {
        return process != null && process.isAlive();
    }

    /** Until a GET of {@code path} is answered with {@code status}, or the node ends. */
    void awaitAnswer(String path, int status) {
        try {
            await("node " + id + " answers " + path + " with " + status)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        if (!running().isAlive()) {
                            throw new AssertionError("node " + id + " ended: " + log());
                        }
                        return status(path) == status;
                    });
        } catch (ConditionTimeoutException late) {
            throw new AssertionError(late.getMessage() + "\n" + condition(path), late);
        }
    }

    /** What it says of itself, while its directory is still there. */
    private String condition(String path) {
        StringBuilder said = new StringBuilder();
        for (String asked : List.of(path, "/v1/cluster/members", "/v1/cluster/status")) {
            said.append(asked).append(": ");
            try {
                said.append(get(asked).body()).append('\n');
            } catch (UncheckedIOException e) {
                said.append(e).append('\n');
            }
        }
        String all = log();
        return said + all.substring(Math.max(0, all.length() - LAST_LOG_CHARS));
    }

    void awaitReady() {
        awaitAnswer("/q/health/ready", 200);
    }

    /** The exit status of a node that ends by itself. */
    int awaitEnd() throws InterruptedException {
        if (!running().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("node " + id + " did not end: " + log());
        }
        return running().exitValue();
    }

    /** SIGTERM, and does not wait. */
    void terminate() {
        running().destroy();
    }

    void kill9() throws InterruptedException {
        running().destroyForcibly().waitFor();
    }

    /** SIGTERM, and waits. */
    int stop() throws InterruptedException {
        terminate();
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
        return status(path, Duration.ofSeconds(15));
    }

    /** The status of a GET, 0 if there was no answer in time. */
    int status(String path, Duration within) {
        try {
            return send(path, r -> r.timeout(within)).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> request) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(15));
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

    HttpResponse<String> post(String path, String json) {
        return send(
                path,
                r -> r.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json)));
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
