package dev.gramme.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.wire.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A probe to a peer that reads slowly is not long behind the data for it. */
class SlowReaderTest {
    private static final NodeId SLOW = new NodeId("slow");
    private static final Message PROBE = new Message.BucketTable(List.of());
    private static final int VALUE_BYTES = 100_000;

    private final TransportBounds bounds =
            new TransportBounds(4 << 20, 256 << 10, 8 << 20, 512 << 10, 8, 3, 100, 64, 20_000, 10_000, 30_000, 5, 50);
    private final Node node = Node.open("n1", 0, bounds);

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void a_probe_is_behind_one_window_and_one_batch_at_most_and_the_data_goes_on_after_it() throws IOException {
        try (FakeBridge slow = new FakeBridge()) {
            node.knows(SLOW, slow.port());
            slow.accept();
            slow.answerPings(1);
            Node.soon().until(() -> node.to(SLOW).connected());
            int sent = 0;
            for (; node.undelivered.isEmpty(); sent++) {
                node.transport.send(SLOW, Node.carrying(sent, new byte[VALUE_BYTES]));
            }
            node.transport.send(SLOW, PROBE);
            BatchFormat format = new BatchFormat(SLOW, Node.CLUSTER_KEY);
            long before = 0;
            long data = 0;
            boolean probed = false;
            while (!probed || data < sent - 1) {
                JsonObject frame = slow.readFrame();
                if (frame.getString("type").equals("send")) {
                    Batch batch = format.read(frame.getString("body"));
                    before += probed ? 0 : frame.getString("body").length();
                    probed |= batch.messages().contains(PROBE);
                    data += batch.messages().stream()
                            .filter(message -> message instanceof Message.ReplicaPut)
                            .count();
                }
            }
            int batch = bounds.batchBytes() / 3 * 4 + BridgeFrames.OVERHEAD_BYTES;
            assertTrue(before <= bounds.maxUnansweredBytes() + 2 * batch, before + " bytes before the probe");
            assertFalse(node.undelivered.contains(PROBE));
            assertTrue(node.to(SLOW).connected());
        }
    }

    @Test
    void a_peer_that_reads_nothing_holds_no_more_than_the_window_out_of_the_queue() throws IOException {
        try (FakeBridge deaf = new FakeBridge()) {
            node.knows(SLOW, deaf.port());
            deaf.accept();
            deaf.answerPings(1);
            Node.soon().until(() -> node.to(SLOW).connected());
            while (node.undelivered.isEmpty()) {
                node.transport.send(SLOW, Node.carrying(1, new byte[VALUE_BYTES]));
            }
            PeerStatus status = node.to(SLOW);
            long handedOut = status.sentBytes() / 3 * 4;
            assertTrue(handedOut <= bounds.maxUnansweredBytes() + bounds.batchBytes() * 2L, handedOut + " bytes");
            assertTrue(Bytes.of(new byte[VALUE_BYTES]).size() < status.queuedBytes());
        }
    }
}
