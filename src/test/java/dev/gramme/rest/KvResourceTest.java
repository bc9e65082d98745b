package dev.gramme.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.RequestOptions;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class KvResourceTest {
    @Inject
    MemoryNode node;

    @BeforeEach
    void reset() {
        node.reset();
        // Content types go out as the test says them.
        RestAssured.config = RestAssuredConfig.config()
                .encoderConfig(
                        EncoderConfig.encoderConfig().appendDefaultContentCharsetToContentTypeIfUndefined(false));
    }

    @Test
    void a_value_comes_back_as_the_bytes_type_and_metadata_it_went_in_with() {
        byte[] value = {0, 1, (byte) 0xFF, '\r', '\n'};
        given().header("Gramme-Meta-Author", "Théophile")
                .contentType("image/x-odd")
                .body(value)
                .put("/v1/kv/b/k")
                .then()
                .statusCode(204)
                .header("Gramme-Context", notNullValue())
                .header("ETag", "\"ace0-" + Long.toHexString(dot()) + "\"")
                .header("Gramme-Siblings", nullValue());
        Response got = given().get("/v1/kv/b/k");
        assertEquals(200, got.statusCode());
        assertArrayEquals(value, got.asByteArray());
        assertEquals("image/x-odd", got.header("Content-Type"));
        assertEquals("Théophile", got.header("Gramme-Meta-author"));
        assertEquals("\"ace0-" + Long.toHexString(dot()) + "\"", got.header("ETag"));
        assertEquals("no-cache", got.header("Cache-Control"));
        assertTrue(got.header("Last-Modified").endsWith("GMT"));
        assertTrue(got.header("Gramme-Context").length() > 20);
    }

    private long dot() {
        return node.stored(Key.of("b", "k")).siblings().get(0).dot().counter();
    }

    @Test
    void an_empty_value_is_a_value() {
        given().put("/v1/kv/b/k").then().statusCode(204);
        given().get("/v1/kv/b/k").then().statusCode(200).header("Content-Length", "0");
    }

    @Test
    void any_accept_header_gets_the_value() {
        given().body("v").put("/v1/kv/b/k");
        given().accept("image/png").get("/v1/kv/b/k").then().statusCode(200).body(equalTo("v"));
    }

    @Test
    void head_answers_all_headers_of_get_and_no_body() {
        given().contentType("text/plain").body("twelve bytes").put("/v1/kv/b/k");
        given().head("/v1/kv/b/k")
                .then()
                .statusCode(200)
                .header("Content-Length", "12")
                .header("Content-Type", "text/plain")
                .header("ETag", notNullValue())
                .header("Gramme-Context", notNullValue())
                .body(equalTo(""));
        given().head("/v1/kv/b/none").then().statusCode(404);
    }

    @Test
    void a_key_never_written_is_a_404_problem_without_a_context() {
        given().get("/v1/kv/b/none")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .header("Gramme-Context", nullValue())
                .body("type", equalTo("urn:gramme:problem:key-not-found"))
                .body("status", equalTo(404))
                .body("instance", equalTo("/v1/kv/b/none"))
                .body("hint", notNullValue());
    }

    @Test
    void a_deleted_key_is_a_404_with_the_context_that_covers_the_tombstone() {
        put("k", "v");
        given().delete("/v1/kv/b/k").then().statusCode(204).header("Gramme-Context", notNullValue());
        String context =
                given().get("/v1/kv/b/k").then().statusCode(404).extract().header("Gramme-Context");
        given().header("Gramme-Context", context)
                .body("again")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(204);
        given().get("/v1/kv/b/k").then().statusCode(200).body(equalTo("again"));
    }

    @Test
    void a_delete_with_an_old_context_leaves_what_it_had_not_seen() {
        String old = put("k", "one");
        given().body("two").put("/v1/kv/b/k");
        given().header("Gramme-Context", old)
                .delete("/v1/kv/b/k")
                .then()
                .statusCode(204)
                .header("Gramme-Siblings", "2");
        given().get("/v1/kv/b/k").then().statusCode(300).body("siblings.deleted", hasItems(true, false));
    }

    @Test
    void a_delete_of_what_never_was_writes_nothing() {
        given().delete("/v1/kv/b/none").then().statusCode(204);
        assertEquals(0, node.keys());
    }

    @Test
    void two_writers_with_one_context_make_two_siblings_and_the_merged_contexts_resolve_them() {
        String context = put("k", "base");
        String a = given().header("Gramme-Context", context)
                .contentType("text/plain")
                .body("a")
                .put("/v1/kv/b/k")
                .header("Gramme-Context");
        given().header("Gramme-Context", context)
                .contentType("text/plain")
                .body("b")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(204)
                .header("Gramme-Siblings", "2")
                .header("ETag", nullValue());
        Response both = given().get("/v1/kv/b/k");
        both.then()
                .statusCode(300)
                .contentType("application/json")
                .header("Vary", "Accept")
                .header("ETag", notNullValue())
                .body("bucket", equalTo("b"))
                .body("key", equalTo("k"))
                .body("siblings", hasSize(2))
                .body("siblings.text", hasItems("a", "b"))
                .body("siblings.value", hasItems("YQ==", "Yg=="))
                .body("siblings[0].contentType", equalTo("text/plain"))
                .body("context", equalTo(both.header("Gramme-Context")));
        given().header("Gramme-Context", a + "," + both.header("Gramme-Context"))
                .body("ab")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(204)
                .header("Gramme-Siblings", nullValue());
        given().get("/v1/kv/b/k").then().statusCode(200).body(equalTo("ab"));
    }

    @Test
    void siblings_come_as_multipart_to_who_asks_for_it() {
        given().contentType("text/plain")
                .header("Gramme-Meta-by", "x")
                .body("a")
                .put("/v1/kv/b/k");
        given().contentType("image/png")
                .body(new byte[] {(byte) 0x89, '-', '-'})
                .put("/v1/kv/b/k");
        Response got = given().accept("multipart/mixed").get("/v1/kv/b/k");
        assertEquals(300, got.statusCode());
        String type = got.header("Content-Type");
        assertTrue(type.startsWith("multipart/mixed; boundary=gramme"), type);
        String boundary = type.substring(type.indexOf('=') + 1);
        String body = new String(got.asByteArray(), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertEquals(4, body.split("--" + boundary, -1).length);
        assertTrue(body.contains("Gramme-Meta-by: x\r\n\r\na\r\n--"), body);
        assertTrue(body.contains("Content-Type: image/png\r\nContent-Length: 3\r\n\r\n\u0089--\r\n"), body);
        assertTrue(body.endsWith("--" + boundary + "--\r\n"), body);
    }

    @Test
    void a_last_write_wins_bucket_has_no_siblings() {
        node.setBucket(new BucketProperties("lww", ConflictPolicy.LAST_WRITE_WINS, 2, 2, 1));
        given().body("a").put("/v1/kv/lww/k").then().statusCode(204);
        given().body("b").put("/v1/kv/lww/k").then().statusCode(204).header("Gramme-Siblings", nullValue());
        given().get("/v1/kv/lww/k").then().statusCode(200).body(equalTo("b"));
    }

    @Test
    void post_makes_a_key_and_says_where() {
        String first = given().body("v")
                .post("/v1/kv/b")
                .then()
                .statusCode(201)
                .extract()
                .header("Location");
        String second = given().body("v").post("/v1/kv/b").header("Location");
        assertNotEquals(first, second);
        given().get(first).then().statusCode(200).body(equalTo("v"));
    }

    @Test
    void a_post_retried_with_its_idempotency_key_makes_one_key() {
        String first = given().header("Idempotency-Key", "job 7")
                .body("v")
                .post("/v1/kv/b")
                .header("Location");
        String again = given().header("Idempotency-Key", "job 7")
                .body("v")
                .post("/v1/kv/b")
                .header("Location");
        assertEquals(first, again);
        given().get(first).then().statusCode(200).body(equalTo("v"));
    }

    @Test
    void a_put_retried_with_its_idempotency_key_is_one_version() {
        given().header("Idempotency-Key", "k7")
                .body("v")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(204);
        given().header("Idempotency-Key", "k7")
                .body("v")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(204);
        given().get("/v1/kv/b/k").then().statusCode(200);
    }

    @Test
    void puts_without_an_idempotency_key_get_one_each() {
        put("k", "v");
        var first = node.lastPut().content().idempotencyKey();
        put("k", "v");
        assertTrue(first.size() > 12);
        assertNotEquals(first, node.lastPut().content().idempotencyKey());
    }

    @Test
    void parameters_reach_the_node() {
        given().get("/v1/kv/b/k?r=3&timeout=250&quorum=strict");
        assertEquals(new RequestOptions(3, 0, true, 250, null), node.lastGet().options());
        given().body("v").put("/v1/kv/b/k?w=1&quorum=sloppy");
        assertEquals(
                new RequestOptions(0, 1, false, 5_000, null), node.lastPut().options());
        given().get("/v1/kv/b/k");
        assertEquals(RequestOptions.DEFAULT, node.lastGet().options());
    }

    @Test
    void a_write_prefers_who_answered_the_read_fastest() {
        put("k", "v");
        String context = given().get("/v1/kv/b/k").header("Gramme-Context");
        given().header("Gramme-Context", context).body("w").put("/v1/kv/b/k");
        assertEquals(node.id(), node.lastPut().options().preferred());
    }

    @Test
    void a_get_that_has_the_value_already_is_a_304() {
        put("k", "v");
        String tag = given().get("/v1/kv/b/k").header("ETag");
        given().header("If-None-Match", tag)
                .get("/v1/kv/b/k")
                .then()
                .statusCode(304)
                .header("ETag", tag)
                .header("Gramme-Context", notNullValue())
                .body(equalTo(""));
        given().header("If-None-Match", "\"other\"").get("/v1/kv/b/k").then().statusCode(200);
    }

    @Test
    void a_put_only_if_absent_is_refused_where_there_is_a_value_and_taken_where_there_is_none() {
        Map<String, String> absent = Map.of("If-None-Match", "*");
        given().headers(absent).body("v").put("/v1/kv/b/k").then().statusCode(204);
        given().headers(absent)
                .body("w")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(412)
                .contentType("application/problem+json")
                .body("outcome", equalTo("failed"));
        given().delete("/v1/kv/b/k");
        given().headers(absent)
                .body("x")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(204)
                .header("Gramme-Siblings", nullValue());
        given().get("/v1/kv/b/k").then().statusCode(200).body(equalTo("x"));
    }

    @Test
    void a_put_only_if_unchanged_needs_no_context_and_replaces_what_it_names() {
        put("k", "v");
        String tag = given().get("/v1/kv/b/k").header("ETag");
        given().header("If-Match", tag).body("w").put("/v1/kv/b/k").then().statusCode(204);
        given().get("/v1/kv/b/k").then().statusCode(200).body(equalTo("w"));
        given().header("If-Match", tag).body("x").put("/v1/kv/b/k").then().statusCode(412);
        given().header("If-Match", tag).delete("/v1/kv/b/k").then().statusCode(412);
        given().header("If-Match", "*").body("y").put("/v1/kv/b/none").then().statusCode(412);
    }

    private String put(String key, String value) {
        return given().body(value)
                .put("/v1/kv/b/" + key)
                .then()
                .statusCode(204)
                .extract()
                .header("Gramme-Context");
    }
}
