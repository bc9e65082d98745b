package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster of three grows to five, shrinks to four, and has a node replaced that lost its disk, all under load with strict quorums: every single read
 * shows the last acknowledged write of its key, at any moment of it, and no request fails that a repeat does not clear.
 */
class GrowAndShrinkIT {
    private static final String STRICT = "?quorum=strict";
    private static final int CLIENTS = 12;
    private static final int PER_SECOND = 80;
    private static final int ENOUGH = 400;
    /** The machines of tests vary: what is wanted is 3, and printed is what there was. */
    private static final double SANE_RATIO = 30;

    private static final double SANE_MILLIS = 5_000;

    @TempDir
    private Path directory;

    private final StringBuilder plans = new StringBuilder();

    @Test
    void a_cluster_grows_and_shrinks_and_has_a_node_replaced_while_it_serves() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, 3)) {
            Members.awaitAllUp(cluster);
            Members.awaitWhole(cluster);
            Preloaded preloaded = Preloaded.write(cluster);
            growShrinkAndReplace(cluster, preloaded);
        }
    }

    private void growShrinkAndReplace(TestCluster cluster, Preloaded preloaded) throws Exception {
        try (Load load = Load.start(cluster, STRICT, CLIENTS, PER_SECOND, "warm-up")) {
            load.awaitRequests(3 * ENOUGH);
            LoadPeriod before = load.period("before, three nodes");
            load.awaitRequests(2 * ENOUGH);

            load.period("two nodes start");
            List<TestNode> newcomers = List.of(cluster.add("n4"), cluster.add("n5"));
            newcomers.forEach(cluster::forget);
            LoadPeriod growing = load.period("three to five");
            growToFive(cluster, newcomers);
            load.period("five nodes");
            load.awaitRequests(ENOUGH);

            LoadPeriod shrinking = load.period("five to four");
            TestNode left = shrinkToFour(cluster);
            assertHoldsNothing(left);
            assertThat(left.stop()).isIn(0, 143);
            load.period("four nodes");
            load.awaitRequests(ENOUGH);

            load.period("one is killed, another starts");
            TestNode successor = loseOne(cluster);
            LoadPeriod replacing = load.period("replaced");
            replaceTheDead(cluster, successor);
            load.period("after");
            load.awaitRequests(ENOUGH);

            List<Acknowledged> acknowledged = load.stop();
            String ratios = ratios("three to five", before, growing)
                    + ratios("five to four", before, shrinking)
                    + ratios("replaced", before, replacing);
            Figures.show("grow-and-shrink", plans + "\n" + load.table() + ratios);
            assertThat(load.wrong()).isEmpty();
            Members.awaitNoHints(cluster);
            Operator.awaitSettled(cluster.nodes(), 4);
            ReadBack.everywhere(cluster.nodes(), acknowledged, "?r=3&quorum=strict");
            ReadBack.everywhere(cluster.nodes(), acknowledged, "?r=2");
            preloaded.assertReadBack(cluster, "?r=2");
            preloaded.assertReadBack(cluster, "?r=3&quorum=strict");
            assertSane(before, growing);
            assertSane(before, shrinking);
            assertSane(before, replacing);
        }
    }

    /** Clients are sent to the new ones when they are ready. */
    private void growToFive(TestCluster cluster, List<TestNode> newcomers) {
        plans.append(Operator.summary("three to five", Operator.commitJoins(cluster.node("n1"), "n4", "n5")));
        newcomers.forEach(TestNode::awaitReady);
        newcomers.forEach(cluster::remember);
        Operator.awaitSettled(cluster.nodes(), 2);
    }

    /** By the command line. The one that left, which clients know no more. */
    private TestNode shrinkToFour(TestCluster cluster) throws IOException, InterruptedException {
        TestNode leaver = cluster.node("n2");
        String url = cluster.node("n4").url();
        Program.Run staged = Program.run(directory, "cluster", "leave", "n2", "--url", url);
        assertThat(staged.status()).as(staged.err()).isZero();
        plans.append(staged.out());
        Program.Run committed = Program.run(directory, "cluster", "commit", "--yes", "--watch", "--url", url);
        assertThat(committed.status()).as(committed.err()).isZero();
        plans.append(committed.out());
        Operator.awaitSettled(cluster.nodes(), 3);
        cluster.forget(leaver);
        return leaver;
    }

    /** Killed, and its disk is gone. Who is to take its places. */
    private TestNode loseOne(TestCluster cluster) throws InterruptedException {
        TestNode dead = cluster.node("n3");
        dead.kill9();
        dead.wipe();
        cluster.forget(dead);
        TestNode successor = cluster.add("n6");
        cluster.forget(successor);
        TestNode at = cluster.node("n5");
        Awaitility.await("the dead is held down, and its successor is known")
                .atMost(Duration.ofMinutes(1))
                .until(() -> "down".equals(Members.liveness(at).get("n3"))
                        && Members.liveness(at).containsKey("n6"));
        return successor;
    }

    private void replaceTheDead(TestCluster cluster, TestNode successor) {
        TestNode at = cluster.node("n5");
        JsonNode plan = Operator.replace(at, "n3", successor.id());
        plans.append(Operator.summary("replaced", plan));
        Operator.commit(at, plan);
        successor.awaitReady();
        cluster.remember(successor);
        Operator.awaitSettled(cluster.nodes(), 4);
    }

    private static void assertHoldsNothing(TestNode left) {
        Awaitility.await("the node that left drops what it held")
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> {
                    JsonNode status = Operator.status(left);
                    assertThat(status.path("ring").path("members").toString()).doesNotContain(left.id());
                    for (JsonNode member : status.path("members")) {
                        if (member.path("id").asText().equals(left.id())) {
                            assertThat(member.path("partitions").asInt()).isZero();
                            assertThat(member.path("storedBytes").asLong())
                                    .as(status.toPrettyString())
                                    .isZero();
                        }
                    }
                });
    }

    private static String ratios(String what, LoadPeriod before, LoadPeriod during) {
        return String.format(
                Locale.ROOT,
                "p99 %s beside before: puts %.1f, gets %.1f%n",
                what,
                during.putP99() / before.putP99(),
                during.getP99() / before.getP99());
    }

    private static void assertSane(LoadPeriod before, LoadPeriod during) {
        assertThat(during.putP99()).isLessThan(Math.max(SANE_MILLIS, SANE_RATIO * before.putP99()));
        assertThat(during.getP99()).isLessThan(Math.max(SANE_MILLIS, SANE_RATIO * before.getP99()));
    }
}
