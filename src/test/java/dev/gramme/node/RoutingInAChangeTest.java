package dev.gramme.node;

import static dev.gramme.node.MiniCluster.options;
import static dev.gramme.node.MiniCluster.texts;
import static dev.gramme.node.MiniCluster.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.PreferenceList;
import dev.gramme.version.CausalContext;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Failure;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is asked, and how many must answer, while the ring changes: n4 comes into the ring of n1, n2, n3 in the place of one of them in each partition. */
class RoutingInAChangeTest {
    private final ChangingCluster four = ChangingCluster.of(4, 3);
    private final MiniCluster nodes = four.nodes;
    private final NodeId newcomer = four.id(4);

    private Key joining() {
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

    private List<NodeId> stayers(Key key) {
        int partition = four.settled.partitionOf(key);
        return four.settled.owners(partition).stream()
                .filter(n -> four.target().owns(n, partition))
                .toList();
    }

    private PutOutcome put(NodeId at, Key key, int w, boolean strict) {
        PutCommand command = nodes.command(key, CausalContext.EMPTY, "v");
        return nodes.put(at, with(command, options(0, w, strict, 1_000)));
    }

    @Test
    void a_write_goes_to_the_owners_by_either_ring() {
        Key key = joining();
        assertInstanceOf(PutOutcome.Written.class, put(four.id(1), key, 2, true));
        for (NodeId node : nodes.ids) {
            assertEquals(List.of("v"), texts(nodes.held(node, key)), node.name());
        }
    }

    @Test
    void w_of_the_old_owners_alone_are_not_enough() {
        Key key = joining();
        NodeId stayer = stayers(key).get(0);
        nodes.silentlyDown(newcomer);
        nodes.silentlyDown(stayers(key).get(1));
        PutOutcome.Indeterminate fewer = assertInstanceOf(PutOutcome.Indeterminate.class, put(stayer, key, 2, true));
        assertEquals(1, fewer.acks(), "two of the old set, one of the new");
        assertTrue(fewer.detail().contains("two rings"), fewer.detail());
    }

    @Test
    void w_of_the_new_owners_alone_are_not_enough() {
        Key key = joining();
        NodeId stayer = stayers(key).get(0);
        nodes.silentlyDown(loser(key));
        nodes.silentlyDown(stayers(key).get(1));
        assertInstanceOf(PutOutcome.Indeterminate.class, put(stayer, key, 2, true));
    }

    @Test
    void w_owners_by_both_rings_are_enough() {
        Key key = joining();
        nodes.silentlyDown(newcomer);
        nodes.silentlyDown(loser(key));
        assertInstanceOf(PutOutcome.Written.class, put(stayers(key).get(0), key, 2, true));
    }

    @Test
    void an_owner_that_is_down_in_a_change_is_stood_for_in_both_sets() {
        ChangingCluster six = ChangingCluster.of(6, 5);
        six.propose(six.nodes.ids);
        six.all(Phase.PREPARED, true);
        NodeId gainer = six.id(6);
        Key key = six.moving(gainer, null);
        int partition = six.settled.partitionOf(key);
        List<NodeId> both = six.settled.owners(partition).stream()
                .filter(n -> six.target().owns(n, partition))
                .toList();
        both.forEach(six.nodes::down);
        PreferenceList list = six.nodes.view(six.id(1)).forWrites(partition);
        assertEquals(both, list.missing());
        assertEquals(4, list.entries().size(), "two owners that are up, two that stand in");
        NodeId at = list.entries().get(0).node();
        PutCommand command = six.nodes.command(key, CausalContext.EMPTY, "v");
        assertInstanceOf(PutOutcome.Written.class, six.nodes.put(at, with(command, options(0, 3, false, 1_000))));
        assertEquals(2, six.nodes.hints());
    }

    @Test
    void who_counts_in_both_sets_is_stood_for_first() {
        ChangingCluster six = ChangingCluster.of(6, 5);
        six.propose(six.nodes.ids);
        six.all(Phase.PREPARED, true);
        Key key = six.moving(six.id(6), null);
        int partition = six.settled.partitionOf(key);
        six.settled.owners(partition).forEach(six.nodes::down);
        PreferenceList list = six.nodes.view(six.id(6)).forWrites(partition);
        NodeId leaving = six.settled.owners(partition).stream()
                .filter(n -> !six.target().owns(n, partition))
                .findFirst()
                .orElseThrow();
        assertEquals(leaving, list.missing().get(2));
    }

    @Test
    void reads_go_to_the_old_owners_until_the_reader_is_ready_and_then_to_the_new() {
        Key key = joining();
        NodeId stayer = stayers(key).get(0);
        int partition = four.settled.partitionOf(key);
        assertFalse(owners(stayer, partition).contains(newcomer));
        four.at(stayer, Phase.LOCKED, true, new BitSet());
        assertFalse(owners(stayer, partition).contains(newcomer));
        four.at(stayer, Phase.READY, true, new BitSet());
        assertTrue(owners(stayer, partition).contains(newcomer));
        assertFalse(owners(stayer, partition).contains(loser(key)));
        assertEquals(
                4,
                nodes.view(stayer).forWrites(partition).primaries(),
                "and writes go to both until the new ring is settled");
    }

    private List<NodeId> owners(NodeId at, int partition) {
        List<NodeId> owners = new ArrayList<>();
        for (PreferenceList.Entry entry : nodes.view(at).forReads(partition).entries()) {
            owners.add(entry.node());
        }
        return owners;
    }

    @Test
    void a_newcomer_passes_a_clients_put_on_to_an_owner_that_holds_the_key() {
        Key key = joining();
        PutOutcome.Written written = (PutOutcome.Written) put(newcomer, key, 2, false);
        assertTrue(four.settled.owns(written.coordinator(), four.settled.partitionOf(key)));
    }

    @Test
    void a_node_outside_the_ring_coordinates_nothing_and_says_why() {
        Key key = Key.of("b", "k");
        PutOutcome.Failed put = (PutOutcome.Failed) put(newcomer, key, 2, false);
        assertEquals(Failure.UNAVAILABLE, put.failure());
        assertTrue(put.detail().contains("not in the ring yet"), put.detail());
        long get = nodes.send(newcomer, new GetCommand(key, options(0, 0, false, 1_000)));
        assertEquals(Failure.UNAVAILABLE, ((GetOutcome.Failed) nodes.gets.get(get)).failure());
        assertEquals(VersionSet.EMPTY, nodes.held(newcomer, key));
    }

    @Test
    void a_newcomer_takes_requests_only_when_all_the_others_know_of_it() {
        four.propose(nodes.ids);
        four.all(Phase.PREPARED, false);
        Key key = Key.of("b", "k");
        assertInstanceOf(PutOutcome.Failed.class, put(newcomer, key, 2, false));
        assertInstanceOf(PutOutcome.Written.class, put(four.id(1), key, 2, false));
        four.all(Phase.PREPARED, true);
        assertInstanceOf(PutOutcome.Written.class, put(newcomer, key, 2, false));
    }

    @Test
    void who_is_gone_by_the_operators_word_is_not_listened_to() {
        NodeId gone = four.id(3);
        four.propose(List.of(four.id(1), four.id(2), four.id(4)), gone);
        for (NodeId node : List.of(four.id(1), four.id(2), four.id(4))) {
            four.at(node, Phase.PREPARED, true, new BitSet());
        }
        Key key = Key.of("b", "k");
        assertInstanceOf(PutOutcome.Failed.class, put(newcomer, key, 3, true));
        List<Message> replies = new ArrayList<>();
        nodes.refused = f -> f.to().equals(gone) && replies.add(f.message());
        VersionSet state = nodes.held(four.id(1), key);
        nodes.deliver(gone, four.id(1), new Message.ReplicaPut(1, key, state, null));
        nodes.deliver(gone, four.id(1), new Message.ReplicaGet(2, key, 0));
        PutCommand command = nodes.command(key, CausalContext.EMPTY, "late");
        nodes.deliver(gone, four.id(1), new Message.CoordinatePut(3, command));
        assertEquals(ReplicaStatus.NOT_OWNER, ((Message.ReplicaPutReply) replies.get(0)).status());
        assertEquals(ReplicaStatus.NOT_OWNER, ((Message.ReplicaGetReply) replies.get(1)).status());
        assertEquals(
                Failure.UNAVAILABLE,
                ((PutOutcome.Failed) ((Message.CoordinatePutReply) replies.get(2)).outcome()).failure());
        assertEquals(VersionSet.EMPTY, nodes.held(four.id(1), key));
    }

    @Test
    void a_write_to_who_owns_the_partition_by_no_ring_is_refused_and_the_next_stands_in() {
        Key key = joining();
        NodeId loser = loser(key);
        put(four.id(1), key, 2, false);
        four.settle();
        List<Message> replies = new ArrayList<>();
        nodes.lost = f -> f.message() instanceof Message.ReplicaPutReply && replies.add(f.message());
        VersionSet state = nodes.held(four.id(1), key);
        nodes.deliver(four.id(1), loser, new Message.ReplicaPut(9, Key.of("b", "other"), state, four.id(2)));
        nodes.deliver(four.id(1), loser, new Message.ReplicaPut(8, key, state, null));
        assertEquals(ReplicaStatus.NOT_OWNER, ((Message.ReplicaPutReply) replies.getLast()).status());
    }

    @Test
    void a_topology_is_caught_up_with_when_nothing_that_began_under_an_older_one_is_unanswered() {
        NodeId at = four.id(1);
        nodes.pass(5);
        assertEquals(List.of(0L), epochs(at), "the first view");
        Key key = Key.of("b", "k");
        nodes.lost = f -> f.message() instanceof Message.ReplicaPut;
        PutCommand command = nodes.command(key, CausalContext.EMPTY, "v");
        long put = nodes.send(at, with(command, options(0, 3, true, 1_000)));
        four.propose(nodes.ids);
        four.at(at, null, false, new BitSet());
        nodes.pass(500);
        assertEquals(List.of(0L), epochs(at), "a put that began before is unanswered");
        assertNull(nodes.puts.get(put));
        nodes.send(at, with(nodes.command(key, CausalContext.EMPTY, "w"), options(0, 3, true, 5_000)));
        nodes.pass(600);
        assertInstanceOf(PutOutcome.Indeterminate.class, nodes.puts.get(put));
        assertEquals(List.of(0L, 1L), epochs(at), "one that began afterwards delays nothing");
    }

    @Test
    void who_coordinates_nothing_is_caught_up_at_once_and_says_so_once() {
        nodes.pass(5);
        four.propose(nodes.ids);
        four.all(null, false);
        nodes.pass(100);
        assertEquals(List.of(0L, 1L), epochs(four.id(2)));
    }

    private List<Long> epochs(NodeId node) {
        return nodes.told(node, Effect.CaughtUp.class).stream()
                .map(Effect.CaughtUp::epoch)
                .toList();
    }
}
