package dev.gramme.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.version.Bytes;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.ReplicaStatus;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node of this version beside one of the next, which speaks this format and another. */
class MixedVersionsTest {
    private static final int NEXT_FORMAT = MessageCodec.FORMAT + 1;
    private static final Message PUT = Node.carrying(1, new byte[] {1, 2, 3});
    private static final Message REPLY = new Message.ReplicaPutReply(1, ReplicaStatus.OK);
    /** What the next version has more: a type of message, and a constant in one that this version has as well. */
    private static final Bytes NEW_TYPE = Bytes.of(new byte[] {(byte) NEXT_FORMAT, 37, 1, 2, 3});

    private static final Bytes NEW_CONSTANT = Bytes.of(new byte[] {(byte) NEXT_FORMAT, 4, 1, 99});
    /** What no version should send. */
    private static final Bytes CUT_SHORT = Bytes.of(new byte[] {1, 4, 1});

    private final Node ours = Node.open("n1");
    /** Its receiving side knows all of format 1, as ours does; its sending side, by hand, more. */
    private final Node newer = Node.open("n2");

    private final BatchFormat newerFormat = new BatchFormat(newer.id, Node.CLUSTER_KEY);
    private RawClient newerLink;

    @BeforeEach
    void connect() throws IOException {
        newerLink = new RawClient(ours.port());
        ours.reaches(newer);
    }

    @AfterEach
    void close() throws IOException {
        newerLink.close();
        ours.close();
        newer.close();
    }

    @Test
    void all_of_the_common_format_passes_both_ways_and_the_rest_is_refused_on_both_sides() throws IOException {
        fromNewer(
                MessageCodec.encode(PUT), NEW_TYPE, MessageCodec.encode(REPLY), NEW_CONSTANT, MessageCodec.encode(PUT));
        Node.soon().until(() -> ours.received.equals(List.of(PUT, REPLY, PUT)));
        assertEquals(2, ours.transport.status().unsupportedMessages());
        assertEquals(2, ours.to(newer.id).unsupportedMessages());
        assertEquals(0, ours.transport.status().malformedMessages());
        JsonObject notice = newerLink.readFrame();
        assertEquals("err", notice.getString("type"));
        assertEquals(
                "n1 skipped 2 of 5 messages in a frame, first a message of type 37 of format "
                        + (MessageCodec.FORMAT + 1) + ", this program knows format " + MessageCodec.FORMAT,
                notice.getString("message"));
        ours.transport.send(newer.id, PUT);
        ours.transport.send(newer.id, REPLY);
        Node.soon().until(() -> newer.received.equals(List.of(PUT, REPLY)));
    }

    @Test
    void the_connection_outlasts_what_is_skipped() throws IOException {
        fromNewer(NEW_TYPE);
        fromNewer(CUT_SHORT);
        fromNewer(MessageCodec.encode(PUT));
        Node.soon().until(() -> ours.received.equals(List.of(PUT)));
        assertEquals(0, ours.transport.status().refusedFrames());
    }

    @Test
    void a_damaged_message_is_counted_apart_and_takes_no_other_with_it() throws IOException {
        fromNewer(MessageCodec.encode(PUT), CUT_SHORT, MessageCodec.encode(REPLY));
        Node.soon().until(() -> ours.received.equals(List.of(PUT, REPLY)));
        assertEquals(1, ours.transport.status().malformedMessages());
        assertEquals(1, ours.to(newer.id).malformedMessages());
        assertEquals(0, ours.transport.status().unsupportedMessages());
        assertTrue(newerLink.readFrame().getString("message").contains("cut short: replica status"));
    }

    @Test
    void a_peer_that_is_told_what_it_said_in_vain_shows_it_and_stays_connected() throws IOException {
        try (FakeBridge older = new FakeBridge()) {
            ours.knows(newer.id, older.port());
            older.accept();
            older.answerPings(1);
            Node.soon().until(() -> ours.to(newer.id).connected());
            older.write(BridgeFrames.notice("n2 skipped\n 1 of 1 messages in a frame"));
            Node.soon().until(() -> ours.to(newer.id).lastSkip().equals("n2 skipped  1 of 1 messages in a frame"));
            assertTrue(ours.to(newer.id).connected());
            assertEquals(0, ours.to(newer.id).reconnects());
        }
    }

    @Test
    void what_a_peer_does_not_understand_is_undeliverable_at_once() {
        ours.transport.peerFormat(newer.id, MessageCodec.OLDEST_FORMAT - 1);
        ours.transport.send(newer.id, PUT);
        assertEquals(List.of(PUT), ours.undelivered);
        ours.transport.peerFormat(newer.id, NEXT_FORMAT);
        ours.transport.send(newer.id, REPLY);
        Node.soon().until(() -> newer.received.equals(List.of(REPLY)));
    }

    private void fromNewer(Bytes... messages) throws IOException {
        newerLink.write(
                BridgeFrames.send(newerFormat.write(ours.id, List.of(messages))).getBytes());
    }
}
