package dev.gramme.node;

import static dev.gramme.node.MiniCluster.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.version.CausalContext;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of data and hints when partitions change hands: n4 comes into the ring of n1, n2, n3. */
class AfterAChangeTest {
    private final ChangingCluster four = ChangingCluster.of(4, 3);
    private final MiniCluster nodes = four.nodes;
    private final NodeId newcomer = four.id(4);

    private Key begin() {
        four.propose(nodes.ids);
        four.all(Phase.PREPARED, true);
        return four.moving(newcomer, null);
    }

    private NodeId loser(Key key) {
        int partition = four.settled.partitionOf(key);
        return four.settled.owners(partition).stream()
                .filter(n -> !four.target().owns(n, partition))
                .findFirst()
                .orElseThrow();
    }

    private void goThrough() {
        nodes.pass(200);
        BitSet all = four.gains(newcomer);
        for (Phase phase : List.of(Phase.RECEIVED, Phase.LOCKED, Phase.READY)) {
            nodes.ids.forEach(id -> four.at(id, phase, true, id.equals(newcomer) ? all : new BitSet()));
        }
        four.settle();
    }

    private long actorOf(NodeId node) {
        return nodes.disks.get(node).actor;
    }

    @Test
    void what_a_node_does_not_own_any_more_is_dropped_and_it_mints_by_another_actor() {
        nodes.put(four.id(1), Key.of("b", "k"), CausalContext.EMPTY, "v");
        four.propose(nodes.ids);
        Key key = four.moving(newcomer, null);
        nodes.put(four.id(1), key, CausalContext.EMPTY, "moved");
        begin();
        NodeId loser = loser(key);
        long actor = actorOf(loser);
        goThrough();
        assertFalse(nodes.held(loser, key).isEmpty());
        nodes.pass(10);
        assertTrue(nodes.held(loser, key).isEmpty());
        assertNotEquals(actor, actorOf(loser));
        assertEquals(List.of("moved"), texts(nodes.held(newcomer, key)));
        assertEquals(List.of("moved"), texts(nodes.get(loser, key).versions()));
    }

    @Test
    void nothing_is_dropped_while_a_change_is_under_way_or_by_a_node_that_knows_no_ring() {
        nodes.put(four.id(1), Key.of("b", "k"), CausalContext.EMPTY, "v");
        Key key = begin();
        nodes.put(four.id(1), key, CausalContext.EMPTY, "both");
        nodes.pass(200);
        assertEquals(List.of("both"), texts(nodes.held(newcomer, key)));
        nodes.topologies.put(newcomer, Topology.settled(Ring.nobodys(four.settled.partitions(), 3)));
        nodes.start(newcomer);
        nodes.pass(200);
        assertEquals(List.of("both"), texts(nodes.held(newcomer, key)));
    }

    @Test
    void what_a_withdrawn_change_has_left_is_dropped_at_the_next_start_too() {
        Key key = begin();
        nodes.put(four.id(1), key, CausalContext.EMPTY, "v");
        nodes.pass(200);
        four.withdraw();
        nodes.topologies.put(newcomer, new Topology(9, four.settled, four.proposal, null, false, new BitSet()));
        nodes.start(newcomer);
        nodes.pass(10);
        assertTrue(nodes.held(newcomer, key).isEmpty());
        assertEquals(List.of("v"), texts(nodes.held(firstOwner(key), key)));
    }

    private NodeId firstOwner(Key key) {
        return four.settled.owners(four.settled.partitionOf(key)).get(0);
    }

    @Test
    void a_pointer_to_the_own_state_is_delivered_before_the_state_is_dropped() {
        Key key = begin();
        NodeId loser = loser(key);
        four.withdraw();
        four.all(null, false);
        NodeId absent = four.settled.owners(four.settled.partitionOf(key)).stream()
                .filter(n -> !n.equals(loser))
                .findFirst()
                .orElseThrow();
        nodes.down(absent);
        PutCommand command = nodes.command(key, CausalContext.EMPTY, "for the absent");
        nodes.deliver(
                four.id(2).equals(loser) ? four.id(1) : four.id(2), loser, new Message.CoordinatePut(77, command));
        assertEquals(VersionSet.EMPTY, nodes.disks.get(loser).hint(key, absent), "a pointer");
        begin();
        goThrough();
        nodes.pass(1_000);
        assertFalse(nodes.held(loser, key).isEmpty(), "it is still pointed to");
        nodes.heal();
        nodes.pass(1_000);
        assertEquals(List.of("for the absent"), texts(nodes.held(absent, key)));
        assertNull(nodes.disks.get(loser).hint(key, absent));
        assertTrue(nodes.held(loser, key).isEmpty());
    }

    @Test
    void a_partition_that_was_dropped_and_comes_back_is_minted_for_by_an_actor_that_covers_nothing_of_before() {
        Key key = begin();
        goThrough();
        nodes.deliver(
                four.id(1), newcomer, new Message.CoordinatePut(5, nodes.command(key, CausalContext.EMPTY, "old")));
        nodes.pass(100);
        assertEquals(List.of("old"), texts(nodes.held(newcomer, key)));
        four.propose(List.of(four.id(1), four.id(2), four.id(3)));
        nodes.ids.forEach(id -> four.at(id, Phase.PREPARED, true, new BitSet()));
        nodes.pass(200);
        four.settle();
        nodes.pass(100);
        assertTrue(nodes.held(newcomer, key).isEmpty());
        four.propose(nodes.ids);
        four.all(Phase.PREPARED, false);
        assertTrue(four.target().owns(newcomer, four.target().partitionOf(key)));
        nodes.deliver(
                four.id(1), newcomer, new Message.CoordinatePut(6, nodes.command(key, CausalContext.EMPTY, "new")));
        nodes.pass(100);
        assertEquals(List.of("new"), texts(nodes.held(newcomer, key)), "it has not taken the rest over yet");
        assertEquals(List.of("new", "old"), texts(nodes.get(four.id(1), key).versions()));
        four.all(Phase.PREPARED, true);
        nodes.pass(200);
        assertEquals(List.of("new", "old"), texts(nodes.held(newcomer, key)));
    }

