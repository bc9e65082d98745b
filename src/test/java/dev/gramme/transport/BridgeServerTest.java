package dev.gramme.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node's bridge as strangers find it. */
class BridgeServerTest {
    private static final Message SOME = Node.carrying(1, new byte[] {1, 2, 3});

    private final Node node = Node.open("n1");
    private RawClient client;

    @BeforeEach
    void connect() throws IOException {
        client = new RawClient(node.port());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        node.close();
    }

    @Test
    void a_ping_is_answered() throws IOException {
        client.write(BridgeFrames.PING.getBytes());
        assertEquals("pong", client.readFrame().getString("type"));
    }

    @Test
    void a_sealed_batch_is_received_even_if_it_comes_byte_by_byte() throws IOException {
        for (byte one : sealed("n2", "n1", Node.CLUSTER_KEY).getBytes()) {
            client.write(new byte[] {one});
        }
        Node.soon().until(() -> node.received.equals(List.of(SOME)));
        assertEquals(1, node.transport.status().receivedFrames());
    }

    @Test
    void an_address_that_is_not_named_is_denied_and_the_connection_lasts() throws IOException {
        client.writeFrame("{\"type\":\"send\",\"address\":\"another\",\"body\":\"x\"}");
        assertEquals("access_denied", client.readFrame().getString("message"));
        client.writeFrame("{\"type\":\"publish\",\"address\":\"another\",\"body\":\"x\"}");
        assertEquals("access_denied", client.readFrame().getString("message"));
        client.write(BridgeFrames.PING.getBytes());
        assertEquals("pong", client.readFrame().getString("type"));
    }

    @Test
    void nobody_may_listen_to_this_nodes_event_bus() throws IOException {
        client.writeFrame("{\"type\":\"register\",\"address\":\"another\"}");
        assertEquals("access_denied", client.readFrame().getString("message"));
    }

    @Test
    void a_batch_sealed_with_another_key_is_refused_with_the_reason() throws IOException {
        client.write(sealed("n2", "n1", Bytes.utf8("another key")).getBytes());
        assertRefused("same cluster key file?");
    }

    @Test
    void a_batch_changed_on_its_way_is_refused_wherever_it_was_changed() throws IOException {
        String body = new String(text("n2", "n1", Node.CLUSTER_KEY), StandardCharsets.ISO_8859_1);
        int refused = 0;
        for (int at = 2; at < body.length() - 4; at += 7) {
            char other = body.charAt(at) == 'A' ? 'B' : 'A';
            String changed = body.substring(0, at) + other + body.substring(at + 1);
            try (RawClient another = new RawClient(node.port())) {
                another.write(BridgeFrames.send(changed.getBytes(StandardCharsets.US_ASCII))
                        .getBytes());
                assertTrue(another.isClosedByServer());
            }
            assertEquals(++refused, node.transport.status().refusedFrames());
        }
        assertTrue(node.received.isEmpty());
    }

    @Test
    void a_batch_for_another_node_is_refused_with_the_reason() throws IOException {
        client.write(sealed("n2", "n3", Node.CLUSTER_KEY).getBytes());
        assertRefused("for n3, but this is n1");
    }

    @Test
    void a_batch_of_a_newer_format_is_refused_with_the_reason() throws IOException {
        client.write(BridgeFrames.send("CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ".getBytes(StandardCharsets.US_ASCII))
                .getBytes());
        assertRefused("format 9; this program knows 1");
    }

    @Test
    void bytes_that_are_no_frame_cut_the_connection_before_they_are_buffered() throws IOException {
        client.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertRefused("a frame of 1195725856 bytes announced");
    }

    @Test
    void a_negative_length_cuts_the_connection() throws IOException {
        client.write(new byte[] {-1, -1, -1, -1, '{', '}'});
        assertRefused("a frame of 4294967295 bytes announced");
    }

