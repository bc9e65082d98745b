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

    /** From who comes to own a partition to who owns it. */
    sealed interface RangeRequest extends PartitionRequest {}

    /** Between two owners of a partition, to find and to fetch what one holds and the other does not. */
    sealed interface RepairRequest extends PartitionRequest {
        /** Hash of the settled ring that the asker goes by: who goes by another answers {@link ReplicaStatus#NOT_OWNER}. */
        long ring();
    }

    /** Answers a {@link RepairRequest} about trees. */
    sealed interface TreeReply extends KeyReply {
        /** {@link ReplicaStatus#OVERLOADED} while the tree is not built: ask again later. */
        ReplicaStatus status();
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
     * Merge this state. To a primary: {@code hintFor} is null. To a fallback: keep it as a hint for {@code hintFor}. To an owner: keep it as your own, and note
     * that {@code hintFor} has yet to be told it. To an owner from a node that is not in the ring any more and hands over the hints it has kept: {@code hintFor} is
     * that owner itself.
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
            int maxBytes) implements RangeRequest {}

    /** Send these keys of the partition, as offered before and in that order. */
    record PullKeys(long id, int partition, Proposal.Id proposal, List<Key> keys) implements RangeRequest {
        public PullKeys {
            keys = List.copyOf(keys);
        }
    }

    /**
     * Keys of one partition, in the order of keys, each once; a page that is not so is malformed.
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
     * What are the hashes of the children of these nodes of your tree? Answered by {@link TreeHashes}.
     *
     * @param level of the nodes: 0 is the root
     * @param known what the asker has for the root, where that is asked of: if it is the same, nothing more need be said. 0 elsewhere
     */
    record TreeNodes(long id, int partition, long ring, int level, List<Integer> nodes, long known)
            implements RepairRequest {
        public TreeNodes {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * @param same the root is the one that the asker named; then there are no hashes
     * @param hashes of the children of each node asked for, in that order
     */
    record TreeHashes(long id, ReplicaStatus status, boolean same, List<Long> hashes) implements TreeReply {
        public TreeHashes {
            hashes = List.copyOf(hashes);
        }
    }

    /**
     * Which keys are in these leaves of your tree? Answered by {@link LeafDigests}.
     *
     * @param after the last key of the first of the leaves that was told already; null from its beginning
     * @param maxKeys at most so many are told at once
     */
    record LeafKeys(
            long id,
            int partition,
            long ring,
            List<Integer> leaves,
            @Nullable Key after,
            int maxKeys) implements RepairRequest {
        public LeafKeys {
            leaves = List.copyOf(leaves);
        }
    }

    /** @param leaves in the order in which they were asked for; those that are missing at the end are to be asked for again */
    record LeafDigests(long id, ReplicaStatus status, List<Leaf> leaves) implements TreeReply {
        public LeafDigests {
            leaves = List.copyOf(leaves);
        }
    }

    /**
     * @param entries in the order of keys, each key once; else the message is malformed
     * @param complete no key of the leaf follows the last one
     */
    record Leaf(List<KeyDigest> entries, boolean complete) {
        public Leaf {
            entries = List.copyOf(entries);
        }
    }

    /** Send what you hold of these keys, named in the order of keys. Answered by a {@link RangePage}, without those of which nothing is held. */
    record RepairStates(long id, int partition, long ring, List<Key> keys) implements RepairRequest {
        public RepairStates {
            keys = List.copyOf(keys);
        }
    }

    /** Are you there? Answered by an {@link Ack}, unless the asked node knows another process to be the sender. */
    record Ping(long sequence, Gossip gossip) implements Control {}

    /** Answers a {@link Ping}; from another node than the pinged one, answers a {@link PingRequest}: the target has answered. */
    record Ack(long sequence, Gossip gossip) implements Control {}

    /** Is {@code target} there? I can't reach it. */
    record PingRequest(long sequence, NodeId target, Gossip gossip) implements Control {}

    /** Answers a {@link PingRequest}: I am here, and heard it in time, but the target has not answered me either (Lifeguard). */
    record Nack(long sequence, Gossip gossip) implements Control {}

    /** Nothing but rumours. */
    record Rumours(Gossip gossip) implements Control {}

    /**
     * What the sender knows, for two nodes to know the same afterwards; always with the sender's own record among the rumours, and so also the first thing
     * a node says to one that does not know it.
     *
     * @param cluster name of the cluster
     * @param partitions Q
     * @param replicas N
     * @param lineage of the sender's ring ({@link dev.gramme.ring.Ring#lineage}); 0 if not known, or not told
     * @param answers how many messages of this kind are to follow, from each side in turn
     * @param ring null if left out
     * @param buckets null if left out
     */
    record Exchange(
            String cluster,
            int partitions,
            int replicas,
            long lineage,
            int answers,
            Gossip gossip,
            @Nullable RingTable ring,
            @Nullable BucketTable buckets)
            implements Control {}

    /** All bucket properties the sender knows: merged by time. */
    record BucketTable(List<BucketProperties> buckets) implements Control {}

    /**
     * You can't be part of this cluster, and why. Only the process it names may obey it: a refusal that comes late, or that was meant for another
     * process of the same id, stops nobody. A transport that can should answer by the connection that the refused message came by.
     *
     * @param instance of the process refused, as in its {@link Gossip}
     * @param fatal a process that is new and that nobody has accepted stops and shows {@code reason}
     */
    record Refusal(NodeId from, long instance, boolean fatal, String reason) implements Control {}
}
