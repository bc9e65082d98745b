package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One of five nodes is killed and its disk wiped while clients write and read with strict quorums. How long until it is whole again, beside a raw copy of the same files; what clients
 * felt of it, with the controller of background work and without; and that no read was wrong. By hand, after {@code mvn package -DskipTests}:
 *
 * <pre>mvn -Dit.test=RebuildMeasurement -Dgramme.rebuild.megabytes=300 -DargLine=-XX:TieredStopAtLevel=1 failsafe:integration-test</pre>
 *
 * <p>The clients share the nodes' cores: with the second compiler in their own process clients feel that one (it takes half a core for seconds).
 *
 * <p>The tables are printed, and kept in {@code target/figures/rebuild-PACE.md}. Settings, as system properties: {@code gramme.rebuild.megabytes} on each of the five (50), {@code
 * gramme.rebuild.valueBytes} (8192), {@code gramme.rebuild.perSecond} requests of the load (100), {@code gramme.rebuild.seconds} of quiet before (30), {@code gramme.rebuild.minutes}
 * that loading and rebuilding may each take (30), {@code gramme.rebuild.paces}: values of {@code --background-pace}, each in a cluster of its own, one after the other
 * (adaptive,unlimited).
 */
class RebuildMeasurement {
    private static final int NODES = 5;
    private static final int REPLICAS = 3;
    private static final long MEGABYTE = 1_000_000;
    private static final int PARTITIONS = 256;
    private static final int MEGABYTES = Integer.getInteger("gramme.rebuild.megabytes", 50);
    private static final int VALUE_BYTES = Integer.getInteger("gramme.rebuild.valueBytes", 8 << 10);
    private static final int PER_SECOND = Integer.getInteger("gramme.rebuild.perSecond", 100);
    private static final int SECONDS_BEFORE = Integer.getInteger("gramme.rebuild.seconds", 30);
    private static final Duration LIMIT = Duration.ofMinutes(Integer.getInteger("gramme.rebuild.minutes", 30));
    private static final List<String> PACES = List.of(
            System.getProperty("gramme.rebuild.paces", "adaptive,unlimited").split(","));
    private static final int CLIENTS = 12;
    /** An answer with all metrics takes the node that is watched some milliseconds. */
    private static final Duration POLL = Duration.ofSeconds(1);

    private static final int SECONDS_AFTER = 10;
    private static final String STRICT = "?quorum=strict";

    @TempDir
    private Path directory;

    @Test
    void a_wiped_node_of_five_becomes_whole_under_load() throws InterruptedException, IOException {
        List<String> failed = new ArrayList<>();
        for (String pace : PACES) {
            Path own = Files.createDirectory(directory.resolve(pace));
            try (TestCluster cluster = TestCluster.start(own, NODES, "--background-pace", pace)) {
                failed.addAll(rebuild(cluster, pace));
            }
        }
        assertThat(failed).isEmpty();
    }

    /** What was wrong. */
    private List<String> rebuild(TestCluster cluster, String pace) throws InterruptedException {
        BulkValues values = new BulkValues((int) (MEGABYTES * MEGABYTE * NODES / REPLICAS / VALUE_BYTES), VALUE_BYTES);
        RebuildReport report = new RebuildReport(pace, values);
        values.write(cluster.nodes(), LIMIT);
        Members.awaitNoHints(cluster);
        TestNode wiped = cluster.node(NODES);
        try (Load load = Load.start(cluster, STRICT, CLIENTS, PER_SECOND, "warm-up")) {
            load.awaitRequests(PER_SECOND * SECONDS_AFTER);
            LoadPeriod before = load.period("before");
            load.awaitRequests(PER_SECOND * SECONDS_BEFORE);
            load.period("killed, wiped, started");
            wiped.kill9();
            report.held(Copied.of(wiped.data(), directory.resolve("copy-" + pace)));
            wiped.wipe();
            wiped.start();
            wiped.awaitReady();
            LoadPeriod during = load.period("while it is rebuilt");
            awaitWhole(wiped, report);
            load.period("after");
            load.awaitRequests(PER_SECOND * SECONDS_AFTER);
            AtomicInteger asked = new AtomicInteger();
            int missing = values.missingAt(wiped, Members.owned(wiped), PARTITIONS, asked);
            report.atWiped(asked.get(), missing);
            List<Acknowledged> acknowledged = load.stop();
            List<String> wrong = new ArrayList<>(load.wrong());
            report.felt(before, during, load);
            Figures.show("rebuild-" + pace, report.table() + "\n" + load.table());
            if (missing > 0) {
                wrong.add(missing + " values of " + asked + " are not at the node that was wiped");
            }
            ReadBack.everywhere(cluster.nodes(), acknowledged, "?r=2&quorum=strict");
            return wrong;
        }
    }

    /** Whole: it lacks nothing, and has compared every partition with every other owner, as somebody asked it to. */
    private static void awaitWhole(TestNode wiped, RebuildReport report) {
        long start = System.nanoTime();
        assertThat(wiped.post("/v1/cluster/repair", "").statusCode()).isEqualTo(202);
        Awaitility.await("the wiped node is whole")
                .atMost(LIMIT)
                .pollInterval(POLL)
                .until(() -> {
                    String metrics = wiped.get("/q/metrics").body();
                    long left = Traffic.value(metrics, "gramme_repair_left");
                    long lacking = Traffic.value(metrics, "gramme_partitions_lacking");
                    report.watch(Duration.ofNanos(System.nanoTime() - start), left, lacking, metrics);
                    return left == 0 && lacking == 0;
                });
        report.whole(Duration.ofNanos(System.nanoTime() - start));
    }
}
