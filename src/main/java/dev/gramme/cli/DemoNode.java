package dev.gramme.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One node of the demo: a directory with its data, its log, its pid and a script that starts it, so that one killed by hand is started again with
 * one command.
 */
final class DemoNode {
    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(800);

    private final String id;
    private final int httpPort;
    private final int bridgePort;
    private final Path directory;

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
        for (int port = wanted; port < wanted + 1_000; port++) {
            if (!taken.contains(port) && isFree(port)) {
                return port;
            }
        }
        throw new UncheckedIOException(new IOException("no free port from " + wanted + " to " + (wanted + 999)));
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes the start script: it records its pid, then becomes the node. */
    void prepare(String members) throws IOException {
        Files.createDirectories(directory);
        List<String> words = new ArrayList<>(ThisProgram.command());
        words.addAll(List.of("server", "--node-id", id, "--http", "127.0.0.1:" + httpPort));
        words.addAll(List.of("--bridge", "127.0.0.1:" + bridgePort, "--members", members));
        words.addAll(List.of("--data", directory.resolve("data").toString(), "--cluster", "demo"));
        StringBuilder line = new StringBuilder();
        words.forEach(w -> line.append(" '").append(w.replace("'", "'\\''")).append('\''));
        String quoted = "'" + directory.toString().replace("'", "'\\''") + "'";
        Files.writeString(
                script(),
                "#!/bin/sh\n# Starts node " + id + " of the demo; it ends with the demo.\ncd " + quoted
                        + " || exit 1\necho $$ > pid\nexec" + line + " >> log 2>&1 < /dev/null\n");
        Files.setPosixFilePermissions(script(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    void start() throws IOException {
        new ProcessBuilder(script().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The process, if it runs, also one started by hand. */
    Optional<ProcessHandle> process() {
        try {
            long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
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
