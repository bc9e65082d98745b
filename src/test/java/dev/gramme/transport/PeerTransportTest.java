package dev.gramme.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.wire.Message;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerTransportTest {
    private static final NodeId STRANGER = new NodeId("stranger");

    private final Node n1 = Node.open("n1");
    private final Node n2 = Node.open("n2");
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        n1.close();
        n2.close();
        Node.join(vertx.close());
    }

    @Test
    void messages_of_any_size_and_of_all_byte_values_arrive_as_they_were_sent() {
        n1.reaches(n2);
        Random random = new Random(1);
        List<Message> sent = new ArrayList<>();
        for (int size : new int[] {0, 1, 2, 3, 256, 1_024, 65_536, (256 << 10) + 1, (1 << 20) + 7, 2_500_000}) {
            byte[] value = new byte[size];
            random.nextBytes(value);
            for (int i = 0; i < Math.min(256, size); i++) {
                value[i] = (byte) i;
            }
            sent.add(Node.carrying(size, value));
        }
        sent.forEach(message -> n1.transport.send(n2.id, message));
        Node.soon().until(() -> n2.received.size() == sent.size());
        assertEquals(sent, n2.received);
        assertTrue(n1.undelivered.isEmpty());
    }

    @Test
    void messages_arrive_in_the_order_of_their_sending_and_many_share_a_frame() {
        n1.reaches(n2);
        List<Message> sent = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            sent.add(Node.carrying(i, new byte[i % 100]));
        }
        sent.forEach(message -> n1.transport.send(n2.id, message));
        Node.soon().until(() -> n2.received.size() == sent.size());
        assertEquals(sent, n2.received);
        PeerStatus status = n1.to(n2.id);
        assertEquals(sent.size(), status.sentMessages());
        assertTrue(status.sentFrames() < sent.size() / 2, status::toString);
        assertEquals(0, status.queuedBytes());
        assertEquals(status.sentBytes(), n2.transport.status().receivedBytes());
    }

    @Test
    void a_message_before_there_is_a_connection_is_undeliverable_at_once() {
        Message message = Node.carrying(1, new byte[1]);
        n1.transport.send(n2.id, message);
        assertEquals(List.of(message), n1.undelivered);
        n1.knows(STRANGER, 1);
        n1.transport.send(STRANGER, message);
        assertEquals(List.of(message, message), n1.undelivered);
        Node.soon().until(() -> n1.to(STRANGER).lastError().startsWith("can't connect"));
        assertFalse(n1.to(STRANGER).connected());
    }

    @Test
    void a_peer_that_restarts_on_its_port_is_reached_again_and_messages_meanwhile_are_undeliverable() {
        Node first = Node.open("n3");
        n1.reaches(first);
        first.close();
        Node.soon().until(() -> !n1.to(first.id).connected());
        Message meanwhile = Node.carrying(1, new byte[1]);
        n1.transport.send(first.id, meanwhile);
        assertEquals(List.of(meanwhile), n1.undelivered);
        assertFalse(n1.to(first.id).lastError().isEmpty());
        try (Node second = Node.open("n3", first.port(), Node.QUICK)) {
            Node.soon().until(() -> n1.to(second.id).connected());
            Message message = Node.carrying(2, new byte[1]);
            n1.transport.send(second.id, message);
            Node.soon().until(() -> second.received.equals(List.of(message)));
            assertEquals(1, n1.to(second.id).reconnects());
        }
    }

    @Test
    void a_peer_that_is_heard_of_is_reached_at_once_and_not_when_its_time_comes() {
        int minutes = 600_000;
        TransportBounds patient = new TransportBounds(
                4 << 20, 256 << 10, 8 << 20, 1 << 20, 8, 3, 100, 64, 500, 50, 400, minutes, minutes);
        try (Node waiting = Node.open("n4", 0, patient)) {
            Node first = Node.open("n3");
            waiting.reaches(first);
            first.close();
            Node.soon().until(() -> !waiting.to(first.id).connected());
            try (Node second = Node.open("n3", first.port(), Node.QUICK)) {
                second.reaches(waiting);
                Node.soon().until(() -> {
                    second.transport.send(waiting.id, Node.carrying(1, new byte[1]));
                    return waiting.to(second.id).connected();
                });
            }
        }
    }

    @Test
    void the_queue_to_a_peer_that_stops_reading_is_bounded_and_what_does_not_fit_is_undeliverable() {
        List<NetSocket> stopped = new ArrayList<>();
        n1.knows(STRANGER, bridgeThat(socket -> {
            stopped.add(socket);
            answer(socket, "pong");
            socket.pause();
        }));
        Node.soon().until(() -> n1.to(STRANGER).connected());
        byte[] value = new byte[1 << 20];
        Node.soon().until(() -> {
            n1.transport.send(STRANGER, Node.carrying(1, value));
            PeerStatus status = n1.to(STRANGER);
            assertTrue(status.queuedBytes() <= Node.QUICK.maxQueuedBytes(), status::toString);
            return !n1.undelivered.isEmpty();
        });
        Node.soon().until(() -> !n1.to(STRANGER).connected());
        Node.soon()
                .until(() ->
                        n1.to(STRANGER).queuedBytes() == 0 && n1.to(STRANGER).queuedMessages() == 0);
        PeerStatus status = n1.to(STRANGER);
        assertEquals(status.undeliverable(), n1.undelivered.size());
    }

    @Test
    void a_connection_on_which_nothing_comes_back_is_cut_and_made_again() {
        n1.knows(STRANGER, bridgeThat(socket -> answer(socket, "pong")));
        Node.soon().until(() -> n1.to(STRANGER).reconnects() >= 2);
        assertTrue(n1.to(STRANGER).lastError().startsWith("its bridge has not answered for"));
    }

    @Test
    void a_peer_that_accepts_but_never_answers_does_not_count_as_connected() {
        n1.knows(STRANGER, bridgeThat(socket -> {}));
        Node.soon().until(() -> n1.to(STRANGER).lastError().startsWith("its bridge has not answered for"));
        assertFalse(n1.to(STRANGER).connected());
        assertEquals(0, n1.to(STRANGER).reconnects());
    }

    @Test
    void a_peer_that_is_no_bridge_is_told_apart() {
        n1.knows(STRANGER, bridgeThat(socket -> socket.write("HTTP/1.1 400 Bad Request\r\n\r\n")));
        Node.soon().until(() -> n1.to(STRANGER).lastError().contains("no event-bus bridge of ours"));
        assertFalse(n1.to(STRANGER).connected());
    }

    @Test
    void a_node_at_a_wrong_address_refuses_and_the_sender_learns_why() {
        n1.knows(STRANGER, n2.port());
        Node.soon().until(() -> n1.to(STRANGER).connected());
        n1.transport.send(STRANGER, Node.carrying(1, new byte[1]));
        Node.soon().until(() -> n1.to(STRANGER).lastError().contains("a batch for stranger, but this is n2"));
        assertTrue(n1.to(STRANGER).lastError().startsWith("it refuses our frames"));
        assertTrue(n2.received.isEmpty());
        assertEquals(1, n2.transport.status().refusedFrames());
    }

    @Test
    void a_node_with_another_cluster_key_is_refused_and_learns_why() {
        PeerTransport other = Node.join(PeerTransport.open(
                vertx,
                TransportSettings.of(new NodeId("n3"), new HostAndPort("127.0.0.1", 0), Bytes.utf8("another key"))
                        .withBounds(Node.QUICK),
                (from, message) -> {},
                (to, message) -> {}));
        TreeMap<NodeId, HostAndPort> peers = new TreeMap<>();
        peers.put(n1.id, new HostAndPort("127.0.0.1", n1.port()));
        other.peers(peers);
        Node.soon().until(() -> other.status().peers().get(n1.id).connected());
        other.send(n1.id, Node.carrying(1, new byte[1]));
        Node.soon().until(() -> other.status().peers().get(n1.id).lastError().contains("sealed with another key"));
        assertTrue(n1.received.isEmpty());
        other.close();
    }

    @Test
    void a_message_too_long_for_any_frame_is_undeliverable_and_the_connection_lasts() {
        n1.reaches(n2);
        n1.transport.send(n2.id, Node.carrying(1, new byte[Node.QUICK.maxFrameBytes() * 3 / 4]));
        assertEquals(1, n1.undelivered.size());
        n1.transport.send(
                n2.id, Node.carrying(2, new byte[BatchFormat.largestMessageBytes(Node.QUICK.maxFrameBytes()) - 200]));
        Node.soon().until(() -> n2.received.size() == 1);
        assertEquals(0, n1.to(n2.id).reconnects());
    }

    @Test
    void the_longest_message_that_default_bounds_allow_passes_the_bridges_parser() {
        try (Node big = Node.open("n3", 0, TransportBounds.DEFAULT);
                Node taker = Node.open("n4", 0, TransportBounds.DEFAULT)) {
            big.reaches(taker);
            int longest = BatchFormat.largestMessageBytes(TransportBounds.DEFAULT.maxFrameBytes());
            big.transport.send(taker.id, Node.carrying(1, new byte[longest - 200]));
            Node.soon().until(() -> taker.received.size() == 1);
        }
    }

    @Test
    void a_receiver_that_throws_loses_that_message_and_no_other() {
        List<Message> taken = new CopyOnWriteArrayList<>();
        PeerTransport.Receiver choosy = (from, message) -> {
            if (message.equals(Node.carrying(1, new byte[1]))) {
                throw new IllegalStateException("not this one");
            }
            taken.add(message);
        };
        PeerTransport taker = Node.join(PeerTransport.open(vertx, Node.settings("n3", 0), choosy, (to, message) -> {}));
        NodeId n3 = new NodeId("n3");
        n1.knows(n3, taker.port());
        Node.soon().until(() -> n1.to(n3).connected());
        n1.transport.send(n3, Node.carrying(1, new byte[1]));
        n1.transport.send(n3, Node.carrying(2, new byte[1]));
        Node.soon().until(() -> taken.equals(List.of(Node.carrying(2, new byte[1]))));
        assertEquals(0, n1.to(n3).reconnects());
    }

    @Test
    void one_vertx_carries_one_transport() {
        PeerTransport first = Node.join(
                PeerTransport.open(vertx, Node.settings("n3", 0), (from, message) -> {}, (to, message) -> {}));
        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> Node.join(
                        PeerTransport.open(vertx, Node.settings("n4", 0), (from, message) -> {}, (to, message) -> {})));
        assertTrue(failure.getMessage().contains("carries a transport already"), failure::getMessage);
        n1.knows(new NodeId("n3"), first.port());
        Node.soon().until(() -> n1.to(new NodeId("n3")).connected());
    }

    @Test
    void a_peer_that_is_no_longer_named_is_no_longer_connected() {
        n1.reaches(n2);
        assertEquals(1, n2.transport.status().inboundConnections());
        n1.transport.peers(new TreeMap<>());
        Node.soon().until(() -> n2.transport.status().inboundConnections() == 0);
        assertTrue(n1.transport.status().peers().isEmpty());
        n1.transport.send(n2.id, Node.carrying(1, new byte[1]));
        assertEquals(1, n1.undelivered.size());
    }

    @Test
    void a_port_in_use_is_named() {
        CompletionException failure =
                assertThrows(CompletionException.class, () -> Node.open("n3", n1.port(), Node.QUICK));
        assertEquals(
                "n3 can't listen for its peers on 127.0.0.1:" + n1.port() + ": the port is in use by another program",
                failure.getCause().getMessage());
    }

    @Test
    void a_stopped_transport_frees_its_port_and_delivers_nothing_more() {
        n1.reaches(n2);
        n2.transport.close();
        n2.transport.send(n1.id, Node.carrying(1, new byte[1]));
        assertEquals(1, n2.undelivered.size());
        Node.open("n3", n2.port(), Node.QUICK).close();
    }

    /** @return the port of a server that greets each connection so and then keeps silent */
    private int bridgeThat(Consumer<NetSocket> greets) {
        NetServer server = vertx.createNetServer().connectHandler(greets::accept);
        return Node.join(server.listen(0, "127.0.0.1")).actualPort();
    }

    private static void answer(NetSocket socket, String type) {
        byte[] json = ("{\"type\":\"" + type + "\"}").getBytes(StandardCharsets.US_ASCII);
        socket.write(Buffer.buffer().appendInt(json.length).appendBytes(json));
    }
}
