package dev.gramme.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.wire.TimeToLive;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How clients say for how long a value is to live, and what they are shown when it has expired. */
@QuarkusTest
class TimeToLiveResourceTest {
    private static final String INSTANT = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z";

    @Inject
    MemoryNode node;

    @BeforeEach
    void reset() {
        node.reset();
    }

    @Test
    void a_put_with_a_time_to_live_says_when_the_value_expires_and_so_does_a_read() {
        String expires = put("k", "60");
        Duration left = Duration.between(Instant.now(), Instant.parse(expires));
        assertTrue(left.toSeconds() >= 50 && left.toSeconds() <= 60, expires);
        given().get("/v1/kv/b/k").then().statusCode(200).header("Gramme-Expires", expires);
        given().head("/v1/kv/b/k").then().statusCode(200).header("Gramme-Expires", expires);
        given().body("v").put("/v1/kv/b/other").then().header("Gramme-Expires", nullValue());
    }

    @Test
    void an_expired_value_is_a_404_with_the_context_that_replaces_it() {
        put("k", "60");
        node.readersAreAhead(61);
        String context = given().get("/v1/kv/b/k")
                .then()
                .statusCode(404)
                .body("detail", equalTo("expired: b/k"))
                .extract()
                .header("Gramme-Context");
        given().head("/v1/kv/b/k").then().statusCode(404);
        given().header("Gramme-Context", context)
                .body("new")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(204)
                .header("Gramme-Siblings", nullValue())
                .header("Gramme-Expires", nullValue());
        given().get("/v1/kv/b/k").then().statusCode(200).body(equalTo("new"));
    }

    @Test
    void siblings_that_have_expired_are_not_shown_and_those_that_will_say_when() {
        put("k", "60");
        put("k", "600");
        given().body("stays").put("/v1/kv/b/k");
        given().get("/v1/kv/b/k")
                .then()
                .statusCode(300)
                .body("siblings", hasSize(3))
                .body("siblings.findAll { it.expires != null }.expires", everyItem(matchesPattern(INSTANT)))
                .body("siblings.findAll { it.expires != null }", hasSize(2));
        given().accept("multipart/mixed").get("/v1/kv/b/k").then().body(containsString("Gramme-Expires: "));
        node.readersAreAhead(61);
        given().get("/v1/kv/b/k").then().statusCode(300).body("siblings", hasSize(2));
        node.readersAreAhead(601);
        given().get("/v1/kv/b/k").then().statusCode(200).body(equalTo("stays"));
    }

    @Test
    void conditions_hold_an_expired_value_for_absent() {
        put("k", "60");
        given().header("If-None-Match", "*").body("w").put("/v1/kv/b/k").then().statusCode(412);
        node.readersAreAhead(61);
        given().header("If-Match", "*").body("w").put("/v1/kv/b/k").then().statusCode(412);
        given().header("If-None-Match", "*").body("w").put("/v1/kv/b/k").then().statusCode(204);
        given().get("/v1/kv/b/k").then().statusCode(200).body(equalTo("w"));
    }

    @Test
    void a_delete_without_a_context_replaces_what_has_expired() {
        put("k", "60");
        node.readersAreAhead(61);
        given().delete("/v1/kv/b/k").then().statusCode(204);
        given().get("/v1/kv/b/k").then().statusCode(404).body("detail", equalTo("deleted: b/k"));
    }

    @Test
    void explain_shows_what_has_expired_as_that() {
        put("k", "60");
        given().get("/v1/explain/b/k")
                .then()
                .body("merged.siblings.expired", contains(false))
                .body("merged.siblings.expires", contains(notNullValue()));
        node.readersAreAhead(61);
        given().get("/v1/explain/b/k").then().body("merged.siblings.expired", contains(true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "1.5", "1e3", "soon", "", "315360001", "4294967297", "99999999999999999999", "60s"})
    void a_time_to_live_that_is_none_is_a_400_and_nothing_is_written(String ttl) {
        given().header("Gramme-Ttl", ttl)
                .body("v")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:gramme:problem:bad-header"))
                .body("outcome", equalTo("failed"))
                .body("detail", containsString("a whole number of seconds from 1 to 315360000, or never"));
        assertEquals(0, node.keys());
    }

    @Test
    void two_times_to_live_are_none_and_a_delete_has_none() {
        given().header("Gramme-Ttl", "5", "6")
                .body("v")
                .put("/v1/kv/b/k")
                .then()
                .statusCode(400);
        given().header("Gramme-Ttl", "5").delete("/v1/kv/b/k").then().statusCode(400);
    }

    @Test
    void a_bucket_s_time_to_live_holds_for_puts_that_ask_for_none() {
        setTtl("60").statusCode(200).body("ttlSeconds", equalTo(60));
        given().body("v").put("/v1/kv/b/k").then().header("Gramme-Expires", matchesPattern(INSTANT));
        assertEquals(TimeToLive.OF_BUCKET, node.lastPut().options().ttlSeconds());
        given().header("Gramme-Ttl", "never")
                .body("v")
                .put("/v1/kv/b/kept")
                .then()
                .header("Gramme-Expires", nullValue());
        given().body("v").post("/v1/kv/b").then().statusCode(201).header("Gramme-Expires", matchesPattern(INSTANT));
        setTtl("0").body("ttlSeconds", equalTo(0));
        given().body("v").put("/v1/kv/b/k").then().header("Gramme-Expires", nullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "315360001", "1.5", "\"60\"", "true", "99999999999"})
    void a_bucket_s_time_to_live_that_is_none_is_a_400(String ttl) {
        setTtl(ttl).statusCode(400).body("detail", containsString("ttlSeconds must be a whole number of seconds"));
        given().get("/v1/buckets/b").then().body("ttlSeconds", equalTo(0));
    }

    private static io.restassured.response.ValidatableResponse setTtl(String ttl) {
        return given().contentType("application/json")
                .body("{\"ttlSeconds\":" + ttl + "}")
                .put("/v1/buckets/b")
                .then();
    }

    private static String put(String key, String ttl) {
        return given().header("Gramme-Ttl", ttl)
                .body("v")
                .put("/v1/kv/b/" + key)
                .then()
                .statusCode(204)
                .extract()
                .header("Gramme-Expires");
    }
}
