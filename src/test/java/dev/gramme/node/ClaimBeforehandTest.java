package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.gramme.node.ControlCluster.Process;
import dev.gramme.ring.Claim;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.wire.StagedChange;
import org.junit.jupiter.api.Test;

/** What takes long about a plan may be done before, and elsewhere. */
class ClaimBeforehandTest {
    private final ControlCluster cluster = new ControlCluster(5, 3);

    @Test
    void a_plan_goes_by_the_claim_that_was_made_beforehand_if_that_is_of_what_is_staged() {
        cluster.startAll();
        cluster.run(1_500);
        Process first = cluster.at(1);
        assertNull(first.plane.question(new ClusterCommand.Plan(), cluster.now()), "nothing is staged");
        leave(first, ControlCluster.node(5));
        ClaimQuestion question = first.plane.question(new ClusterCommand.Plan(), cluster.now());
        assertNotNull(question);
        assertEquals(question.answer(), plan(first));
        Ring another = Claim.change(Claim.first(32, 3, question.members()), question.members());
        first.plane.claimed(question, another);
        assertEquals(another, plan(first), "whoever made it");
        leave(first, ControlCluster.node(4));
        ClaimQuestion next = first.plane.question(new ClusterCommand.Commit("00000000"), cluster.now());
        assertNotNull(next);
        assertEquals(next.answer(), plan(first), "the other one is of no use any more");
    }

    private static void leave(Process process, NodeId node) {
        process.does(new Event.Administer(1, new ClusterCommand.Stage(StagedChange.Kind.LEAVE, node, 0, null)));
    }

    private static Ring plan(Process process) {
        process.does(new Event.Administer(2, new ClusterCommand.Plan()));
        ClusterAnswer answer = process.answer();
        assertNotNull(answer);
        assertNotNull(answer.plan(), answer.error());
        return answer.plan().after();
    }
}
