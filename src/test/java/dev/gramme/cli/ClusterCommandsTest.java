package dev.gramme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gramme.cli.FakeNode.Reply;
import dev.gramme.cli.Terminal.Run;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code gramme cluster …} against a node that answers or refuses. */
class ClusterCommandsTest {
    private static final String PLAN = "{\"plan\":\"abc\",\"from\":{\"version\":1},\"to\":{\"version\":2},"
            + "\"changes\":[{\"node\":\"n4\",\"change\":\"join\"},{\"node\":\"n3\",\"change\":\"replace\",\"successor\":\"n5\"},"
            + "{\"node\":\"n1\",\"change\":\"weight\",\"weight\":200}],"
            + "\"shares\":[{\"id\":\"n1\",\"zone\":\"a\",\"weight\":200,\"before\":256,\"after\":192,\"gains\":0,\"bytesToReceive\":0},"
            + "{\"id\":\"n4\",\"zone\":\"b\",\"weight\":100,\"before\":0,\"after\":64,\"gains\":64,\"bytesToReceive\":2097152}],"
            + "\"moves\":64,\"leastMoves\":60,\"bytesToMove\":2097152,\"warnings\":[\"12 partitions have 2 owners\"]}";
    private static final String SETTLED = "{\"seenBy\":\"n1\",\"standing\":\"n1 is a member of ring 2\","
            + "\"ring\":{\"version\":2,\"members\":[\"n1\",\"n2\"],\"partitions\":256,\"replicas\":2},\"change\":null,"
            + "\"waitingFor\":[],\"staged\":[],\"problems\":[],\"members\":[{\"id\":\"n1\",\"liveness\":\"up\",\"inRing\":true,"
            + "\"partitions\":256,\"partitionsAfter\":256}]}";
    private static final String CHANGING = "{\"seenBy\":\"n1\",\"standing\":\"n1 is a member of ring 1\","
            + "\"ring\":{\"version\":1,\"members\":[\"n1\"],\"partitions\":256,\"replicas\":2},"
            + "\"change\":{\"id\":\"4@n1\",\"to\":{\"version\":2},\"members\":[{\"id\":\"n1\",\"phase\":\"prepared\",\"gains\":0},"
            + "{\"id\":\"n2\",\"phase\":\"none\",\"gains\":64,\"received\":16,\"receivedBytes\":1048576,\"expectedBytes\":4194304,"
            + "\"bytesPerSecond\":1048576,\"secondsLeft\":3}]},\"waitingFor\":[\"n2: it is down; start it\"],"
            + "\"staged\":[{\"node\":\"n7\",\"change\":\"leave\"}],\"problems\":[\"the seed x:1 can't be found\"],"
            + "\"members\":[{\"id\":\"n1\",\"liveness\":\"up\",\"inRing\":true,\"partitions\":256,\"partitionsAfter\":192},"
            + "{\"id\":\"n2\",\"liveness\":\"down\",\"standing\":\"leaving-for-restart\",\"inRing\":false,\"partitions\":0,"
            + "\"partitionsAfter\":64}]}";

    private FakeNode node;

    @BeforeEach
    void a_node() throws IOException {
        node = new FakeNode();
    }

    @AfterEach
    void stopped() {
        node.close();
    }

    private Run cluster(String... words) {
        return clusterAnswered("", words);
    }

    private Run clusterAnswered(String input, String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "cluster";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--url";
        all[words.length + 2] = node.url();
        return Terminal.runWithInput(input, all);
    }

    /** One after the other; the last again and again. */
    private void statuses(String... statuses) {
        Iterator<String> next = List.of(statuses).iterator();
        String[] last = {""};
        node.answering(asked -> {
            if (!asked.uri().equals("/v1/cluster/status")) {
                return Reply.json(PLAN);
            }
            last[0] = next.hasNext() ? next.next() : last[0];
            return Reply.json(last[0]);
        });
    }

    @Test
    void plan_shows_shares_before_and_after_what_moves_and_the_warnings() {
        node.answering(Reply.json(PLAN));
        Run run = cluster("plan");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("plan abc: ring 1 becomes ring 2")
                .contains("join n4")
                .contains("replace n3 by n5")
                .contains("weight n1 200")
                .containsPattern("n1 +a +200 +256 \\(100.0%\\) +192 \\(75.0%\\) +-")
                .containsPattern("n4 +b +100 +- +64 \\(25.0%\\) +64, about 2.0 MiB")
                .contains("64 partition replicas move (the least possible: 60), about 2.0 MiB")
                .contains("WARNING: 12 partitions have 2 owners");
    }

