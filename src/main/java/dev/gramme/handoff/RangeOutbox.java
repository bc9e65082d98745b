package dev.gramme.handoff;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.wire.Outbox;

/** Where transfers put what they want done, word to the control plane among it. */
public interface RangeOutbox extends Outbox {
    /** So many bytes more of states have come. */
    void rangePulled(Proposal.Id proposal, int partition, long bytes);

    /** {@code source} has said that it can't read its store of the partition; it is asked again. */
    void rangeUnreadable(Proposal.Id proposal, int partition, NodeId source);

    /** All that is to be taken over of the partition is durable here. */
    void rangeReceived(Proposal.Id proposal, int partition, long keys, long bytes);
}
