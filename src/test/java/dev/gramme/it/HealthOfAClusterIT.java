package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each probe of each node answers while a node is killed, paused, cut off or draining: the README's table. */
class HealthOfAClusterIT {
    private static final int LEFT = 3;
    private static final int NODES = 5;
    /** Who is stopped or gone does not answer in that time, nor in any. */
    private static final Duration NO_ANSWER = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** A node drains for as long as the test looks at it. */
    private static final String DRAIN_MILLIS = "60000";

    private static final List<String> PROBES =
            List.of("/q/health/live", "/q/health/started", "/q/health/ready", "/q/health/group/cluster");

    @TempDir
    private Path directory;

    private final StringBuilder table = new StringBuilder(
            "| while | asked at | live | started | ready | group/cluster |\n|---|---|---|---|---|---|\n");

    @Test
    void probes_tell_a_node_s_own_trouble_from_its_neighbours() throws Exception {
        try (Namespaces network = Namespaces.make(directory, LEFT);
                TestCluster cluster = TestCluster.start(directory, network, NODES, "--drain-timeout", DRAIN_MILLIS)) {
            List<TestNode> all = cluster.nodes();
            List<TestNode> others = all.subList(0, NODES - 1);
            TestNode troubled = all.get(NODES - 1);
            awaitGroup(all, 200);
            assertRow("all is well", "any node", all, "200", "200", "200", "200");

            troubled.kill9();
            awaitGroup(others, 503);
            assertRow("a node is killed", "it", List.of(troubled), "-", "-", "-", "-");
            assertRow("a node is killed", "the others", others, "200", "200", "200", "503");
            troubled.start();
            awaitGroup(all, 200);

            troubled.pause();
            awaitGroup(others, 503);
            assertRow("a node is paused (SIGSTOP)", "it", List.of(troubled), "-", "-", "-", "-");
            assertRow("a node is paused (SIGSTOP)", "the others", others, "200", "200", "200", "503");
            troubled.resume();
            awaitGroup(all, 200);

            network.cut();
            awaitGroup(all, 503);
            assertRow("a network split 3 \\| 2", "the three", all.subList(0, LEFT), "200", "200", "200", "503");
            assertRow("a network split 3 \\| 2", "the two", all.subList(LEFT, NODES), "200", "200", "200", "503");
            network.heal();
            awaitGroup(all, 200);

            drain(troubled, others);
            troubled.start();
            awaitGroup(all, 200);
        } finally {
            Figures.show("health", table.toString());
        }
    }

    /** A request that does not end keeps it draining. */
    private void drain(TestNode node, List<TestNode> others) throws IOException, InterruptedException {
        URI url = URI.create(node.url());
        try (Socket slow = new Socket(url.getHost(), url.getPort())) {
            slow.getOutputStream()
                    .write("PUT /v1/kv/slow/k HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nslow"
                            .getBytes(StandardCharsets.US_ASCII));
            slow.getOutputStream().flush();
            awaitStatus(List.of(node), "/q/health/ready", 200);
            node.terminate();
            awaitStatus(List.of(node), "/q/health/ready", 503);
            awaitGroup(others, 503);
            assertRow("a node drains (SIGTERM)", "it", List.of(node), "200", "200", "503", "503");
            assertRow("a node drains (SIGTERM)", "the others", others, "200", "200", "200", "503");
        }
        assertThat(node.awaitEnd()).isIn(0, 143);
    }

    private static void awaitGroup(List<TestNode> nodes, int status) {
        awaitStatus(nodes, "/q/health/group/cluster", status);
    }

    private static void awaitStatus(List<TestNode> nodes, String path, int status) {
        Awaitility.await(path + " answers " + status)
                .atMost(PATIENCE)
                .until(() -> nodes.stream().allMatch(node -> node.status(path) == status));
    }

    private void assertRow(String situation, String where, List<TestNode> nodes, String... expected) {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < expected.length; i++) {
            boolean answers = !expected[i].equals("-");
            seen.add(seen(nodes, PROBES.get(i), answers ? PATIENCE : NO_ANSWER));
        }
        table.append("| ").append(situation).append(" | ").append(where).append(" | ");
        table.append(String.join(" | ", seen)).append(" |\n");
        assertThat(seen).as("%s: %s", situation, where).containsExactly(expected);
    }

    /** The statuses that these nodes answer with; "-" for no answer. */
    private static String seen(List<TestNode> nodes, String probe, Duration within) {
        TreeSet<String> statuses = new TreeSet<>();
        for (TestNode node : nodes) {
            int status = node.status(probe, within);
            statuses.add(status == 0 ? "-" : Integer.toString(status));
        }
        return String.join(" or ", statuses);
    }
}
