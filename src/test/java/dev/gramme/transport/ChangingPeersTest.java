package dev.gramme.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members come, go and move all the time: their connections follow, and nothing is left behind. */
class ChangingPeersTest {
    private static final int MANY = 1_000;
    private static final TransportBounds ROOMY = new TransportBounds(
            4 << 20, 256 << 10, 8 << 20, 1 << 20, 2 * MANY, 8, 1_000, 64, 5_000, 1_000, 10_000, 50, 500);

    private final Node n1 = Node.open("n1", 0, ROOMY);
    private final Node here = Node.open("here", 0, ROOMY);
    private final Node there = Node.open("there", 0, ROOMY);

    @AfterEach
    void close() {
        n1.close();
        here.close();
        there.close();
    }

    @Test
    void a_thousand_peers_come_move_and_go_and_each_has_one_connection_or_none() {
        n1.transport.peers(all(MANY, here));
        Node.soon().until(() -> connections(here) == MANY && connected() == MANY);
        n1.transport.peers(all(MANY, here));
        SortedMap<NodeId, HostAndPort> halfMoved = all(MANY, here);
        halfMoved.putAll(all(MANY / 2, there));
        n1.transport.peers(halfMoved);
        Node.soon().until(() -> connections(here) == MANY / 2 && connections(there) == MANY / 2);
        Node.soon().until(() -> connected() == MANY);
        assertEquals(
                0,
                n1.transport.status().peers().values().stream()
                        .mapToLong(PeerStatus::reconnects)
                        .sum());
        for (int size = MANY; size > 0; size -= 10) {
            n1.transport.peers(all(size, size % 20 == 0 ? here : there));
        }
        n1.transport.peers(all(3, there));
        Node.soon().until(() -> connections(here) == 0 && connections(there) == 3);
        n1.transport.peers(new TreeMap<>());
        Node.soon().until(() -> connections(there) == 0);
        assertTrue(n1.transport.status().peers().isEmpty());
    }

    @Test
    void naming_the_same_peers_again_changes_nothing() {
        n1.transport.peers(all(3, here));
        Node.soon().until(() -> connected() == 3);
        PeerStatus before = n1.to(id(0));
        n1.transport.peers(all(3, here));
        assertEquals(before, n1.to(id(0)));
        assertSame(before.address().host(), n1.to(id(0)).address().host());
    }

    @Test
    void what_waits_for_a_peer_that_goes_is_undeliverable_and_so_is_all_that_comes_after() {
        n1.reaches(here);
        List<Message> sent = new ArrayList<>();
        byte[] value = new byte[100_000];
        for (int i = 0; i < 60; i++) {
            Message message = Node.carrying(i, value);
            sent.add(message);
            n1.transport.send(here.id, message);
        }
        n1.transport.peers(new TreeMap<>());
        Message after = Node.carrying(100, value);
        n1.transport.send(here.id, after);
        assertTrue(n1.undelivered.contains(after));
        Node.soon().until(() -> connections(here) == 0);
        long received = here.received.size();
        assertEquals(sent.subList(0, (int) received), here.received);
        n1.undelivered.forEach(message -> assertTrue(!here.received.contains(message)));
    }

    @Test
    void what_was_sent_stays_counted_when_a_peer_moves_or_goes() {
        n1.reaches(here);
        for (int i = 0; i < 10; i++) {
            n1.transport.send(here.id, Node.carrying(i, new byte[1]));
        }
        Node.soon().until(() -> here.received.size() == 10);
        PeerCounts before = n1.transport.status().counts();
        assertEquals(10, before.sentMessages());
        n1.knows(here.id, there.port());
        assertEquals(before, n1.transport.status().counts());
        n1.transport.peers(new TreeMap<>());
        Node.soon().until(() -> connections(here) == 0 && connections(there) == 0);
        assertEquals(before, n1.transport.status().counts());
    }

    private int connected() {
        return (int) n1.transport.status().peers().values().stream()
                .filter(PeerStatus::connected)
                .count();
    }

    private static int connections(Node node) {
        return node.transport.status().inboundConnections();
    }

    private static SortedMap<NodeId, HostAndPort> all(int count, Node at) {
        SortedMap<NodeId, HostAndPort> peers = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            peers.put(id(i), new HostAndPort("127.0.0.1", at.port()));
        }
        return peers;
    }

    private static NodeId id(int number) {
        return new NodeId("peer-" + number);
    }
}
