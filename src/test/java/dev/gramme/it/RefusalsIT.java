package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that can't be what its flags say ends with a reason, and leaves the others and its data alone. */
class RefusalsIT {
    private static final int REFUSED = 3;

    @TempDir
    private Path directory;

    @Test
    void a_data_directory_of_another_cluster_q_n_or_node_is_refused_and_stays_usable() throws Exception {
        List<Integer> ports = TestCluster.freePorts(2);
        List<String> flags = alone("127.0.0.1:" + ports.get(0), "d");
        try (TestNode node = new TestNode("n1", ports.get(1), directory, flags)) {
            node.start().awaitReady();
            assertThat(node.put("/v1/kv/b/k?w=1", "kept").statusCode()).isEqualTo(204);
            node.stop();
        }
        assertThat(refusal("n1", flags, "--cluster", "other")).contains("cluster");
        assertThat(refusal("n1", flags, "--partitions", "64")).contains("64");
        assertThat(refusal("n1", flags.subList(0, 4), "--replicas", "2")).contains("2");
        assertThat(refusal("n2", flags)).contains("n2");
        try (TestNode again = new TestNode("n1", ports.get(1), directory, flags)) {
            again.start().awaitReady();
            assertThat(again.get("/v1/kv/b/k?r=1").body()).isEqualTo("kept");
        }
    }

    @Test
    void a_second_process_on_one_data_directory_is_refused() throws Exception {
        List<Integer> ports = TestCluster.freePorts(3);
        String data = directory.resolve("d").toString();
        try (TestNode first = new TestNode("n1", ports.get(0), directory, alone("127.0.0.1:" + ports.get(1), "d"))) {
            first.start().awaitReady();
            assertThat(refusal("n1", alone("127.0.0.1:" + ports.get(2), "d"))).contains(data);
            assertThat(first.status("/q/health/ready")).isEqualTo(200);
        }
    }

    @Test
    void a_port_in_use_is_named() throws Exception {
        List<Integer> ports = TestCluster.freePorts(2);
        String bridge = "127.0.0.1:" + ports.get(1);
        try (TestNode first = new TestNode("n1", ports.get(0), directory, alone(bridge, "a"))) {
            first.start().awaitReady();
            assertThat(refusal("n1", alone(bridge, "b"))).contains(Integer.toString(ports.get(1)));
        }
    }

    @Test
    void a_second_node_with_the_same_id_refuses_and_the_first_goes_on() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, 3)) {
            List<Integer> ports = TestCluster.freePorts(2);
            String members = "n1=127.0.0.1:" + ports.get(1) + "," + peers(cluster);
            List<String> flags = List.of(
                    "--bridge",
                    "127.0.0.1:" + ports.get(1),
                    "--data",
                    directory.resolve("twin").toString(),
                    "--members",
                    members);
            Path logs = Files.createDirectories(directory.resolve("twin-log"));
            try (TestNode twin = new TestNode("n1", ports.get(0), logs, flags)) {
                twin.start();
                assertThat(twin.awaitEnd()).isEqualTo(REFUSED);
                assertThat(twin.log()).contains("n1");
            }
            cluster.awaitReady();
            assertThat(cluster.node(1).put("/v1/kv/b/k", "v").statusCode()).isEqualTo(204);
        }
    }

    /** Flags of a cluster of one node, which keeps one copy. */
    private List<String> alone(String bridge, String data) {
        return List.of("--bridge", bridge, "--data", directory.resolve(data).toString(), "--replicas", "1");
    }

    private static String peers(TestCluster cluster) {
        return cluster.node(2).member() + "," + cluster.node(3).member();
    }

    /** What a node that must refuse to start says. */
    private String refusal(String id, List<String> flags, String... more) throws Exception {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(more));
        Path logs = Files.createTempDirectory(directory, "refusal");
        try (TestNode node = new TestNode(id, TestCluster.freePorts(1).get(0), logs, all)) {
            node.start();
            assertThat(node.awaitEnd()).as(node.log()).isEqualTo(REFUSED);
            return node.log();
        }
    }
}