    @Test
    void a_hint_delivered_to_an_owner_that_gives_the_partition_away_goes_on_to_its_successor() {
        ChangingCluster six = ChangingCluster.of(6, 5);
        six.propose(six.nodes.ids);
        Key key = six.moving(six.id(6), null);
        int partition = six.settled.partitionOf(key);
        NodeId loser = six.settled.owners(partition).stream()
                .filter(n -> !six.target().owns(n, partition))
                .findFirst()
                .orElseThrow();
        six.nodes.down(loser);
        six.nodes.put(
                six.settled.owners(partition).get(0).equals(loser)
                        ? six.settled.owners(partition).get(1)
                        : six.settled.owners(partition).get(0),
                key,
                CausalContext.EMPTY,
                "hinted");
        assertEquals(1, six.nodes.hints());
        six.all(Phase.PREPARED, true);
        six.nodes.lost = f -> f.message() instanceof Message.PartitionRequest
                || f.to().equals(loser)
                || f.from().equals(loser);
        six.nodes.pass(200);
        six.nodes.lost = f -> f.message() instanceof Message.PartitionRequest;
        six.nodes.publish(loser, Liveness.UP);
        six.nodes.pass(300);
        assertEquals(List.of("hinted"), texts(six.nodes.held(loser, key)));
        assertEquals(0, six.nodes.hints());
        assertEquals(
                List.of("hinted"),
                texts(six.nodes.held(six.id(6), key)),
                "told by who kept the hint: nothing was taken over");
    }

    @Test
    void a_hint_for_who_is_gone_for_good_goes_on_to_all_owners() {
        ChangingCluster five = ChangingCluster.of(5, 4);
        List<NodeId> staying = List.of(five.id(1), five.id(2), five.id(3), five.id(5));
        NodeId gone = five.id(4);
        five.propose(staying, gone);
        Key key = five.moving(five.id(5), gone);
        int partition = five.settled.partitionOf(key);
        NodeId keeper = five.nodes.outsider(key).equals(five.id(5))
                ? staying.stream()
                        .filter(n -> !five.settled.owns(n, partition) && !n.equals(five.id(5)))
                        .findFirst()
                        .orElseThrow()
                : five.nodes.outsider(key);
        five.nodes.down(gone);
        five.nodes.lost = f -> f.message() instanceof Message.ReplicaPut put && put.hintFor() == null;
        NodeId at = five.settled.owners(partition).stream()
                .filter(n -> !n.equals(gone))
                .findFirst()
                .orElseThrow();
        five.nodes.send(at, five.nodes.command(key, CausalContext.EMPTY, "only hinted"));
        five.nodes.pass(100);
        assertEquals(List.of("only hinted"), texts(five.nodes.disks.get(keeper).hint(key, gone)));
        five.proposal = five.propose(staying, gone);
        for (NodeId node : staying) {
            five.at(node, Phase.READY, true, five.gains(node));
        }
        five.settle();
        five.nodes.disks.get(at).owned.clear();
        five.nodes.lost = f -> f.from().equals(gone) || f.to().equals(gone);
        five.nodes.pass(2_000);
        assertNull(five.nodes.disks.get(keeper).hint(key, gone));
        for (NodeId owner : five.settled.owners(partition)) {
            assertEquals(List.of("only hinted"), texts(five.nodes.held(owner, key)), owner.name());
        }
        assertEquals(0, five.nodes.hints());
    }

    @Test
    void a_pointer_of_who_is_no_owner_any_more_becomes_a_state_when_more_is_to_be_told() {
        Key key = begin();
        NodeId loser = loser(key);
        four.withdraw();
        four.all(null, false);
        NodeId absent = four.settled.owners(four.settled.partitionOf(key)).stream()
                .filter(n -> !n.equals(loser))
                .findFirst()
                .orElseThrow();
        NodeId other = nodes.ids.stream()
                .filter(n -> !n.equals(loser) && !n.equals(absent) && !n.equals(newcomer))
                .findFirst()
                .orElseThrow();
        nodes.down(absent);
        nodes.deliver(other, loser, new Message.CoordinatePut(77, nodes.command(key, CausalContext.EMPTY, "first")));
        begin();
        goThrough();
        PutCommand more = nodes.command(key, CausalContext.EMPTY, "second");
        nodes.deliver(loser, other, new Message.CoordinatePut(78, more));
        VersionSet second = nodes.held(other, key);
        nodes.deliver(other, loser, new Message.ReplicaPut(99, key, second, absent));
        assertEquals(List.of("first", "second"), texts(nodes.disks.get(loser).hint(key, absent)));
        nodes.heal();
        nodes.pass(1_000);
        assertEquals(List.of("first", "second"), texts(nodes.held(absent, key)));
        assertEquals(0, nodes.hints());
    }
}
