package dev.gramme.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class RepairResourceTest {
    @Inject
    MemoryNode node;

    @BeforeEach
    void reset() {
        node.reset();
    }

    @Test
    void before_the_first_exchange_there_is_nothing_to_show() {
        given().get("/v1/cluster/repair")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("node", equalTo("n1"))
                .body("left", equalTo(0))
                .body("exchanges.equal", equalTo(0))
                .body("last", hasSize(0));
    }

    @Test
    void a_repair_that_is_asked_for_is_accepted_and_then_seen() {
        given().post("/v1/cluster/repair?bucket=carts").then().statusCode(202).body("left", equalTo(1));
        given().get("/v1/cluster/repair")
                .then()
                .statusCode(200)
                .body("exchanges.repaired", equalTo(1))
                .body("keysCompared", equalTo(30))
                .body("keysRepairedHere", equalTo(2))
                .body("keysRepairedThere", equalTo(1))
                .body("last[0].partition", equalTo(7))
                .body("last[0].peer", equalTo("n2"))
                .body("last[0].bucket", equalTo("carts"))
                .body("last[0].result", equalTo("repaired"))
                .body("last[0].ended", equalTo("2023-11-14T22:13:20Z"))
                .body("last[0].millis", equalTo(12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"buckets=b", "bucket=a&bucket=b", "bucket=", "bucket=a%2Fb", "now"})
    void a_parameter_that_is_wrong_is_refused_rather_than_ignored(String query) {
        given().urlEncodingEnabled(false)
                .post("/v1/cluster/repair?" + query)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", containsString("bad-"));
        given().get("/v1/cluster/repair").then().body("keysCompared", equalTo(0));
    }

    @Test
    void another_method_is_told_which_are_allowed() {
        given().delete("/v1/cluster/repair").then().statusCode(405).header("Allow", "GET, HEAD, POST, OPTIONS");
    }
}
