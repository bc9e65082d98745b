package dev.gramme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gramme.cli.FakeNode.Reply;
import dev.gramme.cli.Terminal.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code gramme repair} against nodes that answer. */
class RepairCommandTest {
    private FakeNode node;
    private FakeNode second;
    private String members = "";

    @BeforeEach
    void two_nodes() throws IOException {
        node = new FakeNode();
        second = new FakeNode();
        second.answering(Reply.json(figures("n2", 0, 4, 0)));
        members = member("n1", node.url(), true);
    }

    @AfterEach
    void stopped() {
        node.close();
        second.close();
    }

    private static String member(String id, String url, boolean inRing) {
        return "{\"id\":\"" + id + "\",\"http\":\"" + url.substring("http://".length()) + "\",\"inRing\":" + inRing
                + "}";
    }

    private void aSecondMember() {
        members += "," + member("n2", second.url(), true);
    }

    private static String figures(int left, int equal, int failed) {
        return figures("n1", left, equal, failed);
    }

    private static String figures(String id, int left, int equal, int failed) {
        return "{\"node\":\"" + id + "\",\"left\":" + left + ",\"exchanges\":{\"equal\":" + equal
                + ",\"repaired\":1,\"busy\":7"
                + "},\"keysCompared\":30,\"keysRepairedHere\":2,\"keysRepairedThere\":1,\"bytes\":4096,\"last\":["
                + "{\"partition\":0,\"peer\":\"n2\",\"result\":\"equal\",\"ended\":\"2026-11-21T10:00:00Z\"},"
                + "{\"partition\":1,\"peer\":\"n2\",\"result\":\"repaired\",\"ended\":\"2026-11-21T09:00:00Z\"},"
                + "{\"partition\":1,\"peer\":\"n3\",\"result\":\"" + (failed == 0 ? "equal" : "silent")
                + "\",\"ended\":\"2026-11-21T10:00:0" + failed + "Z\"}]}";
    }

    private void answering(String... bodies) {
        Iterator<String> next = List.of(bodies).iterator();
        String[] last = {""};
        node.answering(asked -> {
            if (asked.uri().equals("/v1/cluster/members")) {
                return Reply.json("{\"members\":[" + members + "]}");
            }
            last[0] = next.hasNext() ? next.next() : last[0];
            return Reply.json(last[0]);
        });
    }

    private Run repair(String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "repair";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--url";
        all[words.length + 2] = node.url();
        return Terminal.runWithInput("", all);
    }

    @Test
    void without_more_it_shows_what_the_node_has_done_peer_by_peer() {
        answering(figures(0, 2, 0));
        Run run = repair();
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("n1: 30 keys compared, 2 keys repaired here and 1 there")
                .containsPattern("n2 +1 equal, 1 repaired +2026-11-21T09:00:00Z")
                .containsPattern("n3 +1 equal");
        assertThat(node.uris()).containsOnly("GET /v1/cluster/members", "GET /v1/cluster/repair");
    }

    @Test
    void every_member_of_the_ring_is_asked_and_the_progress_is_of_all() {
        aSecondMember();
        members += "," + member("guest", "http://127.0.0.1:1", false);
        answering(figures(0, 0, 0), figures(2, 0, 0), figures(1, 0, 0), figures(0, 2, 0));
        second.answering(asked -> Reply.json(figures("n2", second.asked.size() > 3 ? 0 : 5, 0, 0)));
        Run run = repair("--now", "--watch");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("n1: 30 keys compared", "n2: 30 keys compared");
        assertThat(run.err()).contains("done, 4 keys repaired here and 2 there");
        assertThat(second.uris()).containsOnlyOnce("POST /v1/cluster/repair");
    }

    @Test
    void of_one_node_alone_if_that_is_said() {
        aSecondMember();
        answering(figures(0, 2, 0));
        assertThat(repair("--now", "--node").status()).isZero();
        assertThat(second.uris()).isEmpty();
        assertThat(node.uris()).doesNotContain("GET /v1/cluster/members");
    }

    @Test
    void a_member_that_does_not_answer_is_named_and_the_others_are_asked() {
        members += "," + member("n3", "http://127.0.0.1:1", true);
        answering(figures(0, 2, 0));
        Run run = repair("--now", "--watch");
        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("no answer from n3");
        assertThat(run.out()).contains("n1: 30 keys compared");
        assertThat(node.uris()).contains("POST /v1/cluster/repair");
    }

    @Test
    void an_address_that_leads_to_another_node_is_no_answer() {
        members += "," + member("n2", node.url(), true);
        answering(figures(0, 2, 0));
        Run run = repair("--now");
        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("no answer from n2 (at " + node.url() + " it is n1 that answers)");
        assertThat(node.uris()).containsOnlyOnce("POST /v1/cluster/repair");
    }

    @Test
    void where_no_member_is_where_it_says_one_can_be_asked_alone() {
        members = member("n1", "http://127.0.0.1:1", true);
        answering(figures(0, 2, 0));
        Run run = repair("--now");
        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("--node", "--advertise-http");
    }

    @Test
    void who_was_busy_and_answered_later_has_failed_nothing() {
        answering(
                figures(1, 0, 0).replace("\"busy\":7", "\"busy\":0"),
                figures(1, 0, 0).replace("\"busy\":7", "\"busy\":0"),
                figures(0, 1, 0));
        assertThat(repair("--now", "--watch").status()).isZero();
    }

    @Test
    void as_json_it_is_what_each_node_says() {
        aSecondMember();
        answering(figures(0, 2, 0));
        assertThat(Endpoint.parse(repair("--json").out().getBytes(StandardCharsets.UTF_8))
                        .path("nodes")
                        .findValuesAsText("node"))
                .containsExactly("n1", "n2");
        assertThat(Endpoint.parse(repair("--json", "--node").out().getBytes(StandardCharsets.UTF_8))
                        .path("node")
                        .asText())
                .isEqualTo("n1");
    }

    @Test
    void now_asks_for_a_repair_and_watch_waits_until_it_is_done() {
        answering(figures(0, 0, 0), figures(2, 0, 0), figures(2, 0, 0), figures(1, 1, 0), figures(0, 2, 0));
        Run run = repair("--now", "--bucket", "b", "--watch");
        assertThat(run.status()).isZero();
        assertThat(node.uris()).contains("POST /v1/cluster/repair?bucket=b");
        assertThat(run.err()).contains("done");
    }

    @Test
    void an_exchange_that_failed_meanwhile_shows_in_the_exit_status() {
        answering(figures(0, 0, 3), figures(1, 0, 3), figures(0, 1, 4));
        assertThat(repair("--now", "--watch").status()).isEqualTo(ExitStatus.NOT_FOUND);
    }

    @Test
    void a_bucket_without_now_is_refused() {
        Run run = repair("--bucket", "b");
        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("--now");
        assertThat(node.uris()).isEmpty();
    }
}
