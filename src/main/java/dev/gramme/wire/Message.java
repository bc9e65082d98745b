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

    /** Between members, about forgetting deletes in one partition. */
    sealed interface CollectionRequest extends PartitionRequest {}

    /** Answers a {@link CollectionRequest}. */
    sealed interface CollectionReply extends KeyReply {}

    /**
     * Coordinate this put, please. {@code command.options().timeoutMillis()} is what is left of the deadline.
     *
     * @param stamp under which the asker began it ({@link Stamps})
     * @param life the life of the receiver that it is meant for, as its {@link MemberRecord#instance} says; 0 if the asker does not know: a later life would not know whether the put was answered before
     */
    record CoordinatePut(long id, PutCommand command, long stamp, long life) implements KeyRequest {
        /** Of a time before any collection, for whatever life. */
        public CoordinatePut(long id, PutCommand command) {
            this(id, command, 0, 0);
        }

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
     *
     * @param stamp the state is no older ({@link Stamps})
     */
    record ReplicaPut(
            long id, Key key, VersionSet state, @Nullable NodeId hintFor, long stamp) implements KeyRequest {
        /** Of a time before any collection. */
        public ReplicaPut(long id, Key key, VersionSet state, @Nullable NodeId hintFor) {
            this(id, key, state, hintFor, 0);
        }
    }

    record ReplicaPutReply(long id, ReplicaStatus status) implements KeyReply {}

    /**
     * Answers a {@link ReplicaPut} or a {@link CoordinatePut} that was not taken because of its stamp: it is older than a collection, or than what this node has promised.
     *
     * @param stamp the answering node goes by this
     * @param epoch it has collected up to this
     */
    record Outdated(long id, int partition, long stamp, long epoch) implements KeyReply {}

    /**
     * What do you hold (hints included)?
     *
     * @param knownDigest {@link StateDigest} of the state the asker holds: an equal one need not be sent back. 0 if it holds none
     */
    record ReplicaGet(long id, Key key, long knownDigest) implements KeyRequest {}

    /**
     * @param same the state is the one the asker named by its digest; then {@code state} is empty
     * @param hinted part of the state comes from hints this node keeps for others
     * @param stamp the state is no older ({@link Stamps})
     * @param epoch up to which the answering node has collected
     */
    record ReplicaGetReply(
            long id, ReplicaStatus status, boolean same, boolean hinted, VersionSet state, long stamp, long epoch)
            implements KeyReply {
        /** Of a time before any collection. */
        public ReplicaGetReply(long id, ReplicaStatus status, boolean same, boolean hinted, VersionSet state) {
            this(id, status, same, hinted, state, 0, 0);
        }
    }

    /**
     * What do you hold of this partition? From who comes to own it to who owns it. Answered by a {@link RangePage}.
     *
     * @param proposal by which the asker takes the partition over
     * @param after the last key that came already; null from the beginning
     * @param offers only digests are wanted: the asker holds much of it already, and fetches what differs by {@link PullKeys}
     * @param maxBytes about as much is sent at once; at least one key
     * @param epoch up to which somebody has collected, as the asker knows
     */
    record PullRange(
            long id,
            int partition,
            Proposal.Id proposal,
            @Nullable Key after,
            boolean offers,
            int maxBytes,
            long epoch) implements RangeRequest {
        /** Where nothing was ever collected. */
        public PullRange(
                long id, int partition, Proposal.Id proposal, @Nullable Key after, boolean offers, int maxBytes) {
            this(id, partition, proposal, after, offers, maxBytes, 0);
        }
    }

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
     * @param stamp the states are no older ({@link Stamps})
     * @param epoch up to which the answering node has collected
     */
    record RangePage(long id, ReplicaStatus status, List<RangeEntry> entries, boolean complete, long stamp, long epoch)
            implements KeyReply {
        public RangePage {
            entries = List.copyOf(entries);
        }

        /** Of a time before any collection. */
        public RangePage(long id, ReplicaStatus status, List<RangeEntry> entries, boolean complete) {
            this(id, status, entries, complete, 0, 0);
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
     * @param epoch up to which the asker has collected
     */
    record TreeNodes(long id, int partition, long ring, int level, List<Integer> nodes, long known, long epoch)
            implements RepairRequest {
        public TreeNodes {
            nodes = List.copyOf(nodes);
        }

        /** Where nothing was ever collected. */
        public TreeNodes(long id, int partition, long ring, int level, List<Integer> nodes, long known) {
            this(id, partition, ring, level, nodes, known, 0);
        }
    }

    /**
     * @param same the root is the one that the asker named; then there are no hashes
     * @param hashes of the children of each node asked for, in that order
     * @param epoch up to which the answering node has collected
     */
    record TreeHashes(long id, ReplicaStatus status, boolean same, List<Long> hashes, long epoch) implements TreeReply {
        public TreeHashes {
            hashes = List.copyOf(hashes);
        }

        /** Where nothing was ever collected. */
        public TreeHashes(long id, ReplicaStatus status, boolean same, List<Long> hashes) {
            this(id, status, same, hashes, 0);
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

    /**
     * A round's first step, to every owner: which of these keys do you hold in these very states, and could they be forgotten? Answered by {@link CollectionKeys}. Without
     * keys it only asks by which stamp the owner goes, and what it has collected.
     *
     * @param id of the whole round
     * @param ring hash of the settled ring by which the round is led; without keys, of the latest ring that the asker goes by
     */
    record CollectionAsk(long id, int partition, long ring, List<KeyDigest> keys) implements CollectionRequest {
        public CollectionAsk {
            keys = List.copyOf(keys);
        }
    }

    /**
     * @param stamp the owner goes by this
     * @param epoch it has collected up to this
     * @param life of the process that answers: no two of a node's have the same
     * @param keys by their places in the question: those that could be forgotten
     */
    record CollectionKeys(long id, ReplicaStatus status, long stamp, long epoch, long life, List<Integer> keys)
            implements CollectionReply {
        public CollectionKeys {
            keys = List.copyOf(keys);
        }
    }

    /**
     * A round's second step, to every member: go by this stamp, and promise that nothing older is left with you. Answered by {@link CollectionDone} when that is so and
     * on the disk; not answered until then.
     *
     * @param epoch the highest that any owner has collected up to
     * @param life to an owner: of the process that has confirmed; 0 to others
     */
    record CollectionRaise(long id, int partition, long ring, long stamp, long epoch, long life)
            implements CollectionRequest {}

    /** A round's third step, to every owner: forget those keys that are still as confirmed. Answered by {@link CollectionDone} when that is durable. */
    record CollectionCommit(long id, int partition, long ring, long stamp, List<KeyDigest> keys)
            implements CollectionRequest {
        public CollectionCommit {
            keys = List.copyOf(keys);
        }
    }

    /**
     * What was asked for is done, or will not be.
     *
     * @param stamp it was done under this; if another than asked for, the answering node goes by this already, and the round is over
     * @param committed a {@link CollectionCommit} was; else a {@link CollectionRaise}
     */
    record CollectionDone(long id, ReplicaStatus status, long stamp, boolean committed) implements CollectionReply {}

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
