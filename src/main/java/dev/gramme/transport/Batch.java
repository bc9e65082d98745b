package dev.gramme.transport;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;
import java.util.List;

/**
 * Messages that came in one frame.
 *
 * @param bytes of the messages as encoded
 */
record Batch(NodeId from, List<Message> messages, long bytes) {}
