package dev.gramme.node;

import static dev.gramme.node.MiniCluster.options;
import static dev.gramme.node.MiniCluster.texts;
import static dev.gramme.node.MiniCluster.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.version.CausalContext;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Failure;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who takes a write while the ring changes and most owners are down: n4 comes into the ring of n1, n2, n3 in the place of one of them in each partition. */
class StandingInAChangeTest {
    private final ChangingCluster four = ChangingCluster.of(4, 3);
    private final MiniCluster nodes = four.nodes;
    private final NodeId newcomer = four.id(4);
    private final Key key = joining();
    private final int partition = four.settled.partitionOf(key);
    private final List<NodeId> stayers = four.settled.owners(partition).stream()
            .filter(n -> four.target().owns(n, partition))
            .toList();
    private final NodeId loser = four.settled.owners(partition).stream()
            .filter(n -> !four.target().owns(n, partition))
            .findFirst()
            .orElseThrow();

    private Key joining() {
        four.propose(nodes.ids);
        four.all(Phase.PREPARED, true);
        return four.moving(newcomer, null);
    }

    private PutOutcome put(NodeId at, int w, boolean strict) {
        PutCommand command = nodes.command(key, CausalContext.EMPTY, "v");
        return nodes.put(at, with(command, options(0, w, strict, 1_000)));
    }

    @Test
    void the_newcomer_and_one_old_owner_are_w_2_whoever_coordinates() {
        nodes.down(loser);
        nodes.down(stayers.get(1));
        for (NodeId at : List.of(newcomer, stayers.get(0))) {
            PutOutcome.Written written = assertInstanceOf(PutOutcome.Written.class, put(at, 2, false));
            assertEquals(2, written.acks(), "two nodes, whatever they stand for");
            assertEquals(2, written.hints());
        }
        assertEquals(2, nodes.count(Probe.OWNER_ASKED_AS_FALLBACK));
        assertTrue(nodes.disks.get(newcomer).hint(key, stayers.get(1)).isEmpty(), "a pointer to its own copy");
        PutOutcome.Failed strict = assertInstanceOf(PutOutcome.Failed.class, put(stayers.get(0), 2, true));
        assertEquals(Failure.UNAVAILABLE, strict.failure());
        PutOutcome.Failed three = assertInstanceOf(PutOutcome.Failed.class, put(stayers.get(0), 3, false));
        assertEquals("w=3, and 2 nodes can be reached", three.detail());
    }

    @Test
    void one_old_and_one_new_owner_alone_are_w_2_and_all_hear_of_it() {
        stayers.forEach(nodes::down);
        assertInstanceOf(PutOutcome.Written.class, put(loser, 2, false));
        assertEquals(2, nodes.hints(), "each stands for another of the two that are down");
        nodes.heal();
        nodes.pass(2_000);
        for (NodeId node : nodes.ids) {
            assertEquals(List.of("v"), texts(nodes.held(node, key)), node.name());
        }
        assertEquals(0, nodes.hints());
    }

    @Test
    void a_newcomer_that_stood_in_keeps_what_a_withdrawn_change_had_left_it_until_the_hint_is_delivered() {
        stayers.forEach(nodes::down);
        assertInstanceOf(PutOutcome.Written.class, put(newcomer, 2, false));
        four.withdraw();
        four.all(null, false);
        four.proposal = null;
        four.all(null, false);
        nodes.pass(1_000);
        assertEquals(List.of("v"), texts(nodes.held(newcomer, key)), "the hint says no more than: what I hold");
        nodes.heal();
        nodes.pass(2_000);
        assertEquals(0, nodes.hints());
        for (NodeId owner : four.settled.owners(partition)) {
            assertEquals(List.of("v"), texts(nodes.held(owner, key)), owner.name());
        }
        assertEquals(VersionSet.EMPTY, nodes.held(newcomer, key));
    }

