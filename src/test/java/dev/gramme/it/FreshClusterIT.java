package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The members of a new cluster can't know that they have nothing to lack: they compare at once, and then answer strict reads. */
class FreshClusterIT {
    /** Of which nothing is needed but on a machine that has much else to do. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    @Test
    void the_nodes_of_a_new_cluster_are_whole_soon_after_all_are_up() throws IOException {
        StringBuilder figures = new StringBuilder();
        for (int size : new int[] {3, 5}) {
            Path data = Files.createDirectory(directory.resolve("of-" + size));
            try (TestCluster cluster = TestCluster.start(data, size)) {
                long start = System.nanoTime();
                Members.awaitWhole(cluster);
                Duration whole = Duration.ofNanos(System.nanoTime() - start);
                figures.append(size)
                        .append(" nodes: whole ")
                        .append(whole.toMillis())
                        .append(" ms after all were ready\n");
                TestNode node = cluster.node(size);
                assertThat(node.get("/v1/kv/b/nothing?quorum=strict").statusCode())
                        .isEqualTo(404);
                assertThat(whole).isLessThan(LIMIT);
            }
        }
        Figures.show("fresh-cluster", figures.toString());
    }
}
