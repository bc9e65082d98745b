package dev.gramme.transport;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;
import java.util.List;

/**
 * Messages that came in one frame.
 *
 * @param messages those that this node understands
 * @param skipped the others
 * @param bytes of all messages as encoded
 */
record Batch(NodeId from, List<Message> messages, List<Skipped> skipped, long bytes) {
    /**
     * A message that was not taken. The seal held, so it is a newer sender's or a bug's: the rest of its batch is good.
     *
     * @param newer of a format or type that this program does not have; else it is damaged
     */
    record Skipped(boolean newer, String why) {}

    int size() {
        return messages.size() + skipped.size();
    }
}
