package dev.gramme.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URL;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies that are too large, too short, too slow, or in pieces. */
@QuarkusTest
class BodyTest {
    private static final int MAX = 1024 * 1024;

    @Inject
    MemoryNode node;

    @TestHTTPResource
    URL server;

    @BeforeEach
    void reset() {
        node.reset();
    }

    @Test
    void a_value_of_the_bound_is_taken_and_one_byte_more_is_a_413_that_leaves_the_connection_usable()
            throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            assertEquals(204, http.send("PUT", "/v1/kv/b/k", "x".repeat(MAX)).status());
            assertEquals(MAX, node.lastPut().content().value().size());
            RawHttp.Answer refused = http.send("PUT", "/v1/kv/b/large", "x".repeat(MAX + 1));
            assertEquals(413, refused.status());
            assertTrue(refused.isProblem("value-too-large"), refused::text);
            assertEquals(200, http.send("GET", "/v1/kv/b/k", "").status());
            assertEquals(1, node.keys());
        }
    }

    @Test
    void a_client_that_waits_for_100_continue_is_told_413_before_it_sends() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            RawHttp.Answer answer =
                    http.send("PUT", "/v1/kv/b/k", "", "Expect: 100-continue", "Content-Length: 99999999");
            assertEquals(413, answer.status());
        }
    }

    @Test
    void a_client_that_waits_for_100_continue_gets_it() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            assertEquals(
                    100,
                    http.send("PUT", "/v1/kv/b/k", "", "Expect: 100-continue", "Content-Length: 2")
                            .status());
            http.write("ok");
            assertEquals(204, http.read().status());
        }
    }

    @Test
    void a_wrong_request_is_refused_before_its_body_is_sent() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            RawHttp.Answer answer = http.send("PUT", "/v1/kv/b/k?w=9", "", "Content-Length: 100");
            assertEquals(400, answer.status());
            assertTrue(answer.isProblem("bad-parameter"), answer::text);
        }
    }

    @Test
    void a_chunked_body_is_a_value_and_bounded_as_any() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            http.write(
                    "PUT /v1/kv/b/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertEquals(204, http.read().status());
            assertEquals("abcde", node.lastPut().content().value().text());
            http.write("PUT /v1/kv/b/k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            String piece = "10000\r\n" + "y".repeat(0x10000) + "\r\n";
            for (int i = 0; i < 17; i++) {
                http.write(piece);
            }
            http.write("0\r\n\r\n");
            assertEquals(413, http.read().status());
            assertEquals(200, http.send("GET", "/v1/kv/b/k", "").status());
        }
        assertEquals(
                "abcde",
                node.stored(Key.of("b", "k"))
                        .siblings()
                        .get(0)
                        .content()
                        .value()
                        .text());
    }

    @Test
    void a_body_shorter_than_its_length_writes_nothing() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            http.write("PUT /v1/kv/b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nshort");
            http.stopSending();
            assertTrue(http.isClosedByServer());
        }
        assertEquals(0, node.keys());
    }

    @Test
    void a_client_that_stalls_within_its_body_is_cut_at_the_idle_bound() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            http.write("PUT /v1/kv/b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nshort");
            assertTrue(http.isClosedByServer());
        }
        assertEquals(0, node.keys());
    }

    @Test
    void a_client_that_stalls_within_its_headers_is_cut_at_the_idle_bound() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            http.write("PUT /v1/kv/b/k HTTP/1.1\r\nHost:");
            assertTrue(http.isClosedByServer());
        }
    }

    @Test
    void a_body_on_a_request_that_takes_none_is_read_away() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            assertEquals(404, http.send("GET", "/v1/kv/b/k", "what for?").status());
            assertEquals(404, http.send("GET", "/v1/kv/b/k", "").status());
            assertEquals(405, http.send("PATCH", "/v1/kv/b/k", "x").status());
            assertEquals(
                    400, http.send("PUT", "/v1/kv/b/a/b", "x".repeat(100_000)).status());
            assertEquals(404, http.send("GET", "/v1/kv/b/k", "").status());
        }
    }

    @Test
    void requests_sent_ahead_are_answered_in_order() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            http.write("PUT /v1/kv/b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nv"
                    + "GET /v1/kv/b/k HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals(204, http.read().status());
            assertEquals("v", http.read().text());
        }
    }

    @Test
    void values_are_not_compressed_on_their_way() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            http.send("PUT", "/v1/kv/b/k", "x".repeat(5_000), "Content-Type: text/plain");
            RawHttp.Answer answer = http.send("GET", "/v1/kv/b/k", "", "Accept-Encoding: gzip, br");
            assertEquals(5_000, answer.body().length);
            assertFalse(answer.head().toLowerCase(Locale.ROOT).contains("content-encoding"));
        }
    }
}
