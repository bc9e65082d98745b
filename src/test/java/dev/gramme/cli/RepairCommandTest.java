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

/** {@code gramme repair} against a node that answers. */
class RepairCommandTest {
    private FakeNode node;

    @BeforeEach
    void a_node() throws IOException {
        node = new FakeNode();
    }

    @AfterEach
    void stopped() {
        node.close();
    }

    private static String figures(int left, int equal, int failed) {
        return "{\"node\":\"n1\",\"left\":" + left + ",\"exchanges\":{\"equal\":" + equal
                + ",\"repaired\":1,\"silent\":"
                + failed
                + "},\"keysCompared\":30,\"keysRepairedHere\":2,\"keysRepairedThere\":1,\"bytes\":4096,\"last\":["
                + "{\"partition\":0,\"peer\":\"n2\",\"result\":\"equal\",\"ended\":\"2026-11-21T10:00:00Z\"},"
                + "{\"partition\":1,\"peer\":\"n2\",\"result\":\"repaired\",\"ended\":\"2026-11-21T09:00:00Z\"},"
                + "{\"partition\":1,\"peer\":\"n3\",\"result\":\"equal\",\"ended\":\"2026-11-21T10:00:00Z\"}]}";
    }

    private void answering(String... bodies) {
        Iterator<String> next = List.of(bodies).iterator();
        String[] last = {""};
        node.answering(asked -> {
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
        assertThat(node.uris()).containsOnly("GET /v1/cluster/repair");
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
