package dev.gramme.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writing to an address without knowing who listens there. */
class ContactTest {
    private static final Message SOME = new Message.BucketTable(List.of());

    private final Node n1 = Node.open("n1");
    private final Node n2 = Node.open("n2");

    @AfterEach
    void close() {
        n1.close();
        n2.close();
    }

    @Test
    void a_seed_receives_what_is_sent_to_its_address_over_one_connection_that_is_closed_when_idle() {
        n1.transport.contact(at(n2), SOME);
        Node.soon().until(() -> n2.received.size() == 1);
        n1.transport.contact(at(n2), SOME);
        n1.transport.contact(at(n2), SOME);
        Node.soon().until(() -> n2.received.equals(List.of(SOME, SOME, SOME)));
        assertTrue(n2.transport.status().inboundConnections() <= 1);
        assertEquals(3, n1.transport.status().contacts().get(at(n2)).sentMessages());
        Node.soon().until(() -> n2.transport.status().inboundConnections() == 0);
        assertTrue(n1.transport.status().lastContactErrors().isEmpty());
        n1.transport.contact(at(n2), SOME);
        Node.soon().until(() -> n2.received.size() == 4);
    }

    @Test
    void an_address_where_nobody_listens_is_told_with_the_reason_until_it_is_no_longer_asked_for() throws IOException {
        HostAndPort nobody = new HostAndPort("127.0.0.1", unusedPort());
        n1.transport.contact(nobody, SOME);
        Node.soon().until(() -> n1.transport.status().lastContactErrors().containsKey(nobody));
        String error = n1.transport.status().lastContactErrors().get(nobody);
        assertTrue(error.startsWith("can't connect: Connection refused"), error);
        assertEquals(1, n1.transport.status().contacts().get(nobody).lostMessages());
        Node.soon().until(() -> n1.transport.status().contacts().isEmpty());
    }

    @Test
    void a_seed_that_comes_up_later_is_reached_by_the_next_message_and_its_error_is_gone() {
        Node late = Node.open("n3");
        HostAndPort address = at(late);
        late.close();
        n1.transport.contact(address, SOME);
        Node.soon().until(() -> n1.transport.status().lastContactErrors().containsKey(address));
        try (Node again = Node.open("n3", address.port(), Node.QUICK)) {
            n1.transport.contact(address, SOME);
            Node.soon().until(() -> again.received.size() == 1);
            Node.soon().until(() -> n1.transport.status().lastContactErrors().isEmpty());
        }
    }

    @Test
    void a_seed_with_another_cluster_key_refuses_and_the_sender_learns_why() {
        Vertx vertx = Vertx.vertx();
        PeerTransport stranger = Node.join(PeerTransport.open(
                vertx,
                TransportSettings.of(new NodeId("n3"), new HostAndPort("127.0.0.1", 0), Bytes.utf8("another key"))
                        .withBounds(Node.QUICK),
                (from, message) -> {},
                (to, message) -> {}));
        stranger.contact(at(n1), SOME);
        Node.soon()
                .until(() -> String.valueOf(
                                stranger.status().lastContactErrors().get(at(n1)))
                        .contains("it refuses our frames: a batch sealed with another key"));
        assertTrue(n1.received.isEmpty());
        stranger.close();
        Node.join(vertx.close());
    }

    @Test
    void a_node_that_contacts_its_own_address_hears_itself() {
        n1.transport.contact(at(n1), SOME);
        Node.soon().until(() -> n1.received.equals(List.of(SOME)));
        assertTrue(n1.transport.status().lastContactErrors().isEmpty());
    }

    @Test
    void only_messages_between_members_may_be_sent_to_whoever_listens() throws IOException {
        Message aboutKeys = Node.carrying(1, new byte[1]);
        assertThrows(IllegalArgumentException.class, () -> n1.transport.contact(at(n2), aboutKeys));
        try (RawClient client = new RawClient(n2.port())) {
            BatchFormat format = new BatchFormat(new NodeId("n3"), Node.CLUSTER_KEY);
            client.write(BridgeFrames.send(
                            format.writeToWhoever(List.of(MessageCodec.encode(aboutKeys), MessageCodec.encode(SOME))))
                    .getBytes());
            Node.soon().until(() -> n2.received.equals(List.of(SOME)));
            assertEquals(1, n2.transport.status().malformedMessages());
        }
    }

    @Test
    void who_is_refused_hears_it_by_its_own_connection_though_it_is_no_peer() {
        Message.Refusal refusal = new Message.Refusal(n2.id, 7, true, "because");
        n2.transport.send(n1.id, refusal);
        Node.soon().until(() -> n2.undelivered.equals(List.of(refusal)));
        n1.transport.contact(at(n2), SOME);
        Node.soon().until(() -> n2.received.equals(List.of(SOME)));
        n2.transport.send(n1.id, refusal);
        Node.soon().until(() -> n1.received.equals(List.of(refusal)));
        assertEquals(List.of(refusal), n2.undelivered);
        assertTrue(n1.transport.status().lastContactErrors().isEmpty());
    }

    @Test
    void two_processes_with_one_id_both_hear_that_it_is_refused() {
        try (Node twin = Node.open("n1")) {
            n1.reaches(n2);
            twin.reaches(n2);
            n1.transport.send(n2.id, SOME);
            twin.transport.send(n2.id, SOME);
            Node.soon().until(() -> n2.received.size() == 2);
            n2.reaches(n1);
            Message.Refusal refusal = new Message.Refusal(n2.id, 7, true, "because");
            n2.transport.send(n1.id, refusal);
            Node.soon().until(() -> twin.received.contains(refusal) && n1.received.contains(refusal));
            assertTrue(n1.to(n2.id).connected() && twin.to(n2.id).connected());
        }
    }

    @Test
    void addresses_beyond_the_bound_push_out_those_without_a_connection_and_no_others() throws IOException {
        HostAndPort nobody = new HostAndPort("127.0.0.1", unusedPort());
        n1.transport.contact(nobody, SOME);
        Node.soon().until(() -> !n1.transport.status().lastContactErrors().isEmpty());
        for (int i = 0; i < 2 * Node.QUICK.maxContacts(); i++) {
            n1.transport.contact(new HostAndPort("127.0.0.1", unusedPort()), SOME);
            assertTrue(n1.transport.status().contacts().size() <= Node.QUICK.maxContacts());
        }
        n1.transport.contact(at(n2), SOME);
        Node.soon().until(() -> {
            n1.transport.contact(at(n2), SOME);
            return !n2.received.isEmpty();
        });
        assertTrue(n1.transport.status().contacts().size() <= Node.QUICK.maxContacts());
    }

    private static HostAndPort at(Node node) {
        return new HostAndPort("127.0.0.1", node.port());
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