    @Test
    void staging_asks_the_server_and_shows_the_plan() {
        node.answering(Reply.json(PLAN));
        assertThat(cluster("leave").out()).contains("plan abc");
        assertThat(cluster("leave", "n2").status()).isZero();
        assertThat(cluster("replace", "n3", "n5").status()).isZero();
        assertThat(cluster("remove", "--force", "n3").status()).isZero();
        assertThat(cluster("weight", "n1", "200").status()).isZero();
        assertThat(node.uris())
                .containsExactly(
                        "POST /v1/cluster/leave",
                        "POST /v1/cluster/leave",
                        "POST /v1/cluster/replace",
                        "POST /v1/cluster/remove",
                        "POST /v1/cluster/weight");
        assertThat(node.asked.stream().map(FakeNode.Asked::body))
                .containsExactly(
                        "{}",
                        "{\"node\":\"n2\"}",
                        "{\"old\":\"n3\",\"new\":\"n5\"}",
                        "{\"node\":\"n3\",\"force\":true}",
                        "{\"node\":\"n1\",\"weight\":200}");
    }

    @Test
    void remove_without_force_and_a_weight_that_is_none_ask_nobody() {
        assertThat(cluster("remove", "n3").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(cluster("weight", "n1", "heavy").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(cluster().status()).isEqualTo(ExitStatus.USAGE);
        assertThat(node.asked).isEmpty();
    }

    @Test
    void a_refusal_is_the_servers_sentence_and_an_exit_status() {
        node.answering(Reply.problem(409, "ring-refused", "failed"));
        for (String[] words : List.of(
                new String[] {"leave"},
                new String[] {"plan"},
                new String[] {"commit", "abc"},
                new String[] {"cancel"},
                new String[] {"join", "a:1"})) {
            Run run = cluster(words);
            assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
            assertThat(run.err()).contains("It is ring-refused: so it is").contains("Do something");
        }
    }

    @Test
    void commit_of_a_named_plan_starts_it_and_says_how_to_watch() {
        node.answering(Reply.json(PLAN));
        Run run = cluster("commit", "abc");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("goes to ring 2").contains("status --watch");
        assertThat(node.uris()).containsExactly("POST /v1/cluster/commit");
        assertThat(node.asked.getFirst().body()).isEqualTo("{\"plan\":\"abc\"}");
    }

    @Test
    void commit_without_a_plan_shows_it_and_asks() {
        node.answering(Reply.json(PLAN));
        Run no = clusterAnswered("n\n", "commit");
        assertThat(no.status()).isEqualTo(ExitStatus.NOT_FOUND);
        assertThat(no.out()).contains("plan abc").contains("[y/N]").contains("not committed");
        assertThat(clusterAnswered("", "commit").status()).isEqualTo(ExitStatus.NOT_FOUND);
        assertThat(node.uris()).containsOnly("GET /v1/cluster/plan");

        assertThat(clusterAnswered("yes\n", "commit").status()).isZero();
        assertThat(cluster("commit", "--yes").status()).isZero();
        assertThat(node.uris()).contains("POST /v1/cluster/commit");
    }

    @Test
    void watching_ends_when_the_ring_is_settled() {
        statuses(CHANGING, SETTLED);
        Run run = cluster("commit", "abc", "--watch");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .containsPattern("n2 +\\[#{6}\\.{18}] +16 of 64 partitions +1.0 MiB +1.0 MiB/s +about 3 s left")
                .contains("phases: n1 prepared n2 none")
                .contains("waiting: n2: it is down; start it")
                .contains("done: ring 2: 2 members");
    }

    @Test
    void watching_a_change_that_is_withdrawn_says_so() {
        statuses(CHANGING, SETTLED.replace("\"version\":2", "\"version\":1"));
        Run run = cluster("status", "--watch");
        assertThat(run.status()).isEqualTo(ExitStatus.NOT_FOUND);
        assertThat(run.out()).contains("withdrawn");
    }

    @Test
    void status_shows_the_ring_the_change_what_is_staged_and_the_members() {
        statuses(CHANGING);
        Run run = cluster("status");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("n1 is a member of ring 1")
                .contains("change 4@n1 to ring 2 is under way")
                .contains("16 of 64 partitions")
                .contains("staged: leave n7")
                .contains("problem: the seed x:1 can't be found")
                .contains("256 -> 192")
                .contains("down, restarting, not in the ring");
        assertThat(cluster("status", "--json").out()).contains("\"standing\"");
        assertThat(cluster("cancel").out()).contains("cancelled");
    }

    @Test
    void join_waits_until_the_cluster_is_found() {
        String alone = SETTLED.replace("\"members\":[\"n1\",\"n2\"]", "\"members\":[\"n1\"]");
        statuses(alone, alone, SETTLED.replace("n1 is a member of ring 2", "n1 waits to join"));
        Run run = cluster("join", "a:1", "b:2");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("n1 waits to join").contains("cluster plan");
        assertThat(node.asked.getFirst().body()).isEqualTo("{\"seeds\":[\"a:1\",\"b:2\"]}");
    }

    @Test
    void amounts_are_written_for_people() {
        assertThat(Units.bytes(999)).isEqualTo("999 B");
        assertThat(Units.bytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Units.bytes(5L << 40)).isEqualTo("5.0 TiB");
        assertThat(Units.seconds(59)).isEqualTo("59 s");
        assertThat(Units.seconds(80)).isEqualTo("1 min 20 s");
        assertThat(Units.seconds(3_720)).isEqualTo("1 h 2 min");
        assertThat(Units.bar(0.5, 4)).isEqualTo("[##..]");
    }
}
