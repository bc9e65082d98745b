package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a join costs: a sixth node comes to five that hold so many bytes each, in 256 partitions, under a light load. Time, bytes beside the least possible
 * bytes, and what clients felt of it. By hand, after {@code mvn package -DskipTests}:
 *
 * <pre>mvn -Dit.test=JoinMeasurement -Dgramme.join.megabytes=1000 failsafe:integration-test</pre>
 *
 * <p>The table is printed, and kept in {@code target/figures/join.md}. Settings, as system properties: {@code gramme.join.megabytes} on each of the five
 * (50), {@code gramme.join.valueBytes} (32768), {@code gramme.join.perSecond} requests of the light load (40), {@code gramme.join.minutes} that loading
 * and joining may each take (30).
 */
class JoinMeasurement {
    private static final int NODES = 5;
    private static final int REPLICAS = 3;
    private static final long MEGABYTE = 1_000_000;
    private static final int MEGABYTES = Integer.getInteger("gramme.join.megabytes", 50);
    private static final int VALUE_BYTES = Integer.getInteger("gramme.join.valueBytes", 32 << 10);
    private static final int PER_SECOND = Integer.getInteger("gramme.join.perSecond", 40);
    private static final Duration LIMIT = Duration.ofMinutes(Integer.getInteger("gramme.join.minutes", 30));
    private static final int CLIENTS = 8;
    private static final int SECONDS_BEFORE = 30;
    private static final int SECONDS_AFTER = 10;
    private static final int SAMPLE = 1_000;
    private static final int COMMIT_TRIES = 5;

    @TempDir
    private Path directory;

    @Test
    void a_sixth_node_joins_five_that_hold_so_much() throws InterruptedException {
        BulkValues values = new BulkValues((int) (MEGABYTES * MEGABYTE * NODES / REPLICAS / VALUE_BYTES), VALUE_BYTES);
        JoinReport report = new JoinReport(values);
        try (TestCluster cluster = TestCluster.start(directory, NODES)) {
            long start = System.nanoTime();
            values.write(cluster.nodes(), LIMIT);
            report.loaded(Duration.ofNanos(System.nanoTime() - start));
            Members.awaitNoHints(cluster);
            try (Load load = Load.start(cluster, "", CLIENTS, PER_SECOND, "warm-up")) {
                load.awaitRequests(PER_SECOND * SECONDS_AFTER);
                measure(cluster, load, report);
                report.readBack(SAMPLE, values.wrong(cluster.nodes(), SAMPLE));
                load.stop();
                Figures.show("join", report.table() + "\n" + load.table());
                assertThat(load.wrong()).isEmpty();
            }
        }
        assertThat(report.wrong()).isZero();
    }

    private static void measure(TestCluster cluster, Load load, JoinReport report) {
        TestNode first = cluster.node(1);
        TestNode joining = cluster.add("n" + (NODES + 1));
        // Clients come to know it when it serves.
        cluster.forget(joining);
        JsonNode plan = awaitPlan(first, joining.id());
        report.planned(plan, status(first));

        Traffic beforeAll = Traffic.of(cluster.nodes(), joining);
        load.period("before");
        load.awaitRequests(PER_SECOND * SECONDS_BEFORE);
        Traffic begin = Traffic.of(cluster.nodes(), joining);

        load.period("during the join");
        commit(first, plan, joining.id());
        awaitSettled(cluster, joining, report);
        Traffic end = Traffic.of(cluster.nodes(), joining);
        report.moved(end.since(begin), begin.since(beforeAll).scaledTo(end.since(begin)));

        cluster.remember(joining);
        load.period("after");
        load.awaitRequests(PER_SECOND * SECONDS_AFTER);
        report.gained(Members.owned(joining), status(first));
    }

    private static JsonNode awaitPlan(TestNode at, String joining) {
        Awaitility.await("a plan with " + joining).atMost(Duration.ofMinutes(2)).until(() -> {
            HttpResponse<String> answer = at.get("/v1/cluster/plan");
            return answer.statusCode() == 200
                    && joining.equals(Values.json(answer.body())
                            .path("changes")
                            .path(0)
                            .path("node")
                            .asText());
        });
        return Values.json(at.get("/v1/cluster/plan").body());
    }

    /** On a machine with too much to do the one that joins may be held down just now, and the plan leaves it out: then again, as an operator would. */
    private static void commit(TestNode at, JsonNode plan, String joining) {
        HttpResponse<String> answer = commit(at, plan);
        for (int tries = 1; tries < COMMIT_TRIES && answer.statusCode() == 409; tries++) {
            answer = commit(at, awaitPlan(at, joining));
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static HttpResponse<String> commit(TestNode at, JsonNode plan) {
        String body = "{\"plan\":\"" + plan.path("plan").asText() + "\"}";
        return at.send(
                "/v1/cluster/commit",
                r -> r.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Watches the change until every node goes by the new ring. */
    private static void awaitSettled(TestCluster cluster, TestNode joining, JoinReport report) {
        long start = System.nanoTime();
        Awaitility.await("the ring is settled")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    JsonNode status = status(joining);
                    report.watch(Duration.ofNanos(System.nanoTime() - start), status, joining.id());
                    return isSettled(status) && cluster.nodes().stream().allMatch(node -> isSettled(status(node)));
                });
        report.settled(Duration.ofNanos(System.nanoTime() - start));
    }

    private static boolean isSettled(JsonNode status) {
        JsonNode change = status.path("change");
        return status.path("ring").path("version").asLong() == 2 && (change.isNull() || change.isMissingNode());
    }

    private static JsonNode status(TestNode node) {
        return Values.json(node.get("/v1/cluster/status").body());
    }
}
