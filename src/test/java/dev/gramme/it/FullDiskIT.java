package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills under a node turns it read-only, and room on it turns it back; nothing acknowledged is lost by either. */
class FullDiskIT {
    /** The log leaves 64 MiB of a disk free, so this fills after 32 MiB. */
    private static final int SMALL_MEBIBYTES = 96;

    private static final int LARGE_MEBIBYTES = 256;
    private static final String VALUE = "x".repeat(512 << 10);
    private static final int MORE_THAN_FIT = 400;
    private static final int REFUSED_IN_A_ROW = 20;

    @TempDir
    private Path directory;

    private final List<String> acknowledged = new ArrayList<>();

    /** Keys that were being written when the disk was found full, each with what makes its retry safe. */
    private final SortedMap<String, String> indeterminate = new TreeMap<>();

    private @Nullable SmallDisk disk;

    @AfterEach
    void unmount() {
        if (disk != null) {
            disk.unmount();
        }
    }

    @Test
    void a_full_disk_refuses_writes_serves_reads_and_takes_writes_again_when_there_is_room() throws Exception {
        SmallDisk small = SmallDisk.mount(directory.resolve("disk"), SMALL_MEBIBYTES);
        disk = small;
        List<Integer> ports = TestCluster.freePorts(2);
        List<String> flags = List.of(
                "--bridge",
                "127.0.0.1:" + ports.get(0),
                "--data",
                small.directory().resolve("data").toString(),
                "--replicas",
                "1");
        try (TestNode node = new TestNode("n1", ports.get(1), directory, flags)) {
            node.start().awaitReady();
            fill(node);
            assertThat(node.status("/q/health/live")).isEqualTo(200);
            assertThat(node.get("/v1/cluster/members").body()).contains("\"writable\":false");
            readBack(node);

            small.growTo(LARGE_MEBIBYTES);
            Awaitility.await("writes are taken again")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> put(node, "after").statusCode() == 204);
            acknowledged.add("after");
            indeterminate.forEach((key, token) -> {
                HttpResponse<String> retried = put(node, key, "Idempotency-Key", token);
                assertThat(retried.statusCode()).as(retried.body()).isEqualTo(204);
                acknowledged.add(key);
            });
            readBack(node);

            assertThat(node.stop()).isIn(0, 143);
            node.start().awaitReady();
            readBack(node);
            node.kill9();
        }
    }

    @Test
    void a_member_with_a_full_disk_is_stood_in_for_and_read_from() throws Exception {
        SmallDisk small = SmallDisk.mount(directory.resolve("n1"), SMALL_MEBIBYTES);
        disk = small;
        try (TestCluster cluster = TestCluster.start(directory, 3)) {
            Awaitility.await("one disk is full")
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        write(cluster);
                        return cluster.node(2).get("/v1/cluster/members").body().contains("\"writable\":false");
                    });
            for (int i = 0; i < REFUSED_IN_A_ROW; i++) {
                write(cluster);
            }
            for (TestNode node : cluster.nodes()) {
                readBack(node);
            }
            cluster.node(1).kill9();
        }
    }

    /** By a member whose disk has room, to keys that all three own. */
    private void write(TestCluster cluster) {
        String key = "k" + acknowledged.size();
        HttpResponse<String> response = put(cluster.node(2), key);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
        acknowledged.add(key);
    }

    /** Writes until many writes in a row were refused: one refusal may end when the stores catch up and the log is cut. */
    private void fill(TestNode node) {
        int refused = 0;
        for (int i = 0; i < MORE_THAN_FIT && refused < REFUSED_IN_A_ROW; i++) {
            String key = "k" + i;
            HttpResponse<String> response = put(node, key);
            refused = response.statusCode() == 204 ? 0 : refused + 1;
            if (response.statusCode() == 204) {
                acknowledged.add(key);
            } else if (response.statusCode() == 503) {
                // It was minted and found no room, so nobody may say that it was not written.
                assertThat(response.body()).contains("urn:gramme:problem:indeterminate");
                indeterminate.put(
                        key, response.headers().firstValue("Idempotency-Key").orElseThrow());
            } else {
                assertThat(response.statusCode()).as(response.body()).isEqualTo(507);
                assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
                assertThat(response.body()).contains("urn:gramme:problem:storage-full", "\"hint\":", "Free space");
            }
        }
        assertThat(refused).as("%d of 512 KiB were taken", acknowledged.size()).isEqualTo(REFUSED_IN_A_ROW);
        assertThat(acknowledged).isNotEmpty();
        // One writer: each time that the disk fills finds one write on its way.
        assertThat(indeterminate).as("%d were taken", acknowledged.size()).hasSizeLessThanOrEqualTo(5);
    }

    private static HttpResponse<String> put(TestNode node, String key, String... headers) {
        return node.put("/v1/kv/disk/" + key, key + VALUE, headers);
    }

    private void readBack(TestNode node) {
        for (String key : acknowledged) {
            HttpResponse<String> read = node.get("/v1/kv/disk/" + key);
            assertThat(read.statusCode()).as("%s: %s", key, read.headers()).isEqualTo(200);
            assertThat(read.body().equals(key + VALUE)).as(key).isTrue();
        }
    }
}
