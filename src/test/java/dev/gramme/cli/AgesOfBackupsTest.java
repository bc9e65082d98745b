package dev.gramme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gramme.cli.FakeNode.Reply;
import dev.gramme.cli.Terminal.Run;
import dev.gramme.ring.Key;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.BackupPage;
import dev.gramme.wire.Message;
import dev.gramme.wire.StateDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gramme backup} notes how old what it reads may be, and {@code gramme restore} brings nothing back that was deleted and forgotten since, unless it is told to. */
class AgesOfBackupsTest {
    @TempDir
    private Path directory;

    private FakeNode first;
    private FakeNode second;
    private final long[] stamps = {0, 0};
    private final long[] epochs = {0, 0};
    private final long[] dated = {0, 0};
    private boolean secondAnswers = true;
    private String cluster = "demo";
    private String promised = "{}";
    private Reply restored = Reply.json("{\"records\":1}");

    @BeforeEach
    void two_nodes() throws IOException {
        first = new FakeNode();
        second = new FakeNode();
        first.answering(asked -> answer(asked, "n1", 0));
        second.answering(asked -> answer(asked, "n2", 1));
    }

    @AfterEach
    void stopped() {
        first.close();
        second.close();
    }

    /** A cluster of one partition, which both own, with one record. */
    private Reply answer(FakeNode.Asked asked, String id, int place) {
        String path = asked.uri().replaceAll("[?].*", "");
        return switch (path) {
            case "/v1/cluster/members" ->
                Reply.json("{\"members\":[" + member("n1", first) + "," + member("n2", second) + "]}");
            case "/v1/backup" ->
                Reply.json("{\"cluster\":\"" + cluster + "\",\"node\":\"" + id
                        + "\",\"partitions\":1,\"replicas\":2,\"ringVersion\":1,\"hints\":0,\"owns\":[0],\"buckets\":[],\"stamps\":"
                        + promised + "}");
            case "/v1/restore" -> restored;
            default ->
                place == 1 && !secondAnswers
                        ? Reply.problem(409, "partition-lacking", "")
                        : Reply.bytes(
                                page(asked.uri().endsWith("digests")),
                                "Gramme-Stamp: " + stamps[place],
                                "Gramme-Epoch: " + epochs[place],
                                "Gramme-Dated: " + dated[place]);
        };
    }

    private static String member(String id, FakeNode node) {
        return "{\"id\":\"" + id + "\",\"http\":\"" + node.url().substring("http://".length())
                + "\",\"inRing\":true,\"liveness\":\"up\"}";
    }

    private static byte[] page(boolean digests) {
        VersionSet state = VersionSet.EMPTY.put(
                CausalContext.EMPTY, new Version(new Dot(1, 1), 1, Content.value(Bytes.utf8("v"), "text/plain")));
        Message.RangeEntry record =
                new Message.RangeEntry(Key.of("b", "k"), StateDigest.of(state), digests ? VersionSet.EMPTY : state);
        return new BackupPage(!digests, List.of(record), true).encode();
    }

    private Manifest backUp() throws IOException {
        Run run = Terminal.run("backup", "--to", directory.toString(), "--url", first.url());
        assertThat(run.status()).as(run.err()).isZero();
        return last();
    }

    private Manifest last() throws IOException {
        return Manifest.read(directory, Manifest.names(directory).getLast());
    }

    private Run restore(String... more) {
        String[] words = new String[5 + more.length];
        System.arraycopy(
                new String[] {"restore", "--from", directory.toString(), "--url", first.url()}, 0, words, 0, 5);
        System.arraycopy(more, 0, words, 5, more.length);
        return Terminal.run(words);
    }

    private List<String> sent() {
        return List.of(first, second).stream()
                .flatMap(node -> node.uris().stream())
                .filter(uri -> uri.startsWith("POST "))
                .toList();
    }

    private void collectedSince(long stamp) {
        promised = "{\"0\":" + stamp + "}";
    }

    @Test
    void of_what_several_owners_answered_the_oldest_counts() throws IOException {
        stamps[0] = 9;
        stamps[1] = 4;
        assertThat(Manifest.stamp(backUp().files().get(0))).isEqualTo(4);
    }

