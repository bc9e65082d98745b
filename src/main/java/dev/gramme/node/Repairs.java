package dev.gramme.node;

import dev.gramme.antientropy.ExchangeServing;
import dev.gramme.antientropy.Exchanges;
import dev.gramme.antientropy.Moment;
import dev.gramme.antientropy.Trees;
import dev.gramme.antientropy.Unbuilt;
import dev.gramme.replica.Replica;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.version.Now;
import dev.gramme.wire.Admission;
import dev.gramme.wire.Admissions;
import dev.gramme.wire.BackgroundWork;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.Outlook;
import org.jspecify.annotations.Nullable;

/** Anti-entropy of one plane: the exchanges that it begins, and its answers to those that other owners begin. */
final class Repairs {
    private final Exchanges exchanges;
    private final ExchangeServing serving;

    Repairs(
            NodeSettings settings,
            int loop,
            Replica replica,
            ReplicaStore store,
            Trees stored,
            Losses losses,
            Admissions admissions) {
        NodeId self = settings.self();
        LocalRanges own = new LocalRanges(replica.ranges(), store, losses);
        LocalTrees trees = new LocalTrees(stored);
        Admission begun = admissions.of(BackgroundWork.EXCHANGES);
        Unbuilt unbuilt = new Unbuilt(trees, begun);
        int loops = settings.loops();
        this.exchanges = new Exchanges(
                self, loop, loops, settings.exchanges().ofLoop(loop, loops), trees, own, unbuilt, losses, begun);
        this.serving = new ExchangeServing(self, trees, own, unbuilt, admissions.of(BackgroundWork.EXCHANGES));
    }

    boolean isComparedWithAllThatServe(int partition, View view) {
        return exchanges.isComparedWithAllThatServe(partition, view);
    }

    void askNow(@Nullable String bucket, Outlook outlook, Now now, PlaneEffects out) {
        exchanges.askNow(bucket, new Moment(outlook, now, out));
    }

    void tick(Outlook outlook, Now now, PlaneEffects out) {
        serving.tick(outlook, now.nanos(), out);
        exchanges.tick(new Moment(outlook, now, out));
    }

    void asked(NodeId from, Message.RepairRequest request, Outlook outlook, Now now, PlaneEffects out) {
        serving.asked(from, request, outlook, now.nanos(), out);
    }

    void replied(NodeId from, Message.TreeReply reply, Outlook outlook, Now now, PlaneEffects out) {
        exchanges.replied(from, reply, new Moment(outlook, now, out));
    }

    void replied(NodeId from, Message.RangePage page, Outlook outlook, Now now, PlaneEffects out) {
        exchanges.replied(from, page, new Moment(outlook, now, out));
    }

    void replied(NodeId from, Message.ReplicaPutReply reply, Outlook outlook, Now now, PlaneEffects out) {
        exchanges.replied(from, reply, new Moment(outlook, now, out));
    }

    void undeliverable(NodeId to, long id, Outlook outlook, Now now, PlaneEffects out) {
        exchanges.undeliverable(to, id, new Moment(outlook, now, out));
    }

    /** A write of this plane is durable, or never will be. */
    void settled(long token, boolean durable, Outlook outlook, Now now, PlaneEffects out) {
        exchanges.settled(token, durable, new Moment(outlook, now, out));
    }
}
