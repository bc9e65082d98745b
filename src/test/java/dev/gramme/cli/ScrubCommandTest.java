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

/** {@code gramme scrub} against a node that answers. */
class ScrubCommandTest {
    private static final String FOUND =
            "{\"file\":\"/d/0003.mv\",\"offset\":46718,\"what\":\"a page fails its checksum\",\"at\":\"2026-11-21T10:00:00Z\"}";

    private FakeNode node;

    @BeforeEach
    void a_node() throws IOException {
        node = new FakeNode();
    }

    @AfterEach
    void stopped() {
        node.close();
    }

    private static String figures(int left, int findings) {
        return "{\"node\":\"n1\",\"left\":" + left + ",\"of\":5,\"records\":30,\"bytes\":4096,\"findings\":" + findings
                + ",\"complete\":\"never\",\"found\":[" + (findings > 0 ? FOUND : "") + "]}";
    }

    private void answering(String... bodies) {
        Iterator<String> next = List.of(bodies).iterator();
        String[] last = {""};
        node.answering(asked -> {
            last[0] = next.hasNext() ? next.next() : last[0];
            return Reply.json(last[0]);
        });
    }

    private Run scrub(String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "scrub";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--url";
        all[words.length + 2] = node.url();
        return Terminal.runWithInput("", all);
    }

    @Test
    void without_more_it_shows_what_was_found_with_file_and_offset() {
        answering(figures(0, 1));
        Run run = scrub();
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("n1: 30 records, 4.0 KiB read", "1 findings")
                .containsPattern("2026-11-21T10:00:00Z +/d/0003.mv +46718 +a page fails its checksum");
        assertThat(node.uris()).containsOnly("GET /v1/cluster/scrub");
    }

    @Test
    void now_asks_for_a_scrub_and_watch_waits_until_it_is_done() {
        answering(figures(0, 1), figures(5, 1), figures(5, 1), figures(2, 1), figures(0, 1));
        Run run = scrub("--now", "--watch");
        assertThat(run.status()).isZero();
        assertThat(node.uris()).contains("POST /v1/cluster/scrub");
        assertThat(run.err()).contains("done");
    }

    @Test
    void damage_that_was_found_meanwhile_shows_in_the_exit_status() {
        answering(figures(0, 0), figures(5, 0), figures(0, 1));
        assertThat(scrub("--now", "--watch").status()).isEqualTo(ExitStatus.NOT_FOUND);
    }
}
