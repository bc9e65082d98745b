package dev.gramme.wire;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.version.VersionSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What nodes say to each other. One way each; a reply names its request's {@code id}, which the asking side chose.
 */
public sealed interface Message {

    /** About one key: handled by the serial loop that owns the key's partition. */
    sealed interface KeyRequest extends Message {
        long id();

        Key key();
    }

    /** Answers a {@link KeyRequest}: handled by the loop whose number is {@code id % loops} at the asker. */
    sealed interface KeyReply extends Message {
        long id();
    }

    /** About one partition: handled by the serial loop that owns it. */
    sealed interface PartitionRequest extends Message {
        long id();

        int partition();
    }

    /** Between members: handled by the control plane. */
    sealed interface Control extends Message {}

    /** Coordinate this put, please. {@code command.options().timeoutMillis()} is what is left of the deadline. */
    record CoordinatePut(long id, PutCommand command) implements KeyRequest {
        @Override
        public Key key() {
            return command.key();
        }
    }

    record CoordinatePutReply(long id, PutOutcome outcome) implements KeyReply {}

    /**
     * Merge this state. To a primary: {@code hintFor} is null. To a fallback: keep it as a hint for {@code hintFor}.
     */
    record ReplicaPut(
            long id, Key key, VersionSet state, @Nullable NodeId hintFor) implements KeyRequest {}

    record ReplicaPutReply(long id, ReplicaStatus status) implements KeyReply {}

    /**
     * What do you hold (hints included)?
     *
     * @param knownDigest {@link StateDigest} of the state the asker holds: an equal one need not be sent back. 0 if it holds none
     */
    record ReplicaGet(long id, Key key, long knownDigest) implements KeyRequest {}

    /**
     * @param same the state is the one the asker named by its digest; then {@code state} is empty
     * @param hinted part of the state comes from hints this node keeps for others
     */
    record ReplicaGetReply(long id, ReplicaStatus status, boolean same, boolean hinted, VersionSet state)
            implements KeyReply {}

    /**
     * What do you hold of this partition? From who comes to own it to who owns it. Answered by a {@link RangePage}.
     *
     * @param proposal by which the asker takes the partition over
     * @param after the last key that came already; null from the beginning
     * @param offers only digests are wanted: the asker holds much of it already, and fetches what differs by {@link PullKeys}
     * @param maxBytes about as much is sent at once; at least one key
     */
    record PullRange(
            long id,
            int partition,
            Proposal.Id proposal,
            @Nullable Key after,
            boolean offers,
            int maxBytes) implements PartitionRequest {}

    /** Send these keys of the partition, as offered before. */
    record PullKeys(long id, int partition, Proposal.Id proposal, List<Key> keys) implements PartitionRequest {
        public PullKeys {
            keys = List.copyOf(keys);
        }
    }

    /**
     * Keys of one partition, in the order of keys.
     *
     * @param status {@link ReplicaStatus#NOT_OWNER} if the answering node does not go by that proposal (yet): ask again later
     * @param complete no key follows the last one
     */
    record RangePage(long id, ReplicaStatus status, List<RangeEntry> entries, boolean complete) implements KeyReply {
        public RangePage {
            entries = List.copyOf(entries);
        }
    }

    /**
     * @param digest {@link StateDigest} of the state
     * @param state empty where only offered
     */
    record RangeEntry(Key key, long digest, VersionSet state) {}

    /**
     * I am alive. Sent to every member at a fixed interval until gossip takes over.
     *
     * @param instance random number of this process: two processes with one id are found out by it
     * @param sequence counts this process's heartbeats from a start that hangs on {@code instance}, so that an echo names the process too
     * @param echo the receiver's sequence last seen by the sender, 0 if none
     * @param cluster name of the cluster
     * @param partitions Q
     * @param replicas N
     * @param ringHash hash of the ring, to see that all have computed the same
     * @param bucketsHash hash of the table of bucket properties: where it differs the tables are exchanged
     * @param ready the sender takes requests (recovered, not draining)
     * @param writable its disk takes writes
     * @param http address of its REST front, host:port
     */
    record Heartbeat(
            NodeId from,
            long instance,
            long sequence,
            long echo,
            String cluster,
            int partitions,
            int replicas,
            long ringHash,
            long bucketsHash,
            boolean ready,
            boolean writable,
            String http)
            implements Control {}

    /** All bucket properties the sender knows: merged by time. */
    record BucketTable(List<BucketProperties> buckets) implements Control {}

    /**
     * You can't be part of this cluster, and why. Only the process it names may obey it: a refusal that comes late, or that was meant for another
     * process of the same id, stops nobody. A transport that can should answer by the connection that the refused message came by.
     *
     * @param instance of the process refused, as in its {@link Heartbeat}
     * @param fatal a process that is new and that nobody has accepted stops and shows {@code reason}
     */
    record Refusal(NodeId from, long instance, boolean fatal, String reason) implements Control {}
}