    @Test
    void a_file_that_is_there_already_is_as_new_as_what_it_was_compared_with() throws IOException {
        JsonNode before = backUp().files().get(0);
        stamps[0] = 9;
        stamps[1] = 9;
        JsonNode again = backUp().files().get(0);
        assertThat(again.path("file")).isEqualTo(before.path("file"));
        assertThat(Manifest.stamp(before)).isZero();
        assertThat(Manifest.stamp(again)).isEqualTo(9);
        collectedSince(9);
        assertThat(restore().status()).isZero();
        assertThat(sent()).containsExactly("POST /v1/restore?stamp=9");
    }

    @Test
    void what_is_older_than_deletes_that_the_cluster_has_forgotten_is_refused_before_anything_is_sent()
            throws IOException {
        stamps[0] = 4;
        stamps[1] = 4;
        backUp();
        collectedSince(5);
        Run run = restore();
        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err())
                .contains(
                        "cluster demo has forgotten deletes",
                        "partitions: 1, the first is 0",
                        "nothing was restored",
                        "--return-deleted");
        assertThat(sent()).isEmpty();
        assertThat(restore("--verify-only").status()).isZero();

        assertThat(restore("--return-deleted").status()).isZero();
        assertThat(sent()).containsExactly("POST /v1/restore?stamp=any");
    }

    @Test
    void a_backup_of_another_cluster_is_taken_however_old_it_is() throws IOException {
        backUp();
        cluster = "other";
        collectedSince(5);
        assertThat(restore().status()).isZero();
        assertThat(sent()).containsExactly("POST /v1/restore?stamp=any");
    }

    @Test
    void a_backup_by_a_former_program_is_older_than_all_deletes_that_were_forgotten() throws IOException {
        stamps[0] = 4;
        stamps[1] = 4;
        ObjectNode manifest = (ObjectNode) backUp().content();
        ((ObjectNode) manifest.path("files").get(0)).remove("stamp");
        Manifest.write(directory, Instant.parse("2030-01-01T00:00:00Z"), manifest);
        assertThat(restore().status()).isZero();
        assertThat(sent()).containsExactly("POST /v1/restore?stamp=0");

        collectedSince(1);
        assertThat(restore().status()).isEqualTo(ExitStatus.FAILED);
    }

    @Test
    void what_is_forgotten_while_a_restore_goes_on_ends_it_and_it_goes_on_if_that_may_come_back() throws IOException {
        backUp();
        restored = Reply.problem(409, "deletes-forgotten", "");
        Run run = restore();
        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("can't be restored: It is deletes-forgotten");
        assertThat(sent()).hasSize(1);

        restored = Reply.json("{\"records\":1}");
        assertThat(restore("--return-deleted").status()).isZero();
    }

    @Test
    void a_backup_that_all_members_gave_is_as_young_as_it_was_made() throws IOException {
        stamps[0] = 4;
        stamps[1] = 4;
        dated[0] = 9;
        dated[1] = 8;
        assertThat(Manifest.stamp(backUp().files().get(0))).isEqualTo(8);
        collectedSince(8);
        assertThat(restore().status()).isZero();
        assertThat(sent()).containsExactly("POST /v1/restore?stamp=8");

        collectedSince(9);
        assertThat(restore().status()).isEqualTo(ExitStatus.FAILED);
    }

    @Test
    void a_backup_that_not_all_gave_or_that_a_former_program_gave_or_while_the_ring_changed_is_not()
            throws IOException {
        stamps[0] = 4;
        stamps[1] = 4;
        dated[0] = 9;
        assertThat(Manifest.stamp(backUp().files().get(0))).isEqualTo(4);

        dated[1] = 9;
        secondAnswers = false;
        assertThat(Manifest.stamp(backUp().files().get(0))).isEqualTo(4);
        secondAnswers = true;

        Run alone = Terminal.run("backup", "--node", "--to", directory.toString(), "--url", first.url());
        assertThat(alone.status()).as(alone.err()).isZero();
        assertThat(Manifest.stamp(last().files().get(0))).isEqualTo(4);

        second.close();
        assertThat(Manifest.stamp(backUp().files().get(0))).isEqualTo(4);
    }

    @Test
    void a_backup_is_read_again_where_one_member_has_forgotten_what_another_one_had() throws IOException {
        stamps[0] = 4;
        stamps[1] = 6;
        epochs[1] = 6;
        dated[0] = 9;
        dated[1] = 9;
        assertThat(Manifest.stamp(backUp().files().get(0))).isEqualTo(4);
        assertThat(first.uris().stream().filter(uri -> uri.endsWith("digests"))).hasSize(PartitionBackup.TRIES);

        stamps[0] = 6;
        assertThat(Manifest.stamp(backUp().files().get(0))).isEqualTo(9);
    }
}
