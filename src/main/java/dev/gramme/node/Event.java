package dev.gramme.node;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import java.util.SortedMap;

/** What happens to a node. */
public sealed interface Event {
    /** A client of this node puts. {@code request} is the surroundings' number, named in {@link Effect.PutDone}. */
    record Put(long request, PutCommand command) implements Event {}

    /** A client of this node gets: {@link Effect.GetDone}. */
    record Get(long request, GetCommand command) implements Event {}

    /** Somebody asks what every replica holds of a key: {@link Effect.ExplainDone}. */
    record Explain(long request, Key key) implements Event {}

    /** A message arrived. */
    record Received(NodeId from, Message message) implements Event {}

    /** A message was surely not delivered: no connection, or the peer's queue is full. A message may also be lost without this. */
    record Undeliverable(NodeId to, Message message) implements Event {}

    /** The mutations of {@link Effect.Persist} {@code token} are durable. */
    record Persisted(long token) implements Event {}

    /**
     * They are not, and never will be by themselves.
     *
     * @param full the disk is full (reads go on, writes are refused); else the disk is broken and the node is stopping
     */
    record PersistFailed(long token, boolean full) implements Event {}

    /** The control plane published a new view. */
    record ViewChanged(View view) implements Event {}

    /** The control plane published new bucket properties, by bucket; unmodifiable. */
    record BucketsChanged(SortedMap<String, BucketProperties> buckets) implements Event {}

    /** Set a bucket's properties (control plane): {@link Effect.BucketSet}. The time in them is ignored. */
    record SetBucket(long request, BucketProperties properties) implements Event {}

    /** What this node says of itself in heartbeats changed (control plane). */
    record SelfChanged(boolean ready, boolean writable) implements Event {}

    /** Time has passed: sent at least every {@link DataPlane#TICK_MILLIS} milliseconds. */
    record Tick() implements Event {}
}
