package dev.gramme.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.gramme.node.ClusterCommand;
import dev.gramme.node.RingPlan;
import dev.gramme.ring.Claim;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.Topology;
import dev.gramme.wire.RingProgress;
import dev.gramme.wire.StagedChange;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class RingChangeTest {
    private static final NodeId NEWCOMER = new NodeId("n5");

    @Inject
    MemoryNode node;

    @BeforeEach
    void reset() {
        node.reset();
        node.ring().plan(plan());
    }

    private static ValidatableResponse post(String command, String body) {
        return given().contentType("application/json")
                .body(body)
                .post("/v1/cluster/" + command)
                .then();
    }

    private Ring grown() {
        List<RingMember> members = new ArrayList<>(node.ring().first().members().values());
        members.add(new RingMember(NEWCOMER, "zn5", 100));
        return Claim.change(node.ring().first(), members);
    }

    private RingPlan plan() {
        StagedChange join = new StagedChange(NEWCOMER, 1, 1, StagedChange.Kind.JOIN, 0, null);
        RingPlan.Share share = new RingPlan.Share(NEWCOMER, "zn5", 100, 0, 9, 9, 9_000);
        return new RingPlan(
                "abc",
                node.ring().first(),
                grown(),
                List.of(join),
                new TreeSet<>(),
                List.of(share),
                9,
                9,
                9_000,
                List.of("thin"));
    }

    @Test
    void the_plan_says_what_moves_and_what_it_costs_in_safety() {
        given().get("/v1/cluster/plan")
                .then()
                .statusCode(200)
                .body("plan", equalTo("abc"))
                .body("from.version", equalTo(1))
                .body("to.version", equalTo(2))
                .body("changes[0].node", equalTo("n5"))
                .body("changes[0].change", equalTo("join"))
                .body("shares[0].after", equalTo(9))
                .body("moves", equalTo(9))
                .body("leastMoves", equalTo(9))
                .body("bytesToMove", equalTo(9_000))
                .body("warnings", contains("thin"));
    }

    @Test
    void a_staged_change_is_answered_with_the_plan() {
        post("leave", "{\"node\":\"n2\"}").statusCode(200).body("plan", equalTo("abc"));
        post("leave", "{}").statusCode(200);
        post("replace", "{\"old\":\"n2\",\"new\":\"n3\"}").statusCode(200);
        post("remove", "{\"node\":\"n2\",\"force\":true}").statusCode(200);
        post("weight", "{\"node\":\"n2\",\"weight\":7}").statusCode(200).body("shares", hasSize(1));
        assertThat(node.ring().commands().stream().filter(ClusterCommand.Stage.class::isInstance))
                .containsExactly(
                        new ClusterCommand.Stage(StagedChange.Kind.LEAVE, new NodeId("n2"), 0, null),
                        new ClusterCommand.Stage(StagedChange.Kind.LEAVE, new NodeId("n1"), 0, null),
                        new ClusterCommand.Stage(StagedChange.Kind.REPLACE, new NodeId("n2"), 0, new NodeId("n3")),
                        new ClusterCommand.Stage(StagedChange.Kind.REMOVE, new NodeId("n2"), 0, null),
                        new ClusterCommand.Stage(StagedChange.Kind.WEIGHT, new NodeId("n2"), 7, null));
    }

    @Test
    void join_commit_and_cancel_reach_the_node() {
        post("join", "{\"seeds\":[\"10.0.0.1:7800\",\"[::1]:7800\"]}").statusCode(202);
        post("commit", "{\"plan\":\"abc\"}").statusCode(200).body("plan", equalTo("abc"));
        given().post("/v1/cluster/cancel").then().statusCode(200).body("ring.version", equalTo(1));
        assertThat(node.ring().commands())
                .containsExactly(
                        new ClusterCommand.Join(List.of("10.0.0.1:7800", "[::1]:7800")),
                        new ClusterCommand.Commit("abc"),
                        new ClusterCommand.Cancel());
    }

    @Test
    void what_is_refused_is_a_409_with_the_sentence() {
        node.ring().refuse("stale plan: n4 has left meanwhile");
        post("commit", "{\"plan\":\"old\"}")
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:gramme:problem:ring-refused"))
                .body("detail", equalTo("stale plan: n4 has left meanwhile"))
                .body("outcome", equalTo("failed"));
        post("leave", "{}").statusCode(409);
        post("cancel", "").statusCode(409);
        post("join", "{\"seeds\":[\"a:1\"]}").statusCode(409);
        given().get("/v1/cluster/plan").then().statusCode(409);
    }

    @Test
    void a_node_that_nobody_knows_is_a_404_and_names_those_that_are() {
        post("leave", "{\"node\":\"n9\"}")
                .statusCode(404)
                .body("type", equalTo("urn:gramme:problem:no-such-node"))
                .body("detail", containsString("n4"));
        post("replace", "{\"old\":\"n1\",\"new\":\"n9\"}").statusCode(404);
        assertThat(node.ring().commands()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "join   | {}",
                "join   | {\"seeds\":[]}",
                "join   | {\"seeds\":\"a:1\"}",
                "join   | {\"seeds\":[\"a\"]}",
                "join   | {\"seeds\":[\"a:0\"]}",
                "join   | {\"seeds\":[\"a:70000\"]}",
                "join   | {\"seeds\":[7]}",
                "leave  | {\"node\":\"a b\"}",
                "leave  | {\"node\":7}",
                "leave  | {\"name\":\"n1\"}",
                "leave  | [",
                "leave  | []",
                "replace| {\"old\":\"n1\"}",
                "remove | {\"node\":\"n1\"}",
                "remove | {\"node\":\"n1\",\"force\":\"true\"}",
                "weight | {\"node\":\"n1\"}",
                "weight | {\"node\":\"n1\",\"weight\":0}",
                "weight | {\"node\":\"n1\",\"weight\":1001}",
                "weight | {\"node\":\"n1\",\"weight\":2.5}",
                "commit | {}",
                "commit | {\"plan\":7}",
                "cancel | {\"plan\":\"abc\"}"
            })
    void nonsense_is_a_400_and_asks_nothing_of_the_ring(String command, String body) {
        post(command, body).statusCode(400).body("type", equalTo("urn:gramme:problem:bad-body"));
        assertThat(node.ring().commands()).isEmpty();
    }

    @Test
    void a_wrong_method_names_the_right_one() {
        given().get("/v1/cluster/leave").then().statusCode(405).header("Allow", containsString("POST"));
        given().post("/v1/cluster/status").then().statusCode(405).header("Allow", containsString("GET"));
    }

    @Test
    void while_nothing_changes_the_status_says_so() {
        given().get("/v1/cluster/status")
                .then()
                .statusCode(200)
                .body("standing", equalTo("n1 is a member of ring 1"))
                .body("ring.version", equalTo(1))
                .body("change", nullValue())
                .body("staged", hasSize(0))
                .body("members", hasSize(4));
    }

    @Test
    void a_change_under_way_shows_each_members_progress_and_what_it_waits_for() {
        Ring grown = grown();
        Proposal proposal = new Proposal(3, new NodeId("n2"), 1, grown, new TreeSet<>());
        SortedMap<NodeId, RingProgress> told = new TreeMap<>();
        told.put(NEWCOMER, new RingProgress(0, proposal.id(), Phase.PREPARED, grown.share(NEWCOMER), 1, 1_000, 500));
        node.ring()
                .changes(
                        new Topology(4, node.ring().first(), proposal, Phase.PREPARED, true, new BitSet()),
                        told,
                        "n4, which is down");

        String newcomer = "change.members.find { it.id == 'n5' }.";
        given().get("/v1/cluster/status")
                .then()
                .statusCode(200)
                .body("change.id", equalTo("3@n2"))
                .body("change.to.version", equalTo(2))
                .body(newcomer + "phase", equalTo("prepared"))
                .body(newcomer + "gains", equalTo(grown.share(NEWCOMER)))
                .body(newcomer + "received", equalTo(1))
                .body(newcomer + "receivedBytes", equalTo(1_000))
                .body(newcomer + "bytesPerSecond", equalTo(500))
                .body("change.members.find { it.id == 'n1' }.phase", equalTo("none"))
                .body("waitingFor", contains("n4, which is down"));
        given().get("/v1/cluster/ring")
                .then()
                .body("version", equalTo(1))
                .body("next.version", equalTo(2))
                .body("next.owners", hasSize(16));
    }
}
