package dev.gramme.transport;

import dev.gramme.wire.MalformedException;
import dev.gramme.wire.Message;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Hands on what arrives, one message after the other, and counts it. Event loop only, but for the counts. */
final class Arrivals {
    private static final Logger LOG = Logger.getLogger(Arrivals.class);

    final LongAdder receivedMessages = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder unsupportedMessages = new LongAdder();
    final LongAdder malformedMessages = new LongAdder();

    private final PeerTransport.Receiver receiver;
    private final RareLog rareLog = new RareLog(LOG, System::nanoTime);
    private final RareLog newerLog = new RareLog(LOG, System::nanoTime, RareLog.MINUTE_NANOS);
    private final RareLog damageLog = new RareLog(LOG, System::nanoTime, RareLog.MINUTE_NANOS);

    Arrivals(PeerTransport.Receiver receiver) {
        this.receiver = receiver;
    }

    /** @param peer the sender, if it is one of the peers */
    void received(Batch batch, @Nullable Peer peer) {
        receivedMessages.add(batch.messages().size());
        receivedBytes.add(batch.bytes());
        if (peer != null) {
            peer.receivedMessages.add(batch.messages().size());
            peer.receivedBytes.add(batch.bytes());
        }
        batch.skipped().forEach(skipped -> skipped(batch, skipped, peer));
        batch.messages().forEach(message -> handOn(batch, message));
    }

    /** A batch that came back by a connection of ours: only who is no peer, or not the only one with its id, is answered so, and only by other members. */
    void answered(String body, BatchFormat format) {
        try {
            Batch batch = format.read(body);
            List<Message> between = batch.messages().stream()
                    .filter(message -> message instanceof Message.Control)
                    .toList();
            received(new Batch(batch.from(), between, batch.skipped(), batch.bytes()), null);
        } catch (MalformedException e) {
            rareLog.warn("an answer by a connection of ours is " + e.getMessage());
        }
    }

    private void skipped(Batch batch, Batch.Skipped skipped, @Nullable Peer peer) {
        if (skipped.newer()) {
            unsupportedMessages.increment();
            newerLog.warn(batch.from() + " runs a newer version: skipped " + skipped.why() + ": upgrade this node");
        } else {
            malformedMessages.increment();
            damageLog.warn(
                    "skipped a damaged message from " + batch.from() + ", though it was sealed: " + skipped.why());
        }
        if (peer != null) {
            (skipped.newer() ? peer.unsupportedMessages : peer.malformedMessages).increment();
        }
    }

    private void handOn(Batch batch, Message message) {
        try {
            receiver.received(batch.from(), message);
        } catch (RuntimeException e) {
            if (rareLog.warn(
                    "a " + message.getClass().getSimpleName() + " from " + batch.from() + " was not taken: " + e)) {
                LOG.debug("where it was not taken", e);
            }
        }
    }
}
