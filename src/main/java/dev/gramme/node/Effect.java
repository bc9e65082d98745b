package dev.gramme.node;

import dev.gramme.antientropy.Collected;
import dev.gramme.antientropy.Exchanged;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.View;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.ReplicaStatus;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a node wants done. The surroundings carry a list of them out in its order, before the plane's next event. */
public sealed interface Effect {
    /** Of a control plane alone. */
    sealed interface OfControl extends Effect {}

    /** Of a data plane alone. */
    sealed interface OfData extends Effect {}

    /** Send, without waiting. */
    record Send(NodeId to, Message message) implements Effect {}

    /** Make these mutations visible at once and durable soon: {@link Event.Persisted} or {@link Event.PersistFailed}. */
    record Persist(long token, List<Mutation> mutations) implements OfData {}

    record PutDone(long request, PutOutcome outcome) implements OfData {}

    record GetDone(long request, GetOutcome outcome) implements OfData {}

    record ExplainDone(long request, Explanation explanation) implements OfData {}

    /** Answers {@link Event.BackUp}. */
    record BackedUp(long request, BackupAnswer answer) implements OfData {}

    /** Answers {@link Event.Restore}. */
    record RestoreDone(long request, RestoreOutcome outcome) implements OfData {}

    /** Hand this view to every plane of this node. */
    record PublishView(View view) implements OfControl {}

    /** Keep this table across restarts, and hand it to every plane of this node. */
    record PublishBuckets(SortedMap<String, BucketProperties> buckets) implements OfControl {}

    /** Answers {@link Event.SetBucket}; {@code error} is empty if it was done. */
    record BucketSet(long request, BucketProperties properties, String error) implements OfControl {}

    /** Send to whoever listens at {@code address} (host:port of a bridge): a seed whose id is not known. It may be lost without a word. */
    record Contact(String address, Message message) implements OfControl {}

    /**
     * Keep connections to these nodes and no others.
     *
     * @param bridges by id: host:port of their bridges
     * @param formats by id: the newest format of messages they understand, of those that have said so; the others are taken to understand the oldest
     */
    record PublishPeers(SortedMap<NodeId, String> bridges, SortedMap<NodeId, Integer> formats) implements OfControl {
        public PublishPeers(SortedMap<NodeId, String> bridges) {
            this(bridges, new TreeMap<>());
        }
    }

    /**
     * Keep this across restarts, in place of the last: the ring as this node goes by it, and where its members are. {@link Event.TopologyKept} says when;
     * until then nobody is told of it.
     *
     * @param lostBefore 0, or the epoch for {@link dev.gramme.wire.Losses#lostAll}, which comes first: a crash in between makes this node find the same once more
     */
    record KeepTopology(long sequence, KeptTopology topology, long lostBefore) implements OfControl {}

    /** Answers {@link Event.Administer}. */
    record Administered(long request, ClusterAnswer answer) implements OfControl {}

    /** For the control plane: nothing it began before it went by {@code epoch} is unanswered. */
    record CaughtUp(long epoch) implements OfData {}

    /** For the control plane: all that the proposal has this node take over of {@code partition} is durable here. */
    record RangeReceived(Proposal.Id proposal, int partition, long keys, long bytes) implements OfData {}

    /** For the control plane: so many bytes more of {@code partition} have come, for people to see. */
    record RangePulled(Proposal.Id proposal, int partition, long bytes) implements OfData {}

    /**
     * For the control plane: {@code source} does not give {@code partition}, which this node is to take over, for people to see.
     *
     * @param why {@link ReplicaStatus#STORAGE_BROKEN}, {@link ReplicaStatus#LACKING} or {@link ReplicaStatus#OUTDATED}
     */
    record RangeRefused(Proposal.Id proposal, int partition, NodeId source, ReplicaStatus why) implements OfData {}

    /**
     * An exchange with another owner is over, for people to see.
     *
     * @param left exchanges of loop {@code loop} that were asked for by {@link Event.RepairNow} and are still to come
     */
    record ExchangeEnded(int loop, Exchanged exchanged, int left) implements OfData {}

    /** Two copies of one version of {@code key} say different things, so one of them was altered; all owners come to keep the same one. For people to see. */
    record VersionAltered(Key key) implements OfData {}

    /** A round of collection that loop {@code loop} led is over, for people to see. */
    record RoundEnded(int loop, Collected collected) implements OfData {}

    /** This node must stop: it can't be part of the cluster. */
    record Stop(String reason) implements OfControl {}

    /** Something worth counting happened {@code amount} times. */
    record Observed(Probe probe, long amount) implements Effect {}
}
