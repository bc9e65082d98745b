package dev.gramme.cli;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gramme demo}: a cluster of real processes on this machine. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Starts a cluster of nodes as processes on this machine, shows their state, stops them on Ctrl-C.")
final class DemoCommand implements Callable<Integer> {
    private static final int MAX_NODES = 16;
    private static final long READY_TIMEOUT_SECONDS = 120;
    private static final long STOP_TIMEOUT_SECONDS = 15;

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

    private final HttpClient client = HttpClient.newHttpClient();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (nodeCount < 1 || nodeCount > MAX_NODES) {
            System.err.println("--nodes must be 1 to " + MAX_NODES + ", not " + nodeCount);
            return ExitStatus.USAGE;
        }
        Path root = data == null
                ? Files.createTempDirectory("gramme-demo-")
                : Files.createDirectories(data).toAbsolutePath();
        List<DemoNode> nodes = plan(root);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(nodes), "gramme-demo-stop"));
        System.out.println("Starting " + nodeCount + " nodes in " + root);
        for (DemoNode node : nodes) {
            node.start();
        }
        DemoScreen screen = new DemoScreen(nodes, client);
        if (!awaitReady(nodes, screen)) {
            return ExitStatus.FAILED;
        }
        screen.introduce(root);
        screen.showUntilInterrupted();
        return ExitStatus.OK;
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
        String members = nodes.stream().map(DemoNode::member).collect(Collectors.joining(","));
        for (DemoNode node : nodes) {
            node.prepare(members);
        }
        return nodes;
    }

    private boolean awaitReady(List<DemoNode> nodes, DemoScreen screen) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_TIMEOUT_SECONDS);
        while (System.nanoTime() < deadline) {
            List<String> states = screen.progress();
            if (states.stream().allMatch("ready"::equals)) {
                return true;
            }
            if (states.stream().allMatch("stopped"::equals)) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(300);
        }
        System.err.println("\nNot every node became ready. What they say:");
        for (DemoNode node : nodes) {
            System.err.println("  " + node.id() + ": " + node.log());
        }
        return false;
    }

    /** Stops every node of this demo that runs, also one that was started again by hand. */
    private static void stop(List<DemoNode> nodes) {
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
        System.out.println("\nStopped " + running.size() + " nodes.");
    }
}
