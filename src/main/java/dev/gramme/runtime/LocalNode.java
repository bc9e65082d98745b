package dev.gramme.runtime;

import dev.gramme.node.BackupAnswer;
import dev.gramme.node.BackupPart;
import dev.gramme.node.ClusterAnswer;
import dev.gramme.node.ClusterCommand;
import dev.gramme.node.ClusterSnapshot;
import dev.gramme.node.Explanation;
import dev.gramme.node.RestoreOutcome;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.ContextToken;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

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

    /**
     * A page of what this node holds of a partition, for a backup.
     *
     * @param partition 0 to Q - 1
     * @param after the last key of the page before; null from the beginning
     */
    Uni<BackupAnswer> backUp(int partition, BackupPart part, @Nullable Key after);

    /**
     * Gets states from a backup to all owners of their keys: answered when they are durable at this node.
     *
     * @param stamp they are no older ({@link dev.gramme.wire.Stamps}); {@link dev.gramme.wire.Stamps#NOTHING}: they are taken, whatever was deleted and forgotten since
     */
    Uni<RestoreOutcome> restore(long stamp, List<Message.RangeEntry> records);

    /** By partition, where it is not 0, what this node has promised: nothing older is restored. */
    SortedMap<Integer, Long> promises();

    View view();

    /** What is known of the members, of their progress and of the ring. */
    ClusterSnapshot cluster();

    /** What is wrong with the cluster or this node as a whole, one line each; empty if all is well. */
    List<String> problems();

    /** What an operator asks of the ring. What is refused is in the answer, with the reason and what to do. */
    Uni<ClusterAnswer> administer(ClusterCommand command);

    BucketProperties bucket(String bucket);

    /** Those of buckets that have any, by name. */
    SortedMap<String, BucketProperties> buckets();

    /** The properties as set on every node (sooner or later). Fails with IllegalArgumentException where they can't be. */
    Uni<BucketProperties> setBucket(BucketProperties properties);

    /** Hints waiting, by owner. */
    SortedMap<NodeId, Long> hints();

    /** Partitions that this node owns and may have lost something of: what it says of them counts for no read until it has compared them with every other owner. */
    int partitionsLacking();

    /** What anti-entropy has come to. */
    RepairFigures repairs();

    /** What the rounds of collection of deletes that this node leads have come to. */
    CollectionFigures collections();

    /**
     * Compares all that this node owns with every other owner, from now on: {@link #repairs} says how far that is.
     *
     * @param bucket only its keys are repaired; null: all
     */
    void repairNow(@Nullable String bucket);

    /** What reading this node's disk has found. */
    ScrubFigures scrub();

    /** Reads all that is on this node's disk, from now on: {@link #scrub} says how far that is. */
    void scrubNow();

    ContextToken tokens();

    /** For the probes. */
    NodeState state();

    /**
     * @param recovered the log was replayed and the loops run
     * @param live no loop has been stuck for longer than its bound
     * @param draining told to stop; it still serves what comes
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
