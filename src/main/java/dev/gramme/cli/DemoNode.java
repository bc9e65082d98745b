package dev.gramme.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One node of the demo: a directory with its data, its log, its pid and a script that starts it, so that one killed by hand is started again with
 * one command.
 */
final class DemoNode {
    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(800);
    private static final int MAX_PORT = 65_535;

    private final String id;
    private final int httpPort;
    private final int bridgePort;
    private final Path directory;
    private @Nullable Process started;

    DemoNode(String id, int httpPort, int bridgePort, Path directory) {
        this.id = id;
        this.httpPort = httpPort;
        this.bridgePort = bridgePort;
        this.directory = directory;
    }

    String id() {
        return id;
    }

    String url() {
        return "http://127.0.0.1:" + httpPort;
    }

    String member() {
        return id + "=127.0.0.1:" + bridgePort;
    }

    Path script() {
        return directory.resolve("start");
    }

    Path log() {
        return directory.resolve("log");
    }

    /** The first free port from {@code wanted} upwards. */
    static int freePort(int wanted, List<Integer> taken) {
        int last = Math.min(wanted + 999, MAX_PORT);
        for (int port = wanted; port <= last; port++) {
            if (!taken.contains(port) && isFree(port)) {
                return port;
            }
        }
        throw new UncheckedIOException(new IOException("there is no free port from " + wanted + " to " + last));
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the directory was this node's in an earlier demo. */
    boolean hasData() {
        return Files.isDirectory(data());
    }

    private Path data() {
        return directory.resolve("data");
    }

    private Path pidFile() {
        return directory.resolve("pid");
    }

    /**
     * Writes the start script: it records its pid, then becomes the node.
     *
     * @param replicas N
     * @throws IOException also if the node of an earlier demo in this directory still runs
     */
    void prepare(String members, int replicas) throws IOException {
        if (process().isPresent()) {
            throw new IOException("node " + id + " of another demo in " + directory + " still runs: stop that demo, or"
                    + " give another --data");
        }
        Files.createDirectories(directory);
        Files.deleteIfExists(pidFile());
        List<String> words = new ArrayList<>(ThisProgram.command());
        // The directory comes early: process() looks for it, and systems cut long command lines.
        words.addAll(List.of("server", "--data", data().toString(), "--node-id", id, "--cluster", "demo"));
        words.addAll(List.of("--http", "127.0.0.1:" + httpPort, "--bridge", "127.0.0.1:" + bridgePort));
        words.addAll(List.of("--replicas", Integer.toString(replicas), "--members", members));
        StringBuilder line = new StringBuilder();
        words.forEach(word -> line.append(' ').append(quoted(word)));
        Files.writeString(
                script(),
                "#!/bin/sh\n# Starts node " + id + " of the demo; it ends with the demo.\ncd "
                        + quoted(directory.toString()) + " || exit 1\necho $$ > pid\nexec" + line
                        + " >> log 2>&1 < /dev/null\n");
        Files.setPosixFilePermissions(script(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    void start() throws IOException {
        started = new ProcessBuilder(script().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The node's process, if it runs, also one started by hand. */
    Optional<ProcessHandle> process() {
        if (started != null && started.isAlive()) {
            return Optional.of(started.toHandle());
        }
        try {
            long pid = Long.parseLong(Files.readString(pidFile()).strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isThisNode);
        } catch (IOException | NumberFormatException e) {
            // No pid was written, or not yet.
            return Optional.empty();
        }
    }

    /** A pid is given to another process some day, and that one must not be stopped. */
    private boolean isThisNode(ProcessHandle process) {
        return process.info()
                .commandLine()
                .map(line -> line.contains(directory + "/"))
                .orElse(true);
    }

    /** The last lines of its log. */
    List<String> lastWords(int lines) throws IOException {
        if (!Files.exists(log())) {
            return List.of();
        }
        try (Stream<String> all = Files.lines(log(), StandardCharsets.ISO_8859_1)) {
            List<String> said = all.toList();
            return said.subList(Math.max(0, said.size() - lines), said.size());
        }
    }

    /** "ready", "not ready", "no answer" (it runs, but is starting or stuck) or "stopped". */
    String state(HttpClient client) {
        if (process().isEmpty()) {
            return "stopped";
        }
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/q/health/ready"))
                    .timeout(PROBE_TIMEOUT)
                    .build();
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status == 200 ? "ready" : "not ready";
        } catch (IOException e) {
            return "no answer";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "no answer";
        }
    }
}
