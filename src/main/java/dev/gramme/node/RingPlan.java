package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.wire.StagedChange;
import java.util.List;
import java.util.SortedSet;

/**
 * What the staged changes would do: shown before they are committed.
 *
 * @param id names exactly this plan: the settled ring, the changes, and the ring to come
 * @param changes in order of node, those of joining members among them
 * @param excluded members that are gone for good: see {@link dev.gramme.ring.Proposal}
 * @param shares of each member before or after, in order of id
 * @param moves slots (partition and owner) that come to another node
 * @param leastMoves the least that any ring with these shares moves
 * @param bytesToMove about how many bytes of states that is, by what the members hold now
 * @param warnings what it costs in safety, one line each: partitions with fewer than N owners, or in fewer zones than there are
 */
public record RingPlan(
        String id,
        Ring before,
        Ring after,
        List<StagedChange> changes,
        SortedSet<NodeId> excluded,
        List<Share> shares,
        int moves,
        int leastMoves,
        long bytesToMove,
        List<String> warnings) {

    /**
     * @param before partitions owned; 0 if it is new
     * @param after partitions owned; 0 if it goes
     * @param gains partitions that it has to receive
     * @param bytesToReceive about
     */
    public record Share(NodeId id, String zone, int weight, int before, int after, int gains, long bytesToReceive) {}

    public RingPlan {
        changes = List.copyOf(changes);
        shares = List.copyOf(shares);
        warnings = List.copyOf(warnings);
    }
}