    @Test
    void a_frame_longer_than_the_bound_cuts_the_connection_when_it_is_announced() throws IOException {
        client.write(Buffer.buffer().appendInt(Node.QUICK.maxFrameBytes() + 1).getBytes());
        assertRefused("4194305 bytes announced");
    }

    @Test
    void a_frame_that_is_not_json_cuts_the_connection() throws IOException {
        client.writeFrame("{nonsense");
        assertRefused("not a JSON object");
    }

    @Test
    void a_frame_after_a_good_one_in_the_same_packet_is_checked_too() throws IOException {
        client.write(BridgeFrames.PING
                .copy()
                .appendInt(2)
                .appendString("[]")
                .appendBuffer(BridgeFrames.PING)
                .getBytes());
        assertEquals("pong", client.readFrame().getString("type"));
        assertTrue(client.isClosedByServer());
        assertEquals(1, node.transport.status().refusedFrames());
    }

    @Test
    void a_frame_with_headers_which_the_bridge_would_stumble_over_cuts_the_connection() throws IOException {
        client.writeFrame("{\"type\":\"send\",\"address\":\"gramme.node\",\"headers\":\"x\",\"body\":\"\"}");
        assertRefused("headers");
    }

    @Test
    void a_body_that_is_no_text_cuts_the_connection() throws IOException {
        client.writeFrame("{\"type\":\"send\",\"address\":\"gramme.node\",\"body\":{\"a\":1}}");
        assertRefused("sends no text");
    }

    @Test
    void a_body_that_is_not_base64_cuts_the_connection() throws IOException {
        client.writeFrame("{\"type\":\"send\",\"address\":\"gramme.node\",\"body\":\"=%=\"}");
        assertRefused("not base64");
    }

    @Test
    void a_client_that_asks_without_reading_the_answers_is_cut_off() {
        Buffer pings = Buffer.buffer();
        for (int i = 0; i < 10_000; i++) {
            pings.appendBuffer(BridgeFrames.PING);
        }
        assertThrows(IOException.class, () -> {
            while (true) {
                client.write(pings.getBytes());
            }
        });
        Node.soon().until(() -> node.transport.status().inboundConnections() == 0);
    }

    @Test
    void a_connection_on_which_nobody_speaks_is_closed() throws IOException {
        assertTrue(client.isClosedByServer());
        Node.soon().until(() -> node.transport.status().inboundConnections() == 0);
    }

    @Test
    void connections_beyond_the_bound_are_refused_and_have_room_again_when_others_close() throws IOException {
        List<RawClient> all = new ArrayList<>();
        for (int i = 1; i < Node.QUICK.maxInboundConnections(); i++) {
            all.add(pinged());
        }
        try (RawClient oneTooMany = new RawClient(node.port())) {
            assertTrue(oneTooMany.isClosedByServer());
        }
        assertEquals(1, node.transport.status().refusedConnections());
        for (RawClient each : all) {
            each.close();
        }
        Node.soon().until(() -> node.transport.status().inboundConnections() <= 1);
        pinged().close();
    }

    private RawClient pinged() throws IOException {
        RawClient another = new RawClient(node.port());
        another.write(BridgeFrames.PING.getBytes());
        assertEquals("pong", another.readFrame().getString("type"));
        return another;
    }

    private void assertRefused(String reason) throws IOException {
        JsonObject answer = client.readFrame();
        assertEquals("err", answer.getString("type"));
        assertTrue(answer.getString("message").contains(reason), answer::encode);
        assertTrue(client.isClosedByServer());
        assertEquals(1, node.transport.status().refusedFrames());
        assertTrue(node.received.isEmpty());
    }

    private static Buffer sealed(String from, String to, Bytes key) {
        return BridgeFrames.send(text(from, to, key));
    }

    private static byte[] text(String from, String to, Bytes key) {
        return new BatchFormat(new NodeId(from), key).write(new NodeId(to), List.of(MessageCodec.encode(SOME)));
    }
}
