package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Failure;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.ReplicaStatus;

/**
 * Turns away what must not be done here: clients' requests while this node is not in the ring, and requests about keys from nodes that are not. Who is gone
 * by the operator's word may have been cut off for long and still go by an old ring; what it sends is not listened to.
 */
final class Doorkeeper {
    private final NodeId self;

    Doorkeeper(NodeId self) {
        this.self = self;
    }

    boolean takesRequests(View view) {
        return view.takesRequests(self);
    }

    PutOutcome.Failed refusedPut(View view) {
        return new PutOutcome.Failed(Failure.UNAVAILABLE, sentence(view));
    }

    GetOutcome.Failed refusedGet(View view) {
        return new GetOutcome.Failed(Failure.UNAVAILABLE, sentence(view));
    }

    /** Why it takes no requests. */
    String sentence(View view) {
        if (view.topology().settled().version() == 0 && view.topology().target() == null) {
            return "this node is not in the ring yet: it has not heard of one";
        }
        if (view.serves(self)) {
            return "this node is not in the ring yet: the change that takes it in has only begun";
        }
        return "this node is not in the ring (not yet, or not any more): ask one of "
                + view.topology().needed();
    }

    /**
     * Whether a node that has left still hands over a hint that it kept for this one: that is merged whoever tells it. But such a node is not waited for
     * while the ring changes, and may not know that this one gives the partition away: then it has to wait until that is done.
     */
    private boolean isLastWord(Message.KeyRequest request, View view) {
        return request instanceof Message.ReplicaPut put
                && self.equals(put.hintFor())
                && view.topology().successor(view.ring().partitionOf(put.key()), self) == null;
    }

    /** Whether {@code from} is listened to; it is answered if not. */
    boolean admits(NodeId from, Message.KeyRequest request, View view, PlaneEffects out) {
        if (view.serves(self) && (view.serves(from) || isLastWord(request, view))) {
            return true;
        }
        out.send(
                from,
                switch (request) {
                    case Message.CoordinatePut put ->
                        new Message.CoordinatePutReply(
                                put.id(),
                                view.serves(self)
                                        ? new PutOutcome.Failed(
                                                Failure.UNAVAILABLE, from + " is not in the ring of " + self)
                                        : refusedPut(view));
                    case Message.ReplicaPut put -> new Message.ReplicaPutReply(put.id(), ReplicaStatus.NOT_OWNER);
                    case Message.ReplicaGet get ->
                        new Message.ReplicaGetReply(get.id(), ReplicaStatus.NOT_OWNER, false, false, VersionSet.EMPTY);
                });
        return false;
    }
}
