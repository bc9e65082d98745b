package dev.gramme.antientropy;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Probe;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;

/** What a member does for the rounds that others lead, and for its own. Not thread-safe. */
final class CollectionServing {
    /** Where answers go: to another node, or to the round that this one leads. */
    interface Answers {
        void answer(NodeId to, Message.CollectionReply reply);
    }

    private final NodeId self;
    private final Memory memory;
    private final PartitionStamps stamps;
    private final CollectionBounds bounds;
    private final Answers answers;
    private final StampRecords records;

    CollectionServing(
            NodeId self,
            Memory memory,
            PartitionStamps stamps,
            StampRecords records,
            CollectionBounds bounds,
            Answers answers) {
        this.self = self;
        this.memory = memory;
        this.stamps = stamps;
        this.records = records;
        this.bounds = bounds;
        this.answers = answers;
    }

    /** @param life of this process: no other of this node's has the same */
    void asked(NodeId from, Message.CollectionRequest request, long life, Moment moment) {
        switch (request) {
            case Message.CollectionAsk ask -> {
                boolean takesPart = !bounds.isOff() || ask.keys().isEmpty();
                answers.answer(
                        from,
                        takesPart ? confirmed(from, ask, life, moment) : refused(ask, ReplicaStatus.NOT_COLLECTING));
            }
            case Message.CollectionRaise raise -> {
                if (!bounds.isOff()) {
                    raise(from, raise, life, moment);
                }
            }
            case Message.CollectionCommit commit -> commit(from, commit, moment);
        }
    }

    /** Whether a round of this ring may go on here: no change is under way, both are members, and nobody else is known who may keep hints. */
    private boolean isOfRing(NodeId from, int partition, long ring, View view) {
        Topology topology = view.topology();
        Ring settled = topology.settled();
        return topology.target() == null
                && view.outsiders().isEmpty()
                && !CollectionRounds.isAnyFormer(view)
                && settled.hash() == ring
                && partition < settled.partitions()
                && settled.members().containsKey(self)
                && settled.members().containsKey(from);
    }

    private Message.CollectionKeys confirmed(NodeId from, Message.CollectionAsk ask, long life, Moment moment) {
        int p = ask.partition();
        View view = moment.outlook().view();
        Ring settled = view.topology().settled();
        boolean asksForStamp = ask.keys().isEmpty();
        // Who asks for stamps while the ring changes is told by those who go by the same change: they collect no more.
        boolean mayAsk = asksForStamp
                ? view.serves(from) && ask.ring() == view.topology().latest().hash()
                : isOfRing(from, p, ask.ring(), view);
        if (!mayAsk || p >= settled.partitions() || !settled.owns(self, p)) {
            return refused(ask, ReplicaStatus.NOT_OWNER);
        }
        if (memory.isLacking(p) && !asksForStamp) {
            return refused(ask, ReplicaStatus.LACKING);
        }
        List<Integer> keys = new ArrayList<>();
        int asked = Math.min(ask.keys().size(), CollectionRound.KEYS_A_ROUND);
        for (int i = 0; i < asked; i++) {
            KeyDigest key = ask.keys().get(i);
            if (memory.isForgettable(p, key, moment.now().wallMillis(), bounds.ageMillis())) {
                keys.add(i);
            }
        }
        return new Message.CollectionKeys(ask.id(), ReplicaStatus.OK, stamps.stamp(p), stamps.epoch(p), life, keys);
    }

    private static Message.CollectionKeys refused(Message.CollectionAsk ask, ReplicaStatus status) {
        return new Message.CollectionKeys(ask.id(), status, 0, 0, 0, List.of());
    }

    private void raise(NodeId from, Message.CollectionRaise raise, long life, Moment moment) {
        int p = raise.partition();
        View view = moment.outlook().view();
        if (!isOfRing(from, p, raise.ring(), view)) {
            answers.answer(from, promised(raise, ReplicaStatus.NOT_OWNER, 0));
            return;
        }
        stamps.heard(p, 0, raise.epoch());
        boolean owner = view.topology().settled().owns(self, p);
        if (stamps.isUnknown(p, raise.epoch()) || (owner && (raise.life() != life || memory.isLacking(p)))) {
            // It may not hold any more what it had confirmed.
            answers.answer(from, promised(raise, ReplicaStatus.NOT_OWNER, 0));
        } else if (raise.stamp() < stamps.stamp(p)) {
            answers.answer(from, promised(raise, ReplicaStatus.OK, stamps.stamp(p)));
        } else {
            stamps.raise(p, raise.stamp());
            promise(from, raise, owner, moment.out());
        }
    }

    private static Message.CollectionDone promised(Message.CollectionRaise raise, ReplicaStatus status, long stamp) {
        return new Message.CollectionDone(raise.id(), status, stamp, false);
    }

    /** As soon as it is true; until then nothing is said. */
    private void promise(NodeId from, Message.CollectionRaise raise, boolean owner, Outbox out) {
        int p = raise.partition();
        if (!stamps.isUnknown(p, raise.stamp())) {
            answers.answer(from, promised(raise, ReplicaStatus.OK, raise.stamp()));
            return;
        }
        boolean nothingOlder =
                !memory.isOlderUnderWay(p, raise.stamp()) && !memory.keepsHints(p) && (owner || !memory.holds(p));
        if (!records.isWriting(p) && nothingOlder && memory.isWritable()) {
            stamps.promising(p, raise.stamp());
            long token = out.persist(List.of(new Mutation.Promise(p, raise.stamp())));
            records.promise(token, from, raise.id(), p, raise.stamp());
        }
    }

    private void commit(NodeId from, Message.CollectionCommit commit, Moment moment) {
        int p = commit.partition();
        View view = moment.outlook().view();
        if (!isOfRing(from, p, commit.ring(), view)
                || !view.topology().settled().owns(self, p)) {
            return;
        }
        stamps.heard(p, 0, commit.stamp());
        if (records.isWriting(p) || stamps.isUnknown(p, commit.stamp())) {
            return;
        }
        if (commit.stamp() <= stamps.epoch(p)) {
            answers.answer(from, new Message.CollectionDone(commit.id(), ReplicaStatus.OK, commit.stamp(), true));
        } else if (memory.isWritable()) {
            Outbox out = moment.out();
            commit.keys().forEach(key -> out.observed(Probe.KEY_COLLECTED));
            long token = out.persist(List.of(new Mutation.Collect(p, commit.stamp(), commit.keys())));
            records.collection(token, from, commit.id(), p, commit.stamp());
        }
    }

    /** A write of this node is durable, or never will be. */
    void settled(long token, boolean durable, Moment moment) {
        StampRecords.Writing written = records.settled(token, durable, moment);
        if (written != null && durable && written.asker() != null) {
            answers.answer(
                    written.asker(),
                    new Message.CollectionDone(
                            written.id(), ReplicaStatus.OK, written.stamp(), written.isCollection()));
        }
    }
}
