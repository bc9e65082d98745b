package dev.gramme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gramme.cli.FakeNode.Reply;
import dev.gramme.cli.Terminal.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
    private FakeNode node;
    private FakeNode second;

    @BeforeEach
    void two_nodes() throws IOException {
        node = new FakeNode();
        second = new FakeNode();
    }

    @AfterEach
    void stopped() {
        node.close();
        second.close();
    }

    @Test
    void a_closed_loop_loads_the_keys_and_measures_gets_and_puts() {
        JsonNode json = json("--keys", "50", "--size", "10", "--concurrency", "4", "--reads", "0.5");

        assertThat(json.path("concurrency").asInt()).isEqualTo(4);
        assertThat(json.path("valueBytes").asInt()).isEqualTo(10);
        List<String> names = new ArrayList<>();
        long answered = 0;
        for (JsonNode result : json.path("results")) {
            names.add(result.path("request").asText());
            answered += result.path("answered").asLong();
            assertThat(result.path("errors").asInt()).isZero();
            assertThat(result.path("perSecond").asDouble()).isPositive();
            assertThat(result.path("p50Micros").asLong())
                    .isPositive()
                    .isLessThanOrEqualTo(result.path("p90Micros").asLong());
            assertThat(result.path("p99.9Micros").asLong())
                    .isGreaterThanOrEqualTo(result.path("p99Micros").asLong())
                    .isLessThanOrEqualTo(result.path("maxMicros").asLong());
        }
        assertThat(names).containsExactly("get", "put");
        // Everything was due in the one measured second, so nothing but the preload and the bucket is left over.
        assertThat(node.asked).hasSize((int) answered + 50 + 1);
        assertThat(json.path("perSecond").asDouble()).isBetween(answered * 0.5, answered * 1.0);
        assertThat(node.uris().get(0)).isEqualTo("PUT /v1/buckets/bench");
        assertThat(node.uris()).contains("PUT /v1/kv/bench/key-0", "PUT /v1/kv/bench/key-49");
        assertThat(node.asked.get(1).body().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    }

    @Test
    void an_open_loop_keeps_its_rate_and_nodes_take_turns() {
        // So many may be under way that neither is ever passed over, however slow this machine is just now.
        String urls = node.url() + "," + second.url();
        Run run =
                bench("--keys", "10", "--no-load", "--rate", "200", "--reads", "1", "--concurrency", "400", "-u", urls);

        assertThat(run.status()).as(run.err()).isZero();
        // The bucket's properties, and then 200 requests that were due in one second, half to each.
        assertThat(node.asked.size() + second.asked.size()).isEqualTo(201);
        assertThat(second.asked).hasSize(100);
    }

    @Test
    void an_open_loop_counts_everything_that_waited_while_the_server_stalled() {
        // One request under way at most, and each takes 20 ms: of the 100 due in a second 50 can be answered in it, and
        // the last one waits for about a second more. A closed loop, or a clock that starts when a request is sent,
        // would see 20 ms for all of them.
        node.answering(asked -> {
            if (asked.method().equals("GET")) {
                LockSupport.parkNanos(20_000_000);
            }
            return Reply.of(200, "value");
        });

        JsonNode get = json("--keys", "10", "--no-load", "--rate", "100", "--concurrency", "1", "--reads", "1")
                .path("results")
                .get(0);

        assertThat(get.path("answered").asInt()).isEqualTo(100);
        assertThat(get.path("perSecond").asDouble()).isLessThan(60);
        assertThat(get.path("p50Micros").asLong()).isGreaterThan(300_000);
        assertThat(get.path("p99.9Micros").asLong()).isGreaterThan(900_000);
    }

    @Test
    void errors_are_counted_by_kind_and_make_the_run_fail() {
        node.answering(asked ->
                asked.uri().startsWith("/v1/buckets") ? Reply.of(204, "") : Reply.problem(404, "key-not-found", ""));

        Run run = bench("--keys", "10", "--no-load", "--rate", "20", "--reads", "1", "--json", "-u", node.url());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        JsonNode get = Endpoint.parse(run.out().getBytes(StandardCharsets.UTF_8))
                .path("results")
                .get(0);
        assertThat(get.path("errors").asInt()).isEqualTo(20);
        assertThat(get.path("errorKinds").path("HTTP 404").asInt()).isEqualTo(20);
    }

    @Test
    void the_baseline_is_the_echo_endpoint_at_the_same_size() {
        JsonNode json = json("--keys", "4", "--no-load", "--rate", "50", "--reads", "0.5", "--size", "7", "--baseline");

        assertThat(json.path("echo").path("answered").asInt()).isEqualTo(50);
        assertThat(json.path("ratioToEcho").asDouble()).isPositive();
        assertThat(node.uris()).contains("GET /v1/echo?bytes=7");
    }

    @Test
    void a_table_is_for_people() {
        Run run = bench("--keys", "4", "--no-load", "--rate", "50", "-u", node.url());

        assertThat(run.out().lines().findFirst().orElseThrow())
                .startsWith("REQUEST")
                .contains("P99.9 MS");
        assertThat(run.out()).contains("operations a second in all");
    }

    @Test
    void numbers_out_of_range_are_a_wrong_command() {
        assertThat(Terminal.run("bench", "--reads", "1.1").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Terminal.run("bench", "--keys", "1").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Terminal.run("bench", "--distribution", "normal").status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void the_latency_log_has_every_answer_by_second_and_kind(@TempDir Path directory) throws IOException {
        Path log = directory.resolve("latencies.hlog");

        Run run = bench("--keys", "4", "--no-load", "--rate", "50", "-u", node.url(), "--latency-log", log.toString());

        assertThat(run.status()).as(run.err()).isZero();
        SortedMap<String, Long> answers = new TreeMap<>();
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            while (reader.hasNext()) {
                Histogram second = (Histogram) reader.nextIntervalHistogram();
                answers.merge(second.getTag(), second.getTotalCount(), Long::sum);
                assertThat(second.getEndTimeStamp()).isGreaterThan(second.getStartTimeStamp());
            }
        }
        assertThat(answers).containsOnlyKeys("get", "put");
        assertThat(answers.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(50);
    }

    @Test
    void a_latency_log_that_cannot_be_written_is_a_wrong_command(@TempDir Path directory) {
        Run run = bench("--latency-log", directory.resolve("no/such/place").toString(), "-u", node.url());

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("--latency-log").contains("no/such/place");
        assertThat(node.asked).isEmpty();
    }

    @Test
    void due_times_follow_the_rate_without_drift() {
        BenchPlan plan = new BenchPlan(
                List.of(), "b", new KeyChooser.Uniform(2), 0, 1, 1, 3, new BenchPlan.Window(0, 1), "", false, 1);

        assertThat(plan.dueNanos(0)).isZero();
        assertThat(plan.dueNanos(1)).isEqualTo(333_333_333);
        assertThat(plan.dueNanos(3L * 86_400)).isEqualTo(86_400L * 1_000_000_000);
        assertThat(plan.dueBefore(1_000_000_000)).isEqualTo(3);
        assertThat(plan.dueBefore(1_000_000_001)).isEqualTo(4);
    }

    private JsonNode json(String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--json", "-u", node.url()));
        Run run = bench(arguments.toArray(String[]::new));
        assertThat(run.status()).as(run.err()).isZero();
        return Endpoint.parse(run.out().getBytes(StandardCharsets.UTF_8));
    }

    private static Run bench(String... more) {
        List<String> arguments = new ArrayList<>(List.of("bench", "--warmup", "0", "--seconds", "1"));
        arguments.addAll(List.of(more));
        return Terminal.run(arguments.toArray(String[]::new));
    }
}
