package dev.gramme.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.gramme.ring.Liveness;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ClusterAndBucketsTest {
    @Inject
    MemoryNode node;

    @BeforeEach
    void reset() {
        node.reset();
    }

    @Test
    void a_bucket_that_nobody_has_set_has_the_defaults() {
        given().get("/v1/buckets/b")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("bucket", equalTo("b"))
                .body("conflictPolicy", equalTo("siblings"))
                .body("n", equalTo(3))
                .body("r", equalTo(2))
                .body("w", equalTo(2));
    }

    @Test
    void properties_are_set_and_what_is_left_out_stays() {
        given().contentType("application/json")
                .body("{\"conflictPolicy\":\"last-write-wins\",\"w\":3}")
                .put("/v1/buckets/b")
                .then()
                .statusCode(200)
                .body("conflictPolicy", equalTo("last-write-wins"))
                .body("r", equalTo(2))
                .body("w", equalTo(3));
        given().contentType("application/json")
                .body("{\"r\":1}")
                .put("/v1/buckets/b")
                .then()
                .statusCode(200);
        given().get("/v1/buckets/b")
                .then()
                .body("conflictPolicy", equalTo("last-write-wins"))
                .body("r", equalTo(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "\"r\"",
                "7",
                "",
                "null",
                "{\"r\":0}",
                "{\"r\":4}",
                "{\"r\":\"2\"}",
                "{\"w\":2.5}",
                "{\"w\":null}",
                "{\"conflictPolicy\":\"vote\"}",
                "{\"conflictPolicy\":1}",
                "{\"q\":1}",
                "{\"r\":99999999999}"
            })
    void properties_that_cant_be_are_a_400(String body) {
        given().contentType("application/json")
                .body(body)
                .put("/v1/buckets/b")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:gramme:problem:bad-body"));
        given().get("/v1/buckets/b").then().body("r", equalTo(2));
    }

    @Test
    void properties_that_are_no_json_are_a_415_and_too_many_a_413_and_a_wrong_name_a_400() {
        given().contentType("text/xml")
                .body("<r/>")
                .put("/v1/buckets/b")
                .then()
                .statusCode(415)
                .contentType("application/problem+json");
        given().contentType("application/json")
                .body(" ".repeat(20_000))
                .put("/v1/buckets/b")
                .then()
                .statusCode(413);
        given().get("/v1/buckets/b~").then().statusCode(400).body("type", equalTo("urn:gramme:problem:bad-bucket"));
    }

    @Test
    void members_and_their_liveness_are_shown() {
        node.liveness("n3", Liveness.DOWN);
        given().get("/v1/cluster/members")
                .then()
                .statusCode(200)
                .body("cluster", equalTo("test"))
                .body("seenBy", equalTo("n1"))
                .body("members.id", contains("n1", "n2", "n3", "n4"))
                .body("members.liveness", contains("up", "up", "down", "up"))
                .body("members[0].hints", equalTo(0));
    }

    @Test
    void the_ring_names_the_owners_of_each_partition() {
        given().get("/v1/cluster/ring")
                .then()
                .statusCode(200)
                .body("partitions", equalTo(16))
                .body("replicas", equalTo(3))
                .body("owners", hasSize(16))
                .body("owners[0]", hasSize(3));
    }

    @Test
    void explain_says_where_a_key_belongs_and_what_each_replica_holds() {
        node.liveness("n2", Liveness.DOWN);
        given().body("four").put("/v1/kv/b/k");
        given().get("/v1/explain/b/k")
                .then()
                .statusCode(200)
                .body("key", equalTo("k"))
                .body("token", matchesPattern("[0-9a-f]{32}"))
                .body("replicas", hasSize(4))
                .body("replicas.find { it.node == 'n1' }.siblings[0].bytes", equalTo(4))
                .body("replicas.find { it.node == 'n2' }.answer", equalTo("down"))
                .body("replicas.find { it.node == 'n2' }", not(hasKey("siblings")))
                .body("merged.siblings", hasSize(1));
    }

    @Test
    void echo_answers_so_many_bytes() {
        given().get("/v1/echo").then().statusCode(200).header("Content-Length", "1024");
        given().get("/v1/echo?bytes=7").then().statusCode(200).body(equalTo("eeeeeee"));
        given().get("/v1/echo?bytes=0").then().statusCode(200).body(equalTo(""));
        given().get("/v1/echo?bytes=1048577").then().statusCode(400);
        given().get("/v1/echo?size=3").then().statusCode(400).header("ETag", nullValue());
    }
}
