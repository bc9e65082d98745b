package dev.gramme.node;

import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.RingProgress;
import java.util.List;

/**
 * What the control plane knows of the members, for people and probes.
 *
 * @param joined a majority of the members (this node counted) was heard from at least once, or the time to wait for that is over
 * @param members in order of id, this node among them; those of no ring too
 * @param problems one line each, about the cluster or this node as a whole; empty if all is well
 * @param ring how it stands
 */
public record ClusterSnapshot(boolean joined, List<MemberState> members, List<String> problems, RingStatus ring) {

    /**
     * @param bridge address of its bridge, host:port
     * @param http address of its REST front, host:port; empty if not yet known
     * @param ready it takes requests (recovered, not draining), as far as last heard
     * @param writable its disk takes writes, as far as last heard
     * @param lastHeardMillis age of its last answer in milliseconds; -1 if never heard, 0 for this node
     * @param partitions how many it owns
     * @param problem what is wrong with it, one line; empty if nothing is
     * @param standing what it says it is up to, as far as last heard
     * @param program version of its program; empty if not yet known
     * @param storedBytes about how many bytes of states it holds as an owner
     * @param progress how far it is with the ring, as far as last heard
     * @param after how many partitions it will own when the change under way is done; as many as now if none is
     */
    public record MemberState(
            NodeId id,
            String zone,
            int weight,
            String bridge,
            String http,
            Liveness.State liveness,
            boolean ready,
            boolean writable,
            long lastHeardMillis,
            int partitions,
            String problem,
            MemberRecord.Standing standing,
            String program,
            long storedBytes,
            RingProgress progress,
            int after) {}

    public ClusterSnapshot {
        members = List.copyOf(members);
        problems = List.copyOf(problems);
    }
}
