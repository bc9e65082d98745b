package dev.gramme.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramme.ring.Key;
import dev.gramme.runtime.LocalNode.NotReadyException;
import dev.gramme.version.Bytes;
import dev.gramme.wire.ClientContext;
import dev.gramme.wire.ContextToken;
import dev.gramme.wire.Failure;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.PutOutcome;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class BadInputTest {
    @Inject
    MemoryNode node;

    @BeforeEach
    void reset() {
        node.reset();
    }

    private static ValidatableResponse problem(ValidatableResponse answer, int status, String type) {
        return answer.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:gramme:problem:" + type))
                .body("status", equalTo(status))
                .body("title", notNullValue())
                .body("detail", notNullValue())
                .body("instance", notNullValue())
                .body("hint", notNullValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r=0",
                "r=4",
                "r=-1",
                "r=two",
                "r=",
                "r",
                "r=1&r=1",
                "w=0",
                "w=4",
                "w=2.0",
                "w=99999999999",
                "w=%32",
                "timeout=0",
                "timeout=60001",
                "timeout=soon",
                "quorum=loose",
                "quorum=",
                "W=2",
                "n=3",
                "w=2;r=2"
            })
    void an_impossible_parameter_is_a_400_and_reaches_no_node(String query) {
        problem(given().urlEncodingEnabled(false).get("/v1/kv/b/k?" + query).then(), 400, "bad-parameter");
        problem(
                given().urlEncodingEnabled(false)
                        .body("v")
                        .put("/v1/kv/b/k?" + query)
                        .then(),
                400,
                "bad-parameter");
        problem(given().urlEncodingEnabled(false).delete("/v1/kv/b/k?" + query).then(), 400, "bad-parameter");
        assertEquals(0, node.keys());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "AAAA", "not base64!", ",", "a,b", "AREAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void a_context_that_is_none_is_a_400_and_writes_nothing(String context) {
        problem(
                given().header("Gramme-Context", context)
                        .body("v")
                        .put("/v1/kv/b/k")
                        .then(),
                400,
                "bad-context");
        problem(given().header("Gramme-Context", context).delete("/v1/kv/b/k").then(), 400, "bad-context");
        assertEquals(0, node.keys());
    }

    @Test
    void a_context_cut_short_or_changed_or_forged_or_of_another_key_is_a_400() {
        given().body("v").put("/v1/kv/b/k");
        String good = given().get("/v1/kv/b/k").header("Gramme-Context");
        String cut = good.substring(0, good.length() - 4);
        char other = good.charAt(10) == 'A' ? 'B' : 'A';
        String changed = good.substring(0, 10) + other + good.substring(11);
        String forged = new ContextToken(Bytes.utf8("some other cluster's key of 32 b"))
                .encode(Key.of("b", "k"), ClientContext.NONE);
        String ofAnother = node.tokens().encode(Key.of("b", "k2"), ClientContext.NONE);
        for (String bad : new String[] {cut, changed, forged, ofAnother, good + "," + forged}) {
            problem(
                    given().header("Gramme-Context", bad)
                            .body("w")
                            .put("/v1/kv/b/k")
                            .then(),
                    400,
                    "bad-context");
        }
        given().get("/v1/kv/b/k").then().statusCode(200).body(equalTo("v"));
    }

    @Test
    void too_many_contexts_are_a_400() {
        String one = node.tokens().encode(Key.of("b", "k"), ClientContext.NONE);
        given().header("Gramme-Context", (one + ",").repeat(63) + one)
                .body("v")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(204);
        problem(
                given().header("Gramme-Context", (one + ",").repeat(64) + one)
                        .body("v")
                        .put("/v1/kv/b/k")
                        .then(),
                400,
                "bad-context");
    }

    @Test
    void headers_beyond_their_bounds_are_refused() {
        problem(
                given().header("Idempotency-Key", "x".repeat(256))
                        .body("v")
                        .put("/v1/kv/b/k")
                        .then(),
                400,
                "bad-header");
        problem(
                given().header("Gramme-Meta-a", "x".repeat(4_096))
                        .body("v")
                        .put("/v1/kv/b/k")
                        .then(),
                413,
                "metadata-too-large");
        problem(
                given().contentType("x/" + "y".repeat(254))
                        .body(new byte[] {1})
                        .put("/v1/kv/b/k")
                        .then(),
                400,
                "bad-header");
        given().header("Gramme-Meta-a", "x".repeat(4_095))
                .body("v")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(204);
    }

    @Test
    void what_is_not_served_is_a_404_problem() {
        for (String path :
                new String[] {"/", "/v1", "/v1/kv", "/v2/kv/b/k", "/v1/buckets", "/riak/b/k", "/v1/cluster/x", "/q/none"
                }) {
            problem(given().get(path).then(), 404, "no-such-resource");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/v1/kv/b/k,DELETE",
        "PATCH,/v1/kv/b/k,PUT",
        "GET,/v1/kv/b,POST",
        "PUT,/v1/kv/b,POST",
        "PUT,/v1/explain/b/k,GET",
        "DELETE,/v1/buckets/b,PUT",
        "POST,/v1/cluster/members,GET"
    })
    void a_method_that_is_not_served_is_a_405_that_says_which_are(String method, String path, String allowed) {
        problem(given().request(method, path).then(), 405, "method-not-allowed")
                .header("Allow", containsString(allowed))
                .header("Allow", not(containsString(method)));
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE,503,unavailable",
        "TIMEOUT,504,timeout",
        "OVERLOADED,503,overloaded",
        "IMPOSSIBLE_QUORUM,400,bad-parameter",
        "STORAGE_FULL,507,storage-full",
        "STORAGE_BROKEN,500,storage-broken",
        "TOO_MANY_SIBLINGS,409,too-many-siblings"
    })
    void a_request_that_failed_says_that_nothing_was_written(Failure failure, int status, String type) {
        node.nextPutEndsAs(new PutOutcome.Failed(failure, "because of the test"));
        ValidatableResponse put = problem(given().body("v").put("/v1/kv/b/k").then(), status, type)
                .body("outcome", equalTo("failed"))
                .body("detail", equalTo("because of the test"));
        node.nextGetEndsAs(new GetOutcome.Failed(failure, "because of the test"));
        problem(given().get("/v1/kv/b/k").then(), status, type);
        if (status == 503) {
            put.header("Retry-After", "1");
        }
    }

    @Test
    void an_indeterminate_write_is_told_apart_and_echoes_the_key_that_makes_a_retry_safe() {
        node.nextPutEndsAs(new PutOutcome.Indeterminate(1, 2, "deadline passed"));
        String key = problem(given().body("v").put("/v1/kv/b/k").then(), 503, "indeterminate")
                .body("outcome", equalTo("indeterminate"))
                .body("detail", containsString("1 of 2"))
                .header("Retry-After", "1")
                .extract()
                .header("Idempotency-Key");
        assertEquals(key, IdempotencyKeys.header(node.lastPut().content().idempotencyKey()));
        given().header("Idempotency-Key", key)
                .body("v")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(204);
        assertEquals(Bytes.utf8(key), node.lastPut().content().idempotencyKey());
    }

    @Test
    void a_node_that_is_not_ready_sends_the_client_elsewhere() {
        node.failWith(new NotReadyException("replaying the log"));
        for (String path : new String[] {"/v1/kv/b/k", "/v1/explain/b/k"}) {
            problem(given().get(path).then(), 503, "not-ready").header("Retry-After", "1");
        }
        problem(given().body("v").put("/v1/kv/b/k").then(), 503, "not-ready").body("outcome", equalTo("failed"));
    }

    @Test
    void an_unexpected_failure_is_a_500_that_tells_nothing_of_the_inside() {
        node.failWith(new IllegalStateException("secret inside"));
        problem(given().get("/v1/kv/b/k").then(), 500, "internal").body("detail", not(containsString("secret")));
    }
}
