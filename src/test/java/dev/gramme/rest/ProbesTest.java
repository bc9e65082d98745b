package dev.gramme.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.not;

import dev.gramme.ring.Liveness;
import dev.gramme.runtime.LocalNode.NodeState;
import dev.gramme.wire.MemberRecord;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ProbesTest {
    /** Quarkus has a check of its own beside ours. */
    private static final String READY = "checks.find { it.name == 'sloppy quorum' }.data.";

    @Inject
    MemoryNode node;

    @BeforeEach
    void reset() {
        node.reset();
    }

    private static ValidatableResponse probe(String name) {
        return given().get("/q/health/" + name).then();
    }

    @Test
    void a_healthy_node_in_a_healthy_cluster_passes_all() {
        probe("live").statusCode(200);
        probe("started").statusCode(200);
        probe("ready").statusCode(200).body(READY + "partitionsBelowW", equalTo(0));
        probe("group/cluster").statusCode(200).body("checks[0].data.members", equalTo(4));
    }

    @Test
    void the_death_of_a_peer_leaves_a_node_ready_and_is_seen_in_the_cluster_group() {
        node.liveness("n2", Liveness.DOWN);
        probe("live").statusCode(200);
        probe("ready").statusCode(200).body(READY + "down", equalTo("n2"));
        probe("group/cluster")
                .statusCode(503)
                .body("checks[0].data.down", equalTo("n2"))
                .body("checks[0].data.partitionsBelowN", greaterThan(0));
    }

    @Test
    void a_node_that_can_reach_too_few_for_a_sloppy_quorum_is_not_ready_but_live() {
        for (String peer : new String[] {"n2", "n3", "n4"}) {
            node.liveness(peer, Liveness.DOWN);
        }
        probe("ready").statusCode(503).body(READY + "partitionsBelowR", equalTo(16));
        probe("live").statusCode(200);
        probe("started").statusCode(200);
    }

    @Test
    void full_disks_on_most_nodes_make_writes_impossible_and_the_node_not_ready() {
        for (String full : new String[] {"n1", "n2", "n3"}) {
            node.liveness(full, new Liveness(Liveness.State.UP, false));
        }
        probe("ready").statusCode(503).body(READY + "partitionsBelowR", equalTo(0));
    }

    @Test
    void a_suspect_is_named_and_no_alarm_by_itself_unless_owners_are_missing() {
        node.liveness("n4", new Liveness(Liveness.State.SUSPECT, true));
        probe("group/cluster").body("checks[0].data.suspects", equalTo("n4"));
    }

    @Test
    void a_node_that_replays_its_log_is_live_but_neither_started_nor_ready() {
        node.state(new NodeState(false, true, false, false, "replaying"));
        probe("live").statusCode(200);
        probe("started").statusCode(503);
        probe("ready").statusCode(503).body(READY + "detail", equalTo("replaying"));
    }

    @Test
    void a_node_that_drains_is_started_but_not_ready() {
        node.state(new NodeState(true, true, true, true, "stopping"));
        probe("started").statusCode(200);
        probe("ready").statusCode(503);
        probe("group/cluster").statusCode(503);
    }

    @Test
    void a_node_that_waits_to_join_is_started_but_not_ready() {
        node.ring().isOfOthers();
        probe("live").statusCode(200);
        probe("started").statusCode(200);
        probe("ready").statusCode(503).body(READY + "inRing", equalTo(false));
        given().get("/v1/cluster/status").then().body("standing", containsString("has left, or was never in"));
    }

    @Test
    void a_node_that_knows_no_ring_yet_is_not_started() {
        node.ring().isUnknown();
        probe("live").statusCode(200);
        probe("started").statusCode(503);
        probe("ready").statusCode(503);
        probe("group/cluster").statusCode(503);
        given().get("/v1/cluster/status").then().body("standing", containsString("looks for its cluster"));
    }

    @Test
    void a_member_that_restarts_is_named_apart_from_those_that_are_gone() {
        node.liveness("n2", Liveness.DOWN);
        node.liveness("n3", Liveness.DOWN);
        node.ring().standing("n3", MemberRecord.Standing.LEAVING_FOR_RESTART);
        probe("group/cluster")
                .statusCode(503)
                .body("checks[0].data.down", equalTo("n2,n3"))
                .body("checks[0].data.restarting", equalTo("n3"));
    }

    @Test
    void a_wedged_loop_fails_live() {
        node.state(new NodeState(true, false, false, true, "loop 1 stuck for 31 s"));
        probe("live").statusCode(503).body("checks[0].data.detail", equalTo("loop 1 stuck for 31 s"));
    }

    @Test
    void requests_are_measured_by_operation_and_ending() {
        given().body("v").put("/v1/kv/b/k");
        given().get("/v1/kv/b/none");
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("gramme_request_seconds_bucket{operation=\"put\",le=\"1.0E-4\"}"))
                .body(containsString("gramme_request_seconds_bucket{operation=\"get\",le=\"5.0\"}"))
                .body(containsString("gramme_request_endings_total{ending=\"not_found\",operation=\"get\"}"))
                .body(not(containsString("http_server_requests")));
    }

    @Test
    void every_operation_is_described() {
        ValidatableResponse described =
                given().accept("application/json").get("/q/openapi").then().statusCode(200);
        String[] operations = {
            "/v1/kv/{bucket}/{key} get head put delete",
            "/v1/kv/{bucket} post",
            "/v1/explain/{bucket}/{key} get",
            "/v1/buckets/{bucket} get put",
            "/v1/cluster/status get",
            "/v1/cluster/members get",
            "/v1/cluster/ring get",
            "/v1/cluster/repair get post",
            "/v1/cluster/scrub get post",
            "/v1/cluster/plan get",
            "/v1/cluster/join post",
            "/v1/cluster/leave post",
            "/v1/cluster/replace post",
            "/v1/cluster/remove post",
            "/v1/cluster/weight post",
            "/v1/cluster/commit post",
            "/v1/cluster/cancel post",
            "/v1/backup get",
            "/v1/backup/{partition} get",
            "/v1/restore post",
            "/v1/echo get"
        };
        for (String line : operations) {
            String[] words = line.split(" ");
            for (int i = 1; i < words.length; i++) {
                String at = "paths.'" + words[0] + "'." + words[i];
                described.body(at + ".summary.length()", greaterThan(5)).body(at + ".responses.size()", greaterThan(1));
            }
        }
        described.body("paths.size()", equalTo(operations.length));
        given().get("/q/swagger-ui/").then().statusCode(200);
    }
}
