package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutOutcome;
import java.util.List;
import java.util.SortedMap;

/** What a node wants done. The surroundings carry a list of them out in its order, before the plane's next event. */
public sealed interface Effect {
    /** Send, without waiting. */
    record Send(NodeId to, Message message) implements Effect {}

    /** Make these mutations visible at once and durable soon: {@link Event.Persisted} or {@link Event.PersistFailed}. */
    record Persist(long token, List<Mutation> mutations) implements Effect {}

    record PutDone(long request, PutOutcome outcome) implements Effect {}

    record GetDone(long request, GetOutcome outcome) implements Effect {}

    record ExplainDone(long request, Explanation explanation) implements Effect {}

    /** Hand this view to every plane of this node. */
    record PublishView(View view) implements Effect {}

    /** Keep this table across restarts, and hand it to every plane of this node. */
    record PublishBuckets(SortedMap<String, BucketProperties> buckets) implements Effect {}

    /** Answers {@link Event.SetBucket}; {@code error} is empty if it was done. */
    record BucketSet(long request, BucketProperties properties, String error) implements Effect {}

    /** This node must stop: it can't be part of the cluster. */
    record Stop(String reason) implements Effect {}

    /** Something worth counting happened {@code amount} times. */
    record Observed(Probe probe, long amount) implements Effect {}
}
