package dev.gramme.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.version.Bytes;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as they come over the wire: what is on the request line is what is stored under. */
@QuarkusTest
class RawKeyTest {
    @Inject
    MemoryNode node;

    @TestHTTPResource
    URL server;

    @BeforeEach
    void reset() {
        node.reset();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a%2Fb", "%2F", "%2F%2F", "%2f..%2F", "%00", "%FF%FE", "%C3%A9", "%2E", "%2E%2E", "..", ".", "%2e.",
                        "a+b", "+",
                "%2B", "a%20b", "%25", "%252F", "a;b=c", ";", "%3Bx", "%3F", "%23", "~", "'", "a=b&c", "@:!$(),*",
                        "%0D%0A",
                "...", "..a", "-", "%7F", "\\", "a%5Cb", "\"<>^`{|}", "%F0%9F%98%80"
            })
    void any_bytes_are_a_key(String segment) throws IOException {
        Key key = new Key("b", decoded(segment));
        assertEquals(
                204,
                RawHttp.ask(server, "PUT", "/v1/kv/b/" + segment, "Content-Length: 0")
                        .status());
        assertEquals(1, node.stored(key).siblings().size(), () -> "nothing is stored under " + key);
        assertEquals(1, node.keys());
        assertEquals(
                200, RawHttp.ask(server, "GET", "/v1/kv/b/" + segment + "?r=1").status());
        assertEquals(key, node.lastGet().key());
        assertEquals(1, node.lastGet().options().r());
        RawHttp.Answer explained = RawHttp.ask(server, "GET", "/v1/explain/b/" + segment);
        assertEquals(200, explained.status());
        assertEquals(204, RawHttp.ask(server, "DELETE", "/v1/kv/b/" + segment).status());
        assertEquals(404, RawHttp.ask(server, "GET", "/v1/kv/b/" + segment).status());
    }

    private static Bytes decoded(String segment) {
        byte[] bytes = new byte[segment.length()];
        int size = 0;
        for (int i = 0; i < segment.length(); i++) {
            boolean escaped = segment.charAt(i) == '%';
            bytes[size++] =
                    (byte) (escaped ? Integer.parseInt(segment.substring(i + 1, i + 3), 16) : segment.charAt(i));
            i += escaped ? 2 : 0;
        }
        return Bytes.of(java.util.Arrays.copyOf(bytes, size));
    }

    @Test
    void the_same_key_written_in_two_ways_is_one_key() throws IOException {
        RawHttp.ask(server, "PUT", "/v1/kv/b/a%2db", "Content-Length: 0");
        assertEquals(200, RawHttp.ask(server, "GET", "/v1/kv/b/a-b").status());
    }

    @Test
    void the_absolute_form_names_the_same_key() throws IOException {
        RawHttp.ask(server, "PUT", "http://gramme/v1/kv/b/k%2F", "Content-Length: 0");
        assertEquals("k/", node.lastPut().key().name().text());
    }

    @Test
    void bytes_that_are_not_encoded_are_taken_as_they_are() throws IOException {
        RawHttp.ask(server, "PUT", "/v1/kv/b/\u00C3\u00A9", "Content-Length: 0");
        assertEquals(Bytes.utf8("é"), node.lastPut().key().name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a/", "/", "//", "a/../b", "../c/k", "%", "%2", "%G0", "a%", "%%", ""})
    void what_is_no_single_segment_is_a_400(String segment) throws IOException {
        RawHttp.Answer answer = RawHttp.ask(server, "PUT", "/v1/kv/b/" + segment, "Content-Length: 0");
        assertEquals(400, answer.status(), answer::text);
        assertTrue(answer.isProblem("bad-key"), answer::text);
        assertEquals(0, node.keys());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/buckets/%G0", "/v1/cluster/%", "/%", "/\u0001", "/<>", "/v1/echo/../echo/%2", "*", "x"})
    void a_path_that_cant_be_decoded_is_a_problem_wherever_it_points(String target) throws IOException {
        RawHttp.Answer answer = RawHttp.ask(server, "GET", target);
        assertTrue(answer.status() == 400 || answer.status() == 404, answer::head);
        assertTrue(answer.text().contains("urn:gramme:problem:"), answer::head);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b%2Fc", "b%20", "..", ".", "%2E%2E", "b;c", "b~", "b+", "é"})
    void a_bucket_of_other_characters_is_a_400(String bucket) throws IOException {
        RawHttp.Answer answer = RawHttp.ask(server, "GET", "/v1/kv/" + bucket + "/k");
        assertEquals(400, answer.status(), answer::text);
        assertTrue(answer.isProblem("bad-bucket"), answer::text);
    }

    @Test
    void a_bucket_may_have_64_characters_and_no_more() throws IOException {
        String longest = "b".repeat(64);
        assertEquals(404, RawHttp.ask(server, "GET", "/v1/kv/" + longest + "/k").status());
        assertEquals(
                400, RawHttp.ask(server, "GET", "/v1/kv/b" + longest + "/k").status());
    }

    @Test
    void a_key_may_have_1024_bytes_however_they_are_written_and_no_more() throws IOException {
        String longest = "%FF".repeat(1024);
        assertEquals(404, RawHttp.ask(server, "GET", "/v1/kv/b/" + longest).status());
        RawHttp.Answer answer = RawHttp.ask(server, "PUT", "/v1/kv/b/" + longest + "x", "Content-Length: 0");
        assertEquals(414, answer.status());
        assertTrue(answer.isProblem("key-too-long"), answer::text);
        assertEquals(0, node.keys());
    }

    @Test
    void a_request_line_beyond_all_bounds_is_a_414() throws IOException {
        assertEquals(
                414,
                RawHttp.ask(server, "GET", "/v1/kv/b/" + "x".repeat(20_000)).status());
    }

    @Test
    void an_area_spelled_with_escapes_is_not_served() throws IOException {
        RawHttp.Answer answer = RawHttp.ask(server, "GET", "/v1/%6Bv/b/k");
        assertEquals(404, answer.status());
        assertTrue(answer.isProblem("no-such-resource"), answer::text);
    }

    @Test
    void a_value_without_a_content_type_is_octets() throws IOException {
        RawHttp.ask(server, "PUT", "/v1/kv/b/k", "Content-Length: 0");
        assertEquals("application/octet-stream", node.lastPut().content().contentType());
    }

    @Test
    void a_content_type_need_not_parse() throws IOException {
        RawHttp.ask(server, "PUT", "/v1/kv/b/k", "Content-Length: 0", "Content-Type: what;;is=\u00E9this");
        RawHttp.Answer answer = RawHttp.ask(server, "GET", "/v1/kv/b/k");
        assertEquals(200, answer.status());
        assertTrue(answer.head().contains("Content-Type: what;;is=\u00E9this\r\n"), answer.head());
    }

    @Test
    void an_idempotency_key_is_kept_byte_for_byte() throws IOException {
        RawHttp.ask(server, "PUT", "/v1/kv/b/k", "Content-Length: 0", "Idempotency-Key: \u00E9 x");
        assertEquals(
                Bytes.of("\u00E9 x".getBytes(StandardCharsets.ISO_8859_1)),
                node.lastPut().content().idempotencyKey());
    }
}
