package dev.gramme.coordinator;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutOutcome;

/** Who waits for a put's outcome. */
sealed interface Asker {
    void answer(PutOutcome outcome, Answers out);

    /** A client of this node. */
    record Client(long request) implements Asker {
        @Override
        public void answer(PutOutcome outcome, Answers out) {
            out.putDone(request, outcome);
        }
    }

    /** A node that passed its client's put on. */
    record Peer(NodeId node, long id) implements Asker {
        @Override
        public void answer(PutOutcome outcome, Answers out) {
            out.send(node, new Message.CoordinatePutReply(id, outcome));
        }
    }
}
