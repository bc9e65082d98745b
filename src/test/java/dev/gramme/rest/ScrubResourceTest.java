package dev.gramme.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ScrubResourceTest {
    @Inject
    MemoryNode node;

    @BeforeEach
    void reset() {
        node.reset();
    }

    @Test
    void before_the_first_scrub_there_is_nothing_to_show() {
        given().get("/v1/cluster/scrub")
                .then()
                .statusCode(200)
                .body("node", equalTo("n1"))
                .body("left", equalTo(0))
                .body("complete", equalTo("never"))
                .body("found", hasSize(0));
    }

    @Test
    void a_scrub_that_is_asked_for_is_accepted_and_what_it_finds_is_seen() {
        given().post("/v1/cluster/scrub").then().statusCode(202).body("left", equalTo(2));
        given().get("/v1/cluster/scrub")
                .then()
                .statusCode(200)
                .body("of", equalTo(5))
                .body("records", equalTo(30))
                .body("findings", equalTo(1))
                .body("found[0].file", equalTo("/data/partitions/0007.mv"))
                .body("found[0].offset", equalTo(8192))
                .body("found[0].at", equalTo("2023-11-14T22:13:20Z"));
    }

    @Test
    void a_parameter_is_refused_rather_than_ignored() {
        given().post("/v1/cluster/scrub?partition=3")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", containsString("bad-"));
    }
}
