package dev.gramme.node;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.View;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.ReplicaStatus;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What happens to a node. */
public sealed interface Event {
    /** For the control plane alone. */
    sealed interface ForControl extends Event {}

    /** For data planes alone. */
    sealed interface ForData extends Event {}

    /** A client of this node puts. {@code request} is the surroundings' number, named in {@link Effect.PutDone}. */
    record Put(long request, PutCommand command) implements ForData {}

    /** A client of this node gets: {@link Effect.GetDone}. */
    record Get(long request, GetCommand command) implements ForData {}

    /** Somebody asks what every replica holds of a key: {@link Effect.ExplainDone}. */
    record Explain(long request, Key key) implements ForData {}

    /**
     * Compare everything of this loop with every other owner now.
     *
     * @param bucket only its keys are repaired; null: all
     */
    record RepairNow(@Nullable String bucket) implements ForData {}

    /**
     * A backup asks for a page of what this node holds: {@link Effect.BackedUp}.
     *
     * @param after the last key of the page before; null from the beginning
     */
    record BackUp(
            long request,
            int partition,
            BackupPart part,
            @Nullable Key after) implements ForData {}

    /**
     * These states are to be got to all owners of their keys, which are all of this loop's partitions: {@link Effect.RestoreDone}.
     *
     * @param stamp they are no older ({@link dev.gramme.wire.Stamps}); {@link dev.gramme.wire.Stamps#NOTHING}: they are taken, whatever was deleted and forgotten since
     */
    record Restore(long request, long stamp, List<Message.RangeEntry> records) implements ForData {}

    /** A message arrived. */
    record Received(NodeId from, Message message) implements Event {}

    /** A message was surely not delivered: no connection, or the peer's queue is full. A message may also be lost without this. */
    record Undeliverable(NodeId to, Message message) implements Event {}

    /** The mutations of {@link Effect.Persist} {@code token} are durable. */
    record Persisted(long token) implements ForData {}

    /**
     * They are not, and never will be by themselves.
     *
     * @param full the disk is full (reads go on, writes are refused); else the disk is broken and the node is stopping
     */
    record PersistFailed(long token, boolean full) implements ForData {}

    /** The control plane published a new view. */
    record ViewChanged(View view) implements ForData {}

    /** The control plane published new bucket properties, by bucket; unmodifiable. */
    record BucketsChanged(SortedMap<String, BucketProperties> buckets) implements ForData {}

    /** Set a bucket's properties: {@link Effect.BucketSet}. The time in them is ignored. */
    record SetBucket(long request, BucketProperties properties) implements ForControl {}

    /**
     * What this node says of itself changed.
     *
     * @param ready false: it stops to be started again
     */
    record SelfChanged(boolean ready, boolean writable) implements ForControl {}

    /** About how many bytes of states this node holds as an owner: told now and then. */
    record Stored(long bytes) implements ForControl {}

    /** An operator asks something of the ring: {@link Effect.Administered}. */
    record Administer(long request, ClusterCommand command) implements ForControl {}

    /** The topology of {@link Effect.KeepTopology} {@code sequence} is on the disk; {@code error} is empty, or why it is not. */
    record TopologyKept(long sequence, String error) implements ForControl {}

    /** Loop {@code loop} has answered all it had begun before it went by {@code epoch}: from {@link Effect.CaughtUp}. */
    record LoopCaughtUp(int loop, long epoch) implements ForControl {}

    /** From {@link Effect.RangeReceived}. */
    record RangeReceived(Proposal.Id proposal, int partition, long keys, long bytes) implements ForControl {}

    /** From {@link Effect.RangeRefused}. */
    record RangeRefused(Proposal.Id proposal, int partition, NodeId source, ReplicaStatus why) implements ForControl {}

    /** From {@link Effect.RangePulled}. */
    record RangePulled(Proposal.Id proposal, int partition, long bytes) implements ForControl {}

    /** The addresses (host:port) that the configured seeds stand for now: told at the start, and again when names resolve anew. */
    record SeedsResolved(List<String> addresses) implements ForControl {}

    /** Time has passed: sent at least every {@link DataPlane#TICK_MILLIS} milliseconds. @param queued events that wait for the loop */
    record Tick(int queued) implements Event {
        /** To a loop for which nothing waits. */
        public Tick() {
            this(0);
        }
    }
}
