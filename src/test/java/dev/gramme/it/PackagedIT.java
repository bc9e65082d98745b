package dev.gramme.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.gramme.rest.RawHttp;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every face of what was packaged, jar or native binary: what works only on a classpath with sources fails here. */
@QuarkusIntegrationTest
@WithTestResource(value = NodeOfOne.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class PackagedIT {
    private static final int MAX_VALUE = 1 << 20;
    private static final int MAX_KEY = 1 << 10;

    @TestHTTPResource
    URL server;

    /** Quarkus says that it listens before the node has opened its directory. */
    @BeforeEach
    void the_node_is_ready() {
        Awaitility.await("ready")
                .atMost(Duration.ofSeconds(30))
                .until(() -> given().get("/q/health/ready").statusCode() == 200);
    }

    @Test
    void a_value_is_put_read_asked_about_and_deleted() {
        String path = "/v1/kv/smoke/one";
        given().get(path).then().statusCode(404);
        given().contentType("text/plain").body("hello").put(path).then().statusCode(204);
        String context = given().get(path)
                .then()
                .statusCode(200)
                .contentType("text/plain")
                .header("ETag", notNullValue())
                .body(equalTo("hello"))
                .extract()
                .header("Gramme-Context");
        given().head(path).then().statusCode(200).header("Content-Length", "5");
        given().header("Gramme-Context", context).delete(path).then().statusCode(204);
        given().get(path).then().statusCode(404).header("Gramme-Context", notNullValue());
    }

    @Test
    void a_posted_value_gets_a_key() {
        String location = given().body("made")
                .post("/v1/kv/smoke")
                .then()
                .statusCode(201)
                .extract()
                .header("Location");
        given().get(location).then().statusCode(200).body(equalTo("made"));
    }

    @Test
    void two_blind_writes_are_siblings_that_one_context_merges() {
        String path = "/v1/kv/smoke/siblings";
        given().contentType("text/plain").body("left").put(path).then().statusCode(204);
        given().contentType("text/plain").body("right").put(path).then().statusCode(204);
        String both = given().get(path)
                .then()
                .statusCode(300)
                .body("siblings.text", containsInAnyOrder("left", "right"))
                .extract()
                .header("Gramme-Context");
        given().accept("multipart/mixed").get(path).then().statusCode(300).header("Gramme-Siblings", "2");
        given().header("Gramme-Context", both).body("merged").put(path).then().statusCode(204);
        given().get(path).then().statusCode(200).body(equalTo("merged"));
    }

    @Test
    void a_key_is_explained() {
        given().contentType("text/plain").body("12345").put("/v1/kv/smoke/explained");
        given().get("/v1/explain/smoke/explained")
                .then()
                .statusCode(200)
                .body("key", equalTo("explained"))
                .body("replicas", hasSize(1))
                .body("replicas[0].node", equalTo("n1"))
                .body("replicas[0].owner", equalTo(true))
                .body("replicas[0].siblings[0].bytes", equalTo(5))
                .body("merged.siblings", hasSize(1));
    }

    @Test
    void a_bucket_is_told_how_conflicts_end_and_goes_by_it() {
        given().contentType("application/json")
                .body("{\"conflictPolicy\":\"last-write-wins\"}")
                .put("/v1/buckets/sessions")
                .then()
                .statusCode(200)
                .body("conflictPolicy", equalTo("last-write-wins"));
        given().get("/v1/buckets/sessions")
                .then()
                .statusCode(200)
                .body("conflictPolicy", equalTo("last-write-wins"))
                .body("n", equalTo(1));
        given().body("one").put("/v1/kv/sessions/s").then().statusCode(204);
        given().body("two").put("/v1/kv/sessions/s").then().statusCode(204);
        given().get("/v1/kv/sessions/s").then().statusCode(200).body(equalTo("two"));
    }

    @Test
    void the_cluster_shows_its_members_and_its_ring() {
        given().get("/v1/cluster/members")
                .then()
                .statusCode(200)
                .body("seenBy", equalTo("n1"))
                .body("members.id", hasItem("n1"))
                .body("members[0].liveness", equalTo("up"))
                .body("members[0].writable", equalTo(true))
                .body("members[0].hints", equalTo(0));
        given().get("/v1/cluster/ring")
                .then()
                .statusCode(200)
                .body("partitions", equalTo(256))
                .body("replicas", equalTo(1))
                .body("owners", hasSize(256));
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "started", "ready", "group/cluster"})
    void every_probe_is_up(String probe) {
        given().get("/q/health/" + probe)
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"))
                .body("checks.size()", greaterThanOrEqualTo(1));
    }

    @Test
    void every_part_is_measured() {
        given().body("v").put("/v1/kv/smoke/measured").then().statusCode(204);
        String metrics =
                given().get("/q/metrics").then().statusCode(200).extract().asString();
        assertThat(metrics)
                .contains("gramme_request_seconds_bucket{operation=\"put\"")
                .contains("gramme_request_endings_total{")
                .contains("gramme_hints ")
                .contains("gramme_bridge_sent_messages_total ")
                .contains("gramme_put_quorum_failed_total ")
                .contains("gramme_put_made_siblings_total ")
                .contains("gramme_disk_writable 1.0");
        assertThat(metrics.lines()
                        .filter(line -> line.startsWith("gramme_log_forces_total "))
                        .map(line -> Double.valueOf(line.substring(line.indexOf(' ') + 1))))
                .singleElement()
                .matches(forces -> forces >= 1, "at least one force");
    }

    @Test
    void the_description_of_the_interface_is_served() {
        assertThat(given().get("/q/openapi").then().statusCode(200).extract().asString())
                .contains("/v1/kv/{bucket}/{key}")
                .contains("/v1/explain/{bucket}/{key}");
        assertThat(given().get("/q/swagger-ui/")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString())
                .contains("swagger-ui");
    }

    @Test
    void a_body_shorter_than_its_length_stores_nothing() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            http.write("PUT /v1/kv/smoke/short HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nshort");
            http.stopSending();
            assertThat(http.isClosedByServer()).isTrue();
        }
        given().get("/v1/kv/smoke/short").then().statusCode(404);
    }

    @Test
    void a_client_that_stalls_within_its_body_is_cut_and_stores_nothing() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            http.write("PUT /v1/kv/smoke/stalled HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nshort");
            assertThat(http.isClosedByServer()).isTrue();
        }
        given().get("/v1/kv/smoke/stalled").then().statusCode(404);
    }

    @Test
    void a_value_at_the_bound_is_kept_and_one_beyond_it_is_a_413() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            assertThat(http.send("PUT", "/v1/kv/smoke/largest", "x".repeat(MAX_VALUE))
                            .status())
                    .isEqualTo(204);
            RawHttp.Answer refused = http.send("PUT", "/v1/kv/smoke/larger", "x".repeat(MAX_VALUE + 1));
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.isProblem("value-too-large")).as(refused.text()).isTrue();
            assertThat(http.send("GET", "/v1/kv/smoke/largest", "").body()).hasSize(MAX_VALUE);
            assertThat(http.send("GET", "/v1/kv/smoke/larger", "").status()).isEqualTo(404);
        }
    }

    @Test
    void a_key_at_the_bound_is_kept_and_one_beyond_it_is_a_414() throws IOException {
        String longest = "k".repeat(MAX_KEY);
        try (RawHttp http = new RawHttp(server)) {
            assertThat(http.send("PUT", "/v1/kv/smoke/" + longest, "v").status())
                    .isEqualTo(204);
            RawHttp.Answer refused = http.send("PUT", "/v1/kv/smoke/" + longest + "k", "v");
            assertThat(refused.status()).isEqualTo(414);
            assertThat(refused.isProblem("key-too-long")).as(refused.text()).isTrue();
        }
    }

    @Test
    void a_key_of_any_bytes_is_kept_apart_from_its_likes() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            String[] keys = {"a%2Fb", "%FF%00", "a%25b", "%2E%2E"};
            for (String key : keys) {
                assertThat(http.send("PUT", "/v1/kv/any/" + key, "value of " + key)
                                .status())
                        .as(key)
                        .isEqualTo(204);
            }
            for (String key : keys) {
                assertThat(http.send("GET", "/v1/kv/any/" + key, "").text()).isEqualTo("value of " + key);
            }
        }
    }

    @Test
    void a_request_line_that_is_no_uri_is_read_and_answered_by_gramme_itself() throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            assertThat(http.send("PUT", "/v1/kv/any/\"<>^`{|}", "v").status()).isEqualTo(204);
            RawHttp.Answer refused = http.send("PUT", "/v1/kv/any/%G0", "v");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.isProblem("bad-key")).as(refused.text()).isTrue();
        }
    }

    @Test
    void a_forged_context_is_a_400() {
        given().header("Gramme-Context", "AREAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
                .body("v")
                .put("/v1/kv/smoke/forged")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:gramme:problem:bad-context"));
    }
}
