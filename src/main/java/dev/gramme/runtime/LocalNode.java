package dev.gramme.runtime;

import dev.gramme.node.Explanation;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.ContextToken;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.SortedMap;

/**
 * This process's node, as its fronts see it. A Uni is completed on one of the node's loops or on the Vert.x context it was asked from, never by
 * failure but for {@link NotReadyException}.
 */
public interface LocalNode {
    NodeId id();

    String clusterName();

    /** N, the cluster's. */
    int replicas();

    Uni<PutOutcome> put(PutCommand command);

    Uni<GetOutcome> get(GetCommand command);

    Uni<Explanation> explain(Key key);

    View view();

    /** What is known of the members' addresses and heartbeats, in order of id, this node among them. */
    List<MemberStatus> members();

    BucketProperties bucket(String bucket);

    /** The properties as set on every node (sooner or later). Fails with IllegalArgumentException where they can't be. */
    Uni<BucketProperties> setBucket(BucketProperties properties);

    /** Hints waiting, by owner. */
    SortedMap<NodeId, Long> hints();

    ContextToken tokens();

    /** For the probes. */
    NodeState state();

    /**
     * @param bridge address of its bridge, host:port
     * @param http address of its REST front, host:port; empty if not yet known
     * @param liveness "up", "suspect" or "down"
     * @param lastHeardMillis age of its last heartbeat in milliseconds; -1 if never heard, 0 for this node
     */
    record MemberStatus(
            NodeId id,
            String zone,
            int weight,
            String bridge,
            String http,
            String liveness,
            boolean writable,
            long lastHeardMillis,
            int partitions) {}

    /**
     * @param recovered the log was replayed and the loops run
     * @param live no loop has been stuck for longer than its bound
     * @param draining stopping
     * @param writable the disk takes writes
     * @param detail one line for people
     */
    record NodeState(boolean recovered, boolean live, boolean draining, boolean writable, String detail) {}

    /** The node is still starting, or stopping: try another, or again soon. */
    class NotReadyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public NotReadyException(String message) {
            super(message);
        }
    }
}
