package dev.gramme.wire;

import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What members exchange about the ring.
 *
 * @param settled version 0 if the sender knows none
 * @param proposal the highest known on that ring; null if there is none
 * @param staged in order of node
 */
public record RingTable(Ring settled, @Nullable Proposal proposal, List<StagedChange> staged) {
    public RingTable {
        staged = List.copyOf(staged);
    }
}
