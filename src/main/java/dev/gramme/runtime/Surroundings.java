package dev.gramme.runtime;

import dev.gramme.antientropy.Collected;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Probe;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a plane's loop can do to the world outside it. Safe to call from any loop; none of it waits. */
interface Surroundings {
    void send(NodeId to, Message message);

    /** Once, to whoever listens at {@code address} (host:port); may be lost. */
    void contact(String address, Message message);

    /** These are the nodes to keep connections to: host:port of their bridges. */
    void publishPeers(Effect.PublishPeers peers);

    /** Visible to reads on return; {@code done} is called from the log's thread. */
    void persist(List<Mutation> mutations, Consumer<Durability> done);

    /** {@link Event.TopologyKept} follows. */
    void keepTopology(Effect.KeepTopology keep);

    void publishView(View view);

    void publishBuckets(SortedMap<String, BucketProperties> buckets);

    /** A data loop has something for the control plane that must not be lost. */
    void tellControl(Event.ForControl event);

    /** About how many bytes of states this node holds. */
    long storedBytes();

    /** An exchange is over, for people to see. */
    void exchanged(Effect.ExchangeEnded ended);

    /** A round of collection that this node led is over, for people to see. */
    void collected(Collected collected);

    void observed(Probe probe, long amount);

    /** Two copies of one version of {@code key} say different things. */
    void altered(Key key);

    /** The node must stop: {@code reason} is for people. */
    void stop(String reason, @Nullable Throwable cause);

    /** What became of a {@code persist}. */
    enum Durability {
        DURABLE,
        FULL,
        BROKEN
    }
}
