package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.wire.RingProgress;
import dev.gramme.wire.StagedChange;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How the ring stands, as this node knows it.
 *
 * @param version of the settled ring; 0 if this node knows none yet
 * @param hash of the settled ring
 * @param change null if none is under way
 * @param progress what each member says of itself, in order of id
 * @param waitingFor what the change waits for, one line each, with what can be done; empty if it goes on by itself
 * @param staged not committed, in order of node
 */
public record RingStatus(
        long version,
        long hash,
        Proposal.@Nullable Id change,
        SortedMap<NodeId, RingProgress> progress,
        List<String> waitingFor,
        List<StagedChange> staged) {
    public RingStatus {
        waitingFor = List.copyOf(waitingFor);
        staged = List.copyOf(staged);
    }
}
