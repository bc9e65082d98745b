package dev.gramme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gramme.cli.FakeNode.Reply;
import dev.gramme.cli.Terminal.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
    @TempDir
    Path directory;

    private FakeNode node;

    @BeforeEach
    void a_node() throws IOException {
        node = new FakeNode();
    }

    @AfterEach
    void stopped() {
        node.close();
    }

    @Test
    void lines_are_keys_and_values_and_empty_ones_are_passed_over() throws IOException {
        Run run = importing(file("words", "one\n\nétude\r\nlast"));

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("3 records are in bucket b\n");
        assertThat(written()).containsExactlyInAnyOrder("one=one", "%C3%A9tude=étude", "last=last");
    }

    @Test
    void csv_rows_are_keys_and_values() throws IOException {
        Run run = importing(file("data.csv", "a,1\n\"b,c\",\"2\n\"\"3\"\"\"\nalone\n"));

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(written()).containsExactlyInAnyOrder("a=1", "b%2Cc=2\n\"3\"", "alone=");
    }

    @Test
    void json_lines_hold_text_or_json_values_with_their_types() throws IOException {
        Run run = importing(file("data.jsonl", """
                {"key":"a","value":"text"}

                {"key":"b","value":{"n":1}}
                {"key":"c","value":"<p>","contentType":"text/html"}
                """));

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(written()).containsExactlyInAnyOrder("a=text", "b={\"n\":1}", "c=<p>");
        assertThat(node.asked)
                .extracting(a -> a.header("Content-Type"))
                .containsExactlyInAnyOrder("text/plain;charset=UTF-8", "application/json", "text/html");
    }

    @Test
    void a_write_that_fails_for_a_while_is_the_same_write_when_it_is_tried_again() throws IOException {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        node.answering(a -> seen.add(a.uri()) ? Reply.problem(503, "unavailable", "failed") : Reply.of(204, ""));

        Run run = importing(file("words", "one\ntwo\n"));

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("2 retries");
        assertThat(node.asked).hasSize(4);
        assertThat(node.asked.stream()
                        .collect(Collectors.groupingBy(
                                FakeNode.Asked::uri,
                                Collectors.mapping(a -> a.header("Idempotency-Key"), Collectors.toSet())))
                        .values())
                .hasSize(2)
                .allSatisfy(keys -> assertThat(keys).hasSize(1));
    }

    @Test
    void an_answer_that_is_lost_is_asked_for_again_at_the_next_node() throws IOException {
        node.answering(Reply.lost());
        try (FakeNode second = new FakeNode()) {
            Run run = Terminal.run(
                    "import",
                    file("words", "one\ntwo\n").toString(),
                    "--bucket",
                    "b",
                    "-u",
                    node.url() + "," + second.url());

            assertThat(run.status()).as(run.err()).isZero();
            assertThat(second.uris()).containsExactlyInAnyOrder("PUT /v1/kv/b/one", "PUT /v1/kv/b/two");
        }
    }

    @Test
    void a_refused_record_stops_the_import_with_its_number_and_the_same_command_goes_on_there() throws IOException {
        Path file = file("words", numbers(50));
        node.answering(
                a -> a.uri().endsWith("/n42") ? Reply.problem(413, "value-too-large", "failed") : Reply.of(204, ""));

        Run run = importing(file, "--concurrency", "1");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err())
                .contains("record 42 was refused: It is value-too-large")
                .contains("goes on after record 41");
        assertThat(node.asked).hasSize(42);

        node.asked.clear();
        node.answering(Reply.of(204, ""));
        Run again = importing(file, "--concurrency", "1");

        assertThat(again.status()).isZero();
        assertThat(again.err()).startsWith("going on after record 41");
        assertThat(node.uris()).hasSize(9).startsWith("PUT /v1/kv/b/n42").endsWith("PUT /v1/kv/b/n50");
        assertThat(Files.exists(directory.resolve("words.gramme-import"))).isFalse();
    }

    @Test
    void restart_begins_at_the_first_record() throws IOException {
        Path file = file("words", numbers(5));
        node.answering(a -> a.uri().endsWith("/n5") ? Reply.problem(414, "key-too-long", "failed") : Reply.of(204, ""));
        importing(file, "--concurrency", "1");
        node.asked.clear();
        node.answering(Reply.of(204, ""));

        assertThat(importing(file, "--restart").status()).isZero();
        assertThat(node.asked).hasSize(5);
    }

    @Test
    void an_import_gives_up_on_a_cluster_that_does_not_come_back_and_keeps_its_place() throws IOException {
        node.answering(a -> a.uri().endsWith("/n3") ? Reply.problem(503, "unavailable", "failed") : Reply.of(204, ""));

        Run run = importing(file("words", numbers(3)), "--give-up", "0");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err())
                .contains("record 3 could not be written for 0 s: It is unavailable")
                .contains("after record 2");
    }

    @Test
    void a_file_that_is_broken_in_its_middle_names_the_place_and_what_came_before_is_kept() throws IOException {
        Run run = importing(file("data.csv", "a,1\nb,2\nc,3,4\nd,5\n"));

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("row 3: has 3 columns").contains("goes on after record 2");
        assertThat(written()).containsExactlyInAnyOrder("a=1", "b=2");
    }

    @Test
    void nobody_reads_on_behind_a_record_that_is_broken() throws IOException {
        for (int i = 0; i < 100; i++) {
            Run run = importing(file("data" + i + ".csv", "a,1\nb,2\nc,3,4\nd,5\ne,6\nf,7\n"));

            assertThat(run.err()).contains("goes on after record 2");
        }
        assertThat(written()).containsOnly("a=1", "b=2");
    }

    @Test
    void a_corrected_file_makes_no_siblings_of_what_was_imported_before() throws IOException {
        importing(file("data.csv", "a,1\nb,2,3\n"));
        importing(file("data.csv", "a,1\nb,2\n"));

        assertThat(node.asked.stream().filter(a -> a.uri().endsWith("/a")).map(a -> a.header("Idempotency-Key")))
                .hasSize(2)
                .containsOnly(new ImportRecord(9, bytes("a"), bytes("1"), RecordReader.TEXT).idempotencyKey());
    }

    @Test
    void json_that_is_none_and_text_that_is_not_utf_8_are_told_by_their_line() throws IOException {
        assertThat(importing(file("a.jsonl", "{\"key\":\"a\",\"value\":1}\n{\"key\":"))
                        .err())
                .contains("line 2: ");
        assertThat(importing(file("b.jsonl", "[1]\n")).err()).contains("line 1: not an object with a \"key\"");
        assertThat(importing(file("c.jsonl", "{\"key\":\"a\",\"value\":1} x\n")).err())
                .contains("line 1: ");

        Path latin = directory.resolve("latin");
        Files.write(latin, "fine\n\u00e9tude\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(importing(latin).err()).contains("line 2 is not UTF-8");
    }

    @Test
    void a_progress_file_that_is_none_is_not_trusted() throws IOException {
        Path file = file("words", "one\n");
        Files.writeString(directory.resolve("words.gramme-import"), "something else");

        Run run = importing(file);

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("words.gramme-import is not the progress of an import");
    }

    @Test
    void a_missing_file_is_named() {
        Run run = importing(directory.resolve("none"));

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).isEqualTo("gramme: there is no " + directory.resolve("none") + "\n");
    }

    @Test
    void many_workers_write_every_record_once() throws IOException {
        Run run = importing(file("words", numbers(3_000)), "--concurrency", "64");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(Set.copyOf(written())).hasSize(3_000);
        assertThat(node.asked).hasSize(3_000);
        assertThat(run.err()).doesNotContain("\r").contains("100%  3000 of 3000");
    }

    private Run importing(Path file, String... more) {
        List<String> arguments = new ArrayList<>(List.of("import", file.toString(), "--bucket", "b"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("-u", node.url()));
        return Terminal.run(arguments.toArray(String[]::new));
    }

    private List<String> written() {
        return node.asked.stream()
                .map(a -> a.uri().substring("/v1/kv/b/".length()) + "=" + a.body())
                .toList();
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private static String numbers(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "n" + i + "\n").collect(Collectors.joining());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
