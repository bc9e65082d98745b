package dev.gramme.cli;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gramme demo}: a cluster of real processes on this machine. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Starts a cluster of nodes as processes on this machine, shows their state, stops them on Ctrl-C.")
final class DemoCommand implements Callable<Integer> {
    private static final int MAX_NODES = 16;
    private static final int MAX_FIRST_PORT = 65_000;
    private static final int REPLICAS = 3;
    private static final long READY_TIMEOUT_SECONDS = 120;
    private static final long STOP_TIMEOUT_SECONDS = 20;
    private static final int LOOK_EVERY_MILLIS = 300;
    private static final int LAST_WORDS = 12;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--nodes",
            defaultValue = "5",
            description = "How many nodes, 1 to " + MAX_NODES + " (default: ${DEFAULT-VALUE}).")
    private int nodeCount;

    @Option(
            names = "--data",
            description =
                    "Directory to keep the nodes in; one that was used before goes on (default: a new temporary one).")
    private @Nullable Path data;

    @Option(
            names = "--http-port",
            defaultValue = "8081",
            description = "First REST port; a taken one is passed over (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
            names = "--bridge-port",
            defaultValue = "7801",
            description = "First bridge port; a taken one is passed over (default: ${DEFAULT-VALUE}).")
    private int bridgePort;

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkNumbers();
        Path root = data == null
                ? Files.createTempDirectory("gramme-demo-")
                : Files.createDirectories(data).toRealPath();
        List<DemoNode> nodes = plan(root);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(nodes, root), "gramme-demo-stop"));
        System.out.println("Starting " + nodeCount + " nodes in " + root);
        for (DemoNode node : nodes) {
            node.start();
        }
        DemoScreen screen = new DemoScreen(nodes, HttpClient.newHttpClient());
        if (!awaitReady(nodes, screen)) {
            return ExitStatus.FAILED;
        }
        screen.introduce(root);
        screen.showUntilInterrupted();
        return ExitStatus.OK;
    }

    private void checkNumbers() {
        if (nodeCount < 1 || nodeCount > MAX_NODES) {
            throw usage("--nodes must be 1 to " + MAX_NODES + ", not " + nodeCount);
        }
        if (Math.min(httpPort, bridgePort) < 1 || Math.max(httpPort, bridgePort) > MAX_FIRST_PORT) {
            throw usage("--http-port and --bridge-port must be 1 to " + MAX_FIRST_PORT);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private List<DemoNode> plan(Path root) throws IOException {
        List<Integer> taken = new ArrayList<>();
        List<DemoNode> nodes = new ArrayList<>();
        for (int i = 1; i <= nodeCount; i++) {
            int http = DemoNode.freePort(httpPort + i - 1, taken);
            taken.add(http);
            int bridge = DemoNode.freePort(bridgePort + i - 1, taken);
            taken.add(bridge);
            nodes.add(new DemoNode("n" + i, http, bridge, root.resolve("n" + i)));
        }
        checkSameNodes(nodes, root);
        String members = nodes.stream().map(DemoNode::member).collect(Collectors.joining(","));
        for (DemoNode node : nodes) {
            node.prepare(members, Math.min(REPLICAS, nodeCount));
        }
        return nodes;
    }

    /** Fewer or more nodes than before would look for the keys in other places: joins and leaves are not a matter of flags. */
    private void checkSameNodes(List<DemoNode> nodes, Path root) throws IOException {
        int before = 0;
        while (new DemoNode("n" + (before + 1), 0, 0, root.resolve("n" + (before + 1))).hasData()) {
            before++;
        }
        if (before != 0 && before != nodes.size()) {
            throw new IOException(
                    root + " holds a demo of " + before + " nodes: give --nodes " + before + ", or another --data");
        }
    }

    private boolean awaitReady(List<DemoNode> nodes, DemoScreen screen) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_TIMEOUT_SECONDS);
        List<String> states = List.of();
        while (System.nanoTime() < deadline && !states.contains("stopped")) {
            states = screen.progress();
            if (states.stream().allMatch("ready"::equals)) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
        System.err.println("\nNot every node became ready. What they said last:");
        for (int i = 0; i < nodes.size(); i++) {
            if (!states.get(i).equals("ready")) {
                System.err.println("  " + nodes.get(i).id() + " (" + states.get(i) + "), "
                        + nodes.get(i).log());
                nodes.get(i).lastWords(LAST_WORDS).forEach(line -> System.err.println("    " + line));
            }
        }
        return false;
    }

    /** Stops every node of this demo that runs, also one that was started again by hand. */
    private static void stop(List<DemoNode> nodes, Path root) {
        List<ProcessHandle> running = new ArrayList<>();
        nodes.forEach(node -> node.process().ifPresent(running::add));
        running.forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_TIMEOUT_SECONDS);
        for (ProcessHandle process : running) {
            try {
                process.onExit().get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | TimeoutException e) {
                process.destroyForcibly();
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        System.out.println("\nStopped " + running.size() + " nodes. Their data and logs are left in " + root);
    }
}
