package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can't be meant is refused with a sentence to whoever can act on it, and the ring stays as it was. */
class ClusterRefusalsIT {
    private static final int REFUSED = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    static Path directory;

    private static Path key;
    private static TestCluster cluster;
    private static String ring;

    @BeforeAll
    static void start() throws IOException {
        key = Files.writeString(directory.resolve("cluster.key"), "a secret of some 32 characters ..");
        cluster = TestCluster.start(directory, 3, "--cluster-key-file", key.toString());
        Members.awaitAllUp(cluster);
        ring = Operator.ring(cluster.node(1));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void the_ring_is_as_it_was_and_serves() {
        for (TestNode node : cluster.nodes()) {
            assertThat(Operator.ring(node)).isEqualTo(ring);
            assertThat(Operator.status(node).path("change").isNull()).isTrue();
            assertThat(node.put("/v1/kv/refusals/k", "v").statusCode()).isEqualTo(204);
        }
    }

    @Test
    void a_node_of_another_cluster_name_q_or_n_may_not_join() throws Exception {
        String seeds = cluster.seeds();
        assertThat(refusalOf("a", "--seeds", seeds, "--cluster", "other")).contains("cluster 'other'");
        assertThat(refusalOf("b", "--seeds", seeds, "--partitions", "64")).contains("Q = 64", "256");
        assertThat(refusalOf("c", "--seeds", seeds, "--replicas", "2")).contains("N = 2", "3");
    }

    /** It was founded apart, under the same name and key, and is then led to the cluster by its seeds. */
    @Test
    void two_clusters_of_one_name_that_meet_stay_two_and_both_say_so() {
        try (TestNode alone = node("l").start()) {
            alone.awaitAnswer("/q/health/started", 200);
            assertThat(alone.put("/v1/kv/refusals/of-l?w=1", "v").statusCode()).isEqualTo(204);
        }
        try (TestNode met = node("l", "--seeds", cluster.seeds()).start()) {
            met.awaitAnswer("/q/health/live", 200);
            Awaitility.await("both say so").atMost(PATIENCE).untilAsserted(() -> {
                assertThat(met.get("/v1/cluster/status").body()).contains("no member in common");
                assertThat(cluster.node(1).get("/v1/cluster/status").body()).contains("no member in common");
            });
            assertThat(Operator.ring(met)).startsWith("1 ").isNotEqualTo(ring);
            assertThat(met.get("/v1/kv/refusals/of-l?r=1").body()).isEqualTo("v");
        }
    }

    /** It can't be told anything that it could trust: it goes on asking, and says what is the matter. */
    @Test
    void a_node_with_another_secret_may_not_join() throws Exception {
        Path other = Files.writeString(directory.resolve("other.key"), "another secret of 32 characters.");
        List<String> flags = List.of("--seeds", cluster.seeds(), "--cluster-key-file", other.toString());
        try (TestNode node = new TestNode(
                        "d", Place.onLoopback(), directory.resolve("d"), directory.resolve("d.log"), flags)
                .start()) {
            node.awaitAnswer("/q/health/live", 200);
            Awaitility.await("it says that its key is another").atMost(PATIENCE).untilAsserted(() -> {
                assertThat(node.log()).contains("do both nodes have the same cluster key file?");
                assertThat(node.get("/v1/cluster/status").body()).contains("cluster key file");
            });
            assertThat(node.status("/q/health/started")).isEqualTo(503);
        }
        for (TestNode node : cluster.nodes()) {
            assertThat(Members.liveness(node)).doesNotContainKey("d");
        }
    }

    @Test
    void seeds_that_nobody_answers_at_are_named_while_they_are_tried_again() {
        String nobody = "127.0.0.1:" + TestCluster.freePorts(1).get(0);
        try (TestNode node = node("e", "--seeds", nobody).start()) {
            node.awaitAnswer("/q/health/live", 200);
            Awaitility.await("it says whom it can't find").atMost(PATIENCE).untilAsserted(() -> {
                HttpResponse<String> started = node.get("/q/health/started");
                assertThat(started.statusCode()).isEqualTo(503);
                assertThat(started.body()).contains(nobody);
            });
            assertThat(node.status("/q/health/live")).isEqualTo(200);
            assertThat(node.status("/q/health/ready")).isEqualTo(503);
            assertThat(Operator.status(node).path("standing").asText()).contains("knows no ring yet");
        }
    }

    @Test
    void seeds_that_name_only_the_node_itself_are_refused_at_its_start() throws Exception {
        String bridge = "127.0.0.1:" + TestCluster.freePorts(1).get(0);
        Place place = Place.onLoopback(TestCluster.freePorts(1).get(0), bridge);
        try (TestNode node = node("f", place, "--seeds", bridge).start()) {
            assertThat(node.awaitEnd()).isEqualTo(REFUSED);
            assertThat(node.log()).contains("names nobody but this node itself");
        }
    }

    @Test
    void nonsense_weights_and_zones_are_refused_at_the_start() throws Exception {
        assertThat(refusalOf("g", "--seeds", cluster.seeds(), "--weight", "0")).contains("1 to 1000");
        assertThat(refusalOf("h", "--seeds", cluster.seeds(), "--weight", "1001"))
                .contains("1 to 1000");
        assertThat(refusalOf("i", "--seeds", cluster.seeds(), "--zone", "a zone!"))
                .contains("not a zone: 'a zone!'");
        assertThat(refusalOf("j", "--seeds", "nonsense")).contains("not a seed: 'nonsense'");
    }

    @Test
    void nonsense_about_the_ring_is_refused_to_whoever_asks() {
        assertThat(refused(400, "weight", "{\"node\":\"n1\",\"weight\":0}")).contains("1 to 1000");
        assertThat(refused(400, "weight", "{\"node\":\"n1\",\"weight\":1001}")).contains("1 to 1000");
        assertThat(refused(400, "remove", "{\"node\":\"n1\"}")).contains("force");
        assertThat(refused(400, "join", "{\"seeds\":[]}")).contains("seeds");
        assertThat(refused(404, "leave", "{\"node\":\"n9\"}")).contains("n9");
        assertThat(refused(409, "leave", "{\"node\":\"n3\"}")).contains("N");
        assertThat(refused(409, "remove", "{\"node\":\"n3\",\"force\":true}")).contains("n3");
        assertThat(refused(409, "commit", "{\"plan\":\"0\"}")).contains("nothing is staged");
        assertThat(refused(409, "join", "{\"seeds\":[\"127.0.0.1:1\"]}")).contains("in a ring with [n2, n3] already");
    }

    @Test
    void a_stale_plan_is_not_committed() {
        JsonNode shown = Operator.weight(cluster.node(1), "n1", 150);
        Operator.weight(cluster.node(1), "n2", 300);
        assertThat(refused(409, "commit", "{\"plan\":\"" + shown.path("plan").asText() + "\"}"))
                .contains("stale plan");
        assertThat(cluster.node(1).post("/v1/cluster/cancel", "").statusCode()).isEqualTo(200);
        Awaitility.await("nothing is staged").atMost(PATIENCE).untilAsserted(() -> {
            for (TestNode node : cluster.nodes()) {
                assertThat(Operator.status(node).path("staged")).isEmpty();
            }
        });
    }

    @Test
    void a_live_node_is_not_replaced() {
        try (TestNode node = node("k", "--seeds", cluster.seeds()).start()) {
            node.awaitAnswer("/q/health/live", 200);
            Awaitility.await("it is known")
                    .atMost(PATIENCE)
                    .until(() -> Members.liveness(cluster.node(1)).containsKey("k"));
            assertThat(refused(409, "replace", "{\"old\":\"n3\",\"new\":\"k\"}"))
                    .contains("n3", "leave");
        }
    }

    @Test
    void garbage_at_the_bridge_leaves_the_node_alone() throws Exception {
        TestNode node = cluster.node(1);
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            byte[] garbage = new byte[1 << random.nextInt(17)];
            random.nextBytes(garbage);
            sent(node, garbage);
            sent(node, framed(garbage));
            sent(
                    node,
                    framed("{\"type\":\"send\",\"address\":\"gramme\",\"body\":\"Z2FyYmFnZQ==\"}"
                            .getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(node.status("/q/health/live")).isEqualTo(200);
        assertThat(node.status("/q/health/ready")).isEqualTo(200);
        Members.awaitAllUp(cluster);
    }

    /** What the detail of a refused command says. */
    private static String refused(int status, String command, String json) {
        HttpResponse<String> answer = cluster.node(1).post("/v1/cluster/" + command, json);
        assertThat(answer.statusCode())
                .as("%s %s: %s", command, json, answer.body())
                .isEqualTo(status);
        return Values.json(answer.body()).path("detail").asText();
    }

    /** What a node says that ends by itself because it may not join. */
    private static String refusalOf(String id, String... flags) throws InterruptedException {
        try (TestNode node = node(id, flags).start()) {
            assertThat(node.awaitEnd()).as(node.log()).isIn(2, REFUSED);
            return node.log();
        }
    }

    private static TestNode node(String id, String... flags) {
        return node(id, Place.onLoopback(), flags);
    }

    private static TestNode node(String id, Place place, String... flags) {
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of("--cluster-key-file", key.toString()));
        return new TestNode(id, place, directory.resolve(id), directory.resolve(id + ".log"), all);
    }

    private static byte[] framed(byte[] body) {
        return ByteBuffer.allocate(4 + body.length)
                .putInt(body.length)
                .put(body)
                .array();
    }

    /** The node may close the connection at any byte of it. */
    private static void sent(TestNode node, byte[] bytes) {
        int port = Integer.parseInt(node.bridge().substring(node.bridge().indexOf(':') + 1));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                OutputStream out = socket.getOutputStream()) {
            write(out, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to the bridge of " + node.id(), e);
        }
    }

    private static void write(OutputStream out, byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?i).*(broken pipe|reset).*");
        }
    }
}
