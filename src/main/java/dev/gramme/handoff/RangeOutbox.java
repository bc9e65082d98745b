package dev.gramme.handoff;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.ReplicaStatus;

/** Where transfers put what they want done, word to the control plane among it. */
public interface RangeOutbox extends Outbox {
    /** So many bytes more of states have come. */
    void rangePulled(Proposal.Id proposal, int partition, long bytes);

    /**
     * {@code source} has said that it can't give the partition; it is asked again.
     *
     * @param why its store can't be read, or it may have lost some of it
     */
    void rangeRefused(Proposal.Id proposal, int partition, NodeId source, ReplicaStatus why);

    /** All that is to be taken over of the partition is durable here. */
    void rangeReceived(Proposal.Id proposal, int partition, long keys, long bytes);
}
