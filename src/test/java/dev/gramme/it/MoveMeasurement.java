package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients feel of a ring that grows and shrinks: three nodes under {@code gramme bench} at a set rate become five, then four, and one of these is killed, its disk wiped, and
 * another put in its place. By hand, after {@code mvn package -DskipTests}:
 *
 * <pre>mvn -Dit.test=MoveMeasurement failsafe:integration-test</pre>
 *
 * <p>The table is printed, and kept in {@code target/figures/move.md}, with the latencies by second beside it ({@code move.hlog}): what it was before each change, for a checkpoint's time and more with the same processes, and during it, from its commit until every node goes by
 * the new ring. Settings, as system properties: {@code gramme.move.keys} (60000), {@code gramme.move.valueBytes} (1024), {@code gramme.move.perSecond} (200), {@code
 * gramme.move.seconds} that bench runs for, and all must be over in (480), {@code gramme.move.secondsBefore} (45), {@code gramme.move.flags} of the nodes and {@code gramme.move.java} of their virtual machines, by blanks. The files lie where {@code
 * java.io.tmpdir} says: in memory ({@code /dev/shm}) the disk's part is left out.
 */
class MoveMeasurement {
    private static final int KEYS = Integer.getInteger("gramme.move.keys", 60_000);
    private static final int VALUE_BYTES = Integer.getInteger("gramme.move.valueBytes", 1_024);
    private static final int PER_SECOND = Integer.getInteger("gramme.move.perSecond", 200);
    private static final int SECONDS = Integer.getInteger("gramme.move.seconds", 480);
    private static final String FLAGS = System.getProperty("gramme.move.flags", "");
    /** The launcher's, with a heap for one of many, and without a second compiler: on two cores five of those are most of what there is to measure. */
    private static final String JAVA_FLAGS = System.getProperty(
            "gramme.move.java",
            "-Xmx384m -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m"
                    + " -XX:MetaspaceSize=64m -XX:-UsePerfData");

    /** So many that gets never wait in bench for puts that wait for a disk. */
    private static final int UNDER_WAY = 1_024;

    private static final int WARM_UP_SECONDS = 20;
    private static final int SECONDS_BEFORE = Integer.getInteger("gramme.move.secondsBefore", 45);
    private static final int SECONDS_BETWEEN = 15;

    @TempDir
    private Path directory;

    @Test
    void three_nodes_become_five_and_four_and_one_is_replaced() throws Exception {
        String[] flags = FLAGS.isBlank() ? new String[0] : FLAGS.split(" ");
        Program.Build build = new Program.Build(Program.own().jar(), JAVA_FLAGS);
        try (TestCluster cluster = TestCluster.start(build, directory, id -> Place.onLoopback(), 3, flags)) {
            Members.awaitAllUp(cluster);
            try (BenchRun bench = BenchRun.start(
                    directory,
                    cluster.urls(),
                    "--keys",
                    Integer.toString(KEYS),
                    "--size",
                    Integer.toString(VALUE_BYTES),
                    "--rate",
                    Integer.toString(PER_SECOND),
                    "--concurrency",
                    Integer.toString(UNDER_WAY),
                    "--warmup",
                    Integer.toString(WARM_UP_SECONDS),
                    "--seconds",
                    Integer.toString(SECONDS))) {
                bench.awaitMeasured(Duration.ofMinutes(10));
                measure(cluster, bench);
                bench.period("after");
                bench.awaitEnd(Duration.ofSeconds(SECONDS + 60));
                Figures.show("move", bench.table());
                bench.keepLog("move");
                bench.assertOnlyRepeatable();
            }
        }
    }

    private void measure(TestCluster cluster, BenchRun bench) throws IOException, InterruptedException {
        bench.period("three nodes");
        bench.awaitSeconds(SECONDS_BEFORE);

        bench.period("two more start");
        List<TestNode> newcomers = List.of(cluster.add("n4"), cluster.add("n5"));
        bench.awaitSeconds(SECONDS_BETWEEN);
        before(bench, "five nodes, two outside the ring");
        bench.period("three to five", "five nodes, two outside the ring");
        Operator.commitJoins(cluster.node("n1"), "n4", "n5");
        newcomers.forEach(TestNode::awaitReady);
        Operator.awaitSettled(cluster.nodes(), 2);

        before(bench, "five nodes");
        JsonNode leave = Operator.leave(cluster.node("n1"), "n4");
        bench.period("five to four", "five nodes");
        Operator.commit(cluster.node("n1"), leave);
        Operator.awaitSettled(cluster.nodes(), 3);
        TestNode leaver = cluster.node("n4");
        cluster.forget(leaver);

        bench.period("the leaver ends, another starts");
        assertThat(leaver.stop()).isIn(0, 143);
        cluster.add("n6");
        bench.awaitSeconds(SECONDS_BETWEEN);
        before(bench, "five nodes, one outside the ring");
        bench.period("one is killed and wiped", "five nodes, one outside the ring");
        TestNode dead = cluster.node("n5");
        dead.kill9();
        dead.wipe();
        cluster.forget(dead);
        Awaitility.await("the dead is held down")
                .atMost(Duration.ofMinutes(1))
                .until(() -> "down".equals(Members.liveness(cluster.node("n1")).get("n5")));
        bench.awaitSeconds(SECONDS_BETWEEN);
        JsonNode replace = Operator.replace(cluster.node("n1"), "n5", "n6");
        bench.period("replaced", "five nodes, one outside the ring");
        Operator.commit(cluster.node("n1"), replace);
        Operator.awaitSettled(cluster.nodes(), 4);
    }

    private static void before(BenchRun bench, String name) {
        bench.period(name);
        bench.awaitSeconds(SECONDS_BEFORE);
    }
}