    @Test
    void when_the_stand_in_is_silent_too_the_put_is_short_of_w_and_the_coordinator_owes_both() {
        stayers.forEach(nodes::down);
        nodes.silentlyDown(newcomer);
        assertInstanceOf(PutOutcome.Indeterminate.class, put(loser, 2, false));
        nodes.pass(2_000);
        nodes.heal();
        nodes.pass(2_000);
        for (NodeId node : nodes.ids) {
            assertEquals(List.of("v"), texts(nodes.held(node, key)), node.name());
        }
    }

    @Test
    void one_fallback_stands_in_for_a_leaver_and_its_successor_and_both_hear_of_it() {
        ChangingCluster six = ChangingCluster.of(6, 5);
        six.propose(six.nodes.ids);
        six.all(Phase.PREPARED, true);
        NodeId gainer = six.id(6);
        Key moving = six.moving(gainer, null);
        int p = six.settled.partitionOf(moving);
        List<NodeId> owners = six.settled.owners(p);
        NodeId leaver = owners.stream()
                .filter(n -> !six.target().owns(n, p))
                .findFirst()
                .orElseThrow();
        six.nodes.down(leaver);
        six.nodes.down(gainer);
        List<NodeId> others = six.nodes.ids.stream()
                .filter(n -> !n.equals(gainer) && !owners.contains(n))
                .toList();
        six.nodes.down(others.get(1));
        PutCommand command = six.nodes.command(moving, CausalContext.EMPTY, "v");
        NodeId at = owners.stream().filter(n -> !n.equals(leaver)).findFirst().orElseThrow();
        PutOutcome.Written written = assertInstanceOf(
                PutOutcome.Written.class, six.nodes.put(at, with(command, options(0, 3, false, 1_000))));
        assertEquals(3, written.acks());
        assertEquals(List.of("v"), texts(six.nodes.disks.get(others.get(0)).hint(moving, leaver)));
        six.nodes.disks.get(at).hints.clear();
        six.nodes.heal();
        six.nodes.pass(2_000);
        assertEquals(List.of("v"), texts(six.nodes.held(leaver, moving)));
        assertEquals(List.of("v"), texts(six.nodes.held(gainer, moving)), "by the hint for whose place it takes");
    }

    @Test
    void a_node_that_has_left_says_for_whom_it_kept_a_hint_and_is_heard() {
        ChangingCluster five = ChangingCluster.of(5, 5);
        NodeId leaver = five.id(5);
        Key kept = notOwnedBy(leaver, five);
        NodeId absent = five.nodes.owners(kept).get(0);
        NodeId at = five.nodes.owners(kept).get(1);
        five.nodes.down(absent);
        five.nodes.deliver(at, leaver, new Message.ReplicaPut(1, kept, stateOf(five.nodes, at, kept), absent));
        five.nodes.disks.forEach((id, disk) -> {
            if (!id.equals(leaver)) {
                disk.hints.clear();
                disk.owned.clear();
            }
        });
        five.propose(five.nodes.ids.subList(0, 4));
        five.settle();
        five.nodes.heal();
        List<Message> sent = new ArrayList<>();
        five.nodes.lost = f -> f.from().equals(leaver) && !sent.add(f.message());
        five.nodes.pass(2_000);
        List<NodeId> named = sent.stream()
                .filter(Message.ReplicaPut.class::isInstance)
                .map(m -> ((Message.ReplicaPut) m).hintFor())
                .toList();
        assertFalse(named.isEmpty());
        assertTrue(
                five.settled.owners(five.settled.partitionOf(kept)).containsAll(named),
                "each owner by its name: " + named);
        assertEquals(List.of("v"), texts(five.nodes.held(absent, kept)), "though nobody listens to " + leaver);
        assertEquals(0, five.nodes.hints());
    }

    private static Key notOwnedBy(NodeId node, ChangingCluster cluster) {
        for (int i = 0; ; i++) {
            Key key = Key.of("b", "kept" + i);
            if (!cluster.settled.owns(node, cluster.settled.partitionOf(key))) {
                return key;
            }
        }
    }

    private static VersionSet stateOf(MiniCluster nodes, NodeId at, Key key) {
        nodes.put(at, key, CausalContext.EMPTY, "v");
        return nodes.held(at, key);
    }
}
