package dev.gramme.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.gramme.node.RestoreOutcome;
import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.BackupPage;
import dev.gramme.wire.Failure;
import dev.gramme.wire.Message;
import dev.gramme.wire.StateDigest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class BackupResourceTest {
    private static final int KEYS = 60;

    @Inject
    MemoryNode node;

    @BeforeEach
    void reset() {
        node.reset();
    }

    @Test
    void it_says_what_there_is() {
        given().contentType("application/json").body("{\"w\":3}").put("/v1/buckets/b");
        given().get("/v1/backup")
                .then()
                .statusCode(200)
                .body("cluster", equalTo("test"))
                .body("node", equalTo("n1"))
                .body("partitions", equalTo(16))
                .body("replicas", equalTo(3))
                .body("hints", equalTo(0))
                .body("stamps.'" + owned() + "'", equalTo((int) MemoryNode.STAMP))
                .body("owns", hasItem(owned()))
                .body("buckets[0].bucket", equalTo("b"))
                .body("buckets[0].w", equalTo(3));
    }

    @Test
    void pages_follow_one_another_and_what_they_say_restores_every_key_as_it_was() {
        write();
        List<byte[]> pages = pages("states");
        assertThat(pages.size()).isGreaterThan(1);
        Key key = BackupPage.decode(pages.getFirst()).records().getFirst().key();
        VersionSet state = node.stored(key);
        List<Message.RangeEntry> digests =
                BackupPage.decode(pages("digests").getFirst()).records();
        assertThat(digests.getFirst().digest()).isEqualTo(StateDigest.of(state));
        node.reset();
        for (byte[] page : pages) {
            restore(page).then().statusCode(200);
        }
        assertThat(node.stored(key)).isEqualTo(state);
    }

    @Test
    void a_page_that_is_older_than_deletes_that_were_forgotten_is_refused_unless_they_are_to_come_back() {
        write();
        Response page = given().get("/v1/backup/" + owned());
        assertThat(page.header("Gramme-Stamp")).isEqualTo(Long.toString(MemoryNode.STAMP));
        assertThat(page.header("Gramme-Epoch")).isEqualTo(Long.toString(MemoryNode.EPOCH));
        assertThat(page.header("Gramme-Dated")).isEqualTo(Long.toString(MemoryNode.DATED));
        byte[] body = page.asByteArray();
        Key key = BackupPage.decode(body).records().getFirst().key();
        node.reset();
        for (String old : List.of("", "?stamp=0", "?stamp=" + (MemoryNode.STAMP - 1))) {
            restore(body, old)
                    .then()
                    .statusCode(409)
                    .contentType("application/problem+json")
                    .body("type", equalTo("urn:gramme:problem:deletes-forgotten"))
                    .body("detail", containsString("were forgotten"))
                    .body("hint", containsString("--return-deleted"));
        }
        assertThat(node.stored(key).isEmpty()).isTrue();
        restore(body, "?stamp=any").then().statusCode(200);
        assertThat(node.stored(key).isEmpty()).isFalse();
    }

    @Test
    void a_stamp_that_is_none_is_told() {
        byte[] page = new BackupPage(true, List.of(), true).encode();
        for (String wrong : List.of("?stamp=", "?stamp=-1", "?stamp=old", "?stamp=1234567890123456789", "?age=1")) {
            restore(page, wrong)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("outcome", equalTo("failed"))
                    .body("detail", containsString("stamp"));
        }
    }

    @Test
    void what_is_asked_wrongly_is_told() {
        get("/v1/backup/16", 400, "from 0 to 15");
        get("/v1/backup/x", 400, "from 0 to 15");
        get("/v1/backup/9999999999", 400, "from 0 to 15");
        get("/v1/backup/" + owned() + "?part=all", 400, "states, digests or hints");
        get("/v1/backup/" + owned() + "?after=!", 400, "Gramme-Next");
        get("/v1/backup/" + owned() + "?befor=x", 400, "befor");
        get("/v1/backup/" + foreign(), 409, "does not own partition " + foreign());
    }

    @Test
    void a_page_that_is_damaged_or_of_something_else_is_refused_as_a_whole() {
        write();
        byte[] page = pages("states").getFirst();
        byte[] damaged = page.clone();
        damaged[page.length / 2] ^= 1;
        refused(damaged, "checksum");
        refused(new byte[0], "cut short");
        refused(pages("digests").getFirst(), "digests only");
        List<Message.RangeEntry> records =
                new ArrayList<>(BackupPage.decode(page).records());
        Message.RangeEntry good = records.getFirst();
        Key none = new Key("no bucket", good.key().name());
        refused(
                new BackupPage(true, List.of(new Message.RangeEntry(none, 1, good.state())), true).encode(),
                "record 1 of 1: 'no bucket'");
        Key long2000 = Key.of("b", "x".repeat(2_000));
        refused(
                new BackupPage(true, List.of(new Message.RangeEntry(long2000, 1, good.state())), true).encode(),
                "record 1 of 1: its key has 2000 bytes");
        restore(new byte[RestoreResource.MAX_PAGE_BYTES + 1]).then().statusCode(413);
    }

    @Test
    void a_node_that_has_enough_to_deliver_says_when_to_come_again() {
        node.nextRestoreEndsAs(new RestoreOutcome(Failure.OVERLOADED, "50001 hints wait"));
        restore(new BackupPage(true, List.of(), true).encode())
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .body("outcome", equalTo("failed"))
                .body("detail", containsString("50001 hints wait"));
    }

    private void write() {
        for (int i = 0; i < KEYS; i++) {
            given().body("v" + i).put("/v1/kv/b/k" + i).then().statusCode(204);
        }
    }

    /** Of one partition with more keys than a page has. */
    private List<byte[]> pages(String part) {
        List<byte[]> pages = new ArrayList<>();
        for (int partition = 0; partition < 16 && pages.size() < 2; partition++) {
            pages.clear();
            if (owns(partition)) {
                String path = "/v1/backup/" + partition + "?part=" + part;
                String next = "";
                while (next != null) {
                    Response answer = given().get(next.isEmpty() ? path : path + "&after=" + next);
                    assertThat(answer.statusCode()).isEqualTo(200);
                    pages.add(answer.asByteArray());
                    next = answer.header("Gramme-Next");
                }
            }
        }
        return pages;
    }

    private boolean owns(int partition) {
        return node.view().topology().settled().owns(node.id(), partition);
    }

    private int owned() {
        int partition = 0;
        while (!owns(partition)) {
            partition++;
        }
        return partition;
    }

    private int foreign() {
        int partition = 0;
        while (owns(partition)) {
            partition++;
        }
        return partition;
    }

    private static Response restore(byte[] page) {
        return restore(page, "?stamp=" + MemoryNode.STAMP);
    }

    private static Response restore(byte[] page, String query) {
        return given().contentType("application/octet-stream").body(page).post("/v1/restore" + query);
    }

    private static void refused(byte[] page, String why) {
        restore(page)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("outcome", equalTo("failed"))
                .body("detail", containsString(why));
    }

    private static void get(String path, int status, String why) {
        given().urlEncodingEnabled(false)
                .get(path)
                .then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("detail", containsString(why));
    }
}
