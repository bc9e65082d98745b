package dev.gramme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gramme.cli.FakeNode.Reply;
import dev.gramme.cli.Terminal.Run;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** get, put, delete, explain and status against nodes that answer, refuse, break off or are not there. */
class ClientCommandsTest {
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
    void get_prints_the_value_and_nothing_else() {
        node.answering(Reply.of(200, "hello\n", "Gramme-Context: abc"));

        Run run = Terminal.run("get", "greetings", "a/b c", "--r", "2", "-u", node.url());

        assertThat(run).isEqualTo(new Run(ExitStatus.OK, "hello\n", ""));
        assertThat(node.uris()).containsExactly("GET /v1/kv/greetings/a%2Fb%20c?r=2");
    }

    @Test
    void get_shows_the_context_on_request() {
        node.answering(Reply.of(200, "hello", "Gramme-Context: abc"));

        assertThat(Terminal.run("get", "b", "k", "-c", "-u", node.url()).err()).isEqualTo("context: abc\n");
    }

    @Test
    void get_of_siblings_lists_them_with_the_context_that_replaces_them() {
        node.answering(new Reply(
                300,
                "application/json",
                "{\"siblings\":[{\"dot\":\"a:1\",\"text\":\"milk\"},{\"dot\":\"b:1\",\"value\":\"/w==\"},"
                        + "{\"dot\":\"c:1\",\"deleted\":true}]}",
                List.of("Gramme-Context: both")));

        Run run = Terminal.run("get", "carts", "me", "-u", node.url());

        assertThat(run.status()).isEqualTo(ExitStatus.SIBLINGS);
        assertThat(run.out()).isEqualTo("a:1\tmilk\nb:1\t/w== (base64)\nc:1\t(deleted)\n");
        assertThat(run.err()).contains("3 siblings").contains("context: both");
    }

    @Test
    void get_of_a_key_that_is_not_there_has_its_own_status() {
        node.answering(Reply.problem(404, "key-not-found", ""));

        Run run = Terminal.run("get", "b", "k", "-u", node.url());

        assertThat(run).isEqualTo(new Run(ExitStatus.NOT_FOUND, "", "not found: b/k\n"));
    }

    @Test
    void get_says_what_the_server_says_is_wrong_and_what_to_do() {
        node.answering(Reply.problem(503, "unavailable", ""));

        Run run = Terminal.run("get", "b", "k", "-u", node.url());

        assertThat(run).isEqualTo(new Run(ExitStatus.FAILED, "", "It is unavailable: so it is\nDo something\n"));
    }

    @Test
    void put_sends_the_value_its_type_its_contexts_and_an_idempotency_key() {
        node.answering(Reply.of(204, "", "Gramme-Context: new", "Gramme-Siblings: 2"));

        Run run = Terminal.run("put", "b", "k", "hello", "-c", "one,two", "-t", "text/x", "--w", "3", "-u", node.url());

        assertThat(run).isEqualTo(new Run(0, "", "written; the key has 2 siblings now\ncontext: new\n"));
        FakeNode.Asked asked = node.asked.get(0);
        assertThat(asked.uri()).isEqualTo("/v1/kv/b/k?w=3");
        assertThat(asked.body()).isEqualTo("hello");
        assertThat(asked.header("Gramme-Context")).isEqualTo("one,two");
        assertThat(asked.header("Content-Type")).isEqualTo("text/x");
        assertThat(asked.header("Idempotency-Key")).hasSizeGreaterThan(10);
    }

    @Test
    void put_with_a_time_to_live_says_when_it_expires() {
        node.answering(Reply.of(204, "", "Gramme-Expires: 2026-11-21T12:00:00Z"));

        Run run = Terminal.run("put", "b", "k", "v", "--ttl", "60", "-u", node.url());

        assertThat(run).isEqualTo(new Run(ExitStatus.OK, "", "written; it expires at 2026-11-21T12:00:00Z\n"));
        assertThat(node.asked.getFirst().header("Gramme-Ttl")).isEqualTo("60");
    }

    @Test
    void put_reads_a_file_or_standard_input(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("value"), "from a file");

        Terminal.run("put", "b", "k", "-f", file.toString(), "-u", node.url());
        Terminal.runWithInput("from standard input", "put", "b", "k", "-", "-u", node.url());

        assertThat(node.asked).extracting(FakeNode.Asked::body).containsExactly("from a file", "from standard input");
    }

    @Test
    void put_of_a_file_that_is_not_there_names_it() {
        Run run = Terminal.run("put", "b", "k", "-f", "no-such-file", "-u", node.url());

        assertThat(run).isEqualTo(new Run(ExitStatus.FAILED, "", "gramme: there is no no-such-file\n"));
    }

    @Test
    void put_without_a_value_is_a_wrong_command() {
        assertThat(Terminal.run("put", "b", "k").status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void a_write_that_surely_failed_is_told_apart_from_one_that_may_have_been_made() {
        node.answering(Reply.problem(503, "unavailable", "failed"));
        assertThat(Terminal.run("put", "b", "k", "v", "-u", node.url()).status())
                .isEqualTo(ExitStatus.FAILED);

        node.answering(Reply.problem(503, "indeterminate", "indeterminate"));
        Run run = Terminal.run("put", "b", "k", "v", "--idempotency-key", "mine", "-u", node.url());
        assertThat(run.status()).isEqualTo(ExitStatus.INDETERMINATE);
        assertThat(run.err()).contains("--idempotency-key mine");

        node.answering(Reply.of(500, "an error of something between"));
        assertThat(Terminal.run("delete", "b", "k", "-u", node.url()).status()).isEqualTo(ExitStatus.INDETERMINATE);
    }

    @Test
    void a_write_whose_answer_is_lost_may_have_been_made() {
        node.answering(Reply.lost());

        Run run = Terminal.run("put", "b", "k", "v", "-u", node.url());

        assertThat(run.status()).isEqualTo(ExitStatus.INDETERMINATE);
        assertThat(run.err()).contains("no node answered").contains(node.url());
    }

    @Test
    void a_write_that_the_second_node_refuses_may_have_been_made_by_the_first_whose_answer_is_lost() {
        node.answering(Reply.lost());
        second.answering(Reply.problem(503, "unavailable", "failed"));

        Run run = Terminal.run("put", "b", "k", "v", "-u", node.url() + "," + second.url());

        assertThat(run.status()).isEqualTo(ExitStatus.INDETERMINATE);
    }

    @Test
    void the_next_node_is_asked_for_the_same_write_if_the_first_gives_no_answer() {
        node.answering(Reply.lost());

        Run run = Terminal.run("put", "b", "k", "v", "-u", node.url() + "," + second.url());

        assertThat(run.status()).isEqualTo(ExitStatus.OK);
        assertThat(second.asked.get(0).header("Idempotency-Key"))
                .isEqualTo(node.asked.get(0).header("Idempotency-Key"));
    }

    @Test
    void the_next_node_is_asked_if_the_first_is_not_ready_or_not_there() throws IOException {
        node.answering(Reply.problem(503, "not-ready", "failed"));

        Run run = Terminal.run("delete", "b", "k", "-u", nobody() + "," + node.url() + "," + second.url());

        assertThat(run).isEqualTo(new Run(ExitStatus.OK, "", "deleted\n"));
        assertThat(node.uris()).containsExactly("DELETE /v1/kv/b/k");
        assertThat(second.uris()).containsExactly("DELETE /v1/kv/b/k");
    }

    @Test
    void where_no_node_is_there_a_write_surely_failed() throws IOException {
        String nobody = nobody();

        Run run = Terminal.run("put", "b", "k", "v", "-u", nobody);

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains(nobody + ": can't connect").contains("--url");
    }

    @Test
    void an_address_that_is_none_is_refused_with_an_example() {
        Run run = Terminal.run("get", "b", "k", "-u", "localhost:8080");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("'localhost:8080/v1/kv/b/k'").contains("http://HOST:PORT");
    }

    @Test
    void a_header_that_can_not_be_sent_is_told_and_not_tried() {
        Run run = Terminal.run("put", "b", "k", "v", "-t", "text\nplain", "-u", node.url());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("the request can't be made");
        assertThat(node.asked).isEmpty();
    }

    @Test
    void explain_shows_what_each_replica_holds() {
        node.answering(Reply.json("""
                {"partition":7,"token":"ff","replicas":[
                 {"node":"n1","owner":true,"liveness":"up","answer":"held","hinted":false,
                  "siblings":[{"dot":"a:1","deleted":false,"bytes":5},{"dot":"b:2","deleted":true,"bytes":0}]},
                 {"node":"n4","owner":false,"liveness":"up","answer":"held","hinted":true,"siblings":[]}]}"""));

        Run run = Terminal.run("explain", "b", "k", "-u", node.url());

        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("""
                partition 7, token ff
                NODE  ROLE      STATE  ANSWER  VERSIONS
                n1    owner     up     held    a:1 5 bytes; b:2 deleted
                n4    fallback  up     held    - (kept as a hint)
                """);
    }

    @Test
    void status_is_zero_only_if_every_member_is_up() {
        String one = "{\"id\":\"n1\",\"liveness\":\"up\",\"http\":\"h:1\",\"lastHeardMillis\":0,\"writable\":false}";
        String two = "{\"id\":\"n2\",\"liveness\":\"down\",\"lastHeardMillis\":-1,\"hints\":12}";
        node.answering(Reply.json("{\"members\":[" + one + "]}"));
        assertThat(Terminal.run("status", "-u", node.url()).status()).isZero();

        node.answering(Reply.json("{\"members\":[" + one + "," + two + "]}"));
        Run run = Terminal.run("status", "-u", node.url());

        assertThat(run.status()).isEqualTo(ExitStatus.NOT_FOUND);
        assertThat(run.out().lines().skip(1).map(line -> line.split(" +")[1])).containsExactly("STATE", "up,", "down");
        assertThat(run.out()).contains("read-only").contains("never").contains("12");
    }

    @Test
    void no_command_or_an_unknown_one_shows_what_there_is() {
        assertThat(Terminal.run().status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Terminal.run().err()).contains("demo").contains("import");
        assertThat(Terminal.run("gte").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Terminal.run("put", "--version").out()).startsWith("gramme ");
    }

    private static String nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }
}
