package dev.gramme.node;

import dev.gramme.handoff.HintBook;
import dev.gramme.handoff.HintDelivery;
import dev.gramme.handoff.Moment;
import dev.gramme.handoff.RangeDropping;
import dev.gramme.handoff.RangeServing;
import dev.gramme.handoff.RangeTransfers;
import dev.gramme.replica.DotSource;
import dev.gramme.replica.Replica;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.version.Now;
import dev.gramme.wire.Admissions;
import dev.gramme.wire.BackgroundWork;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.Outlook;

/** What one plane hands to other nodes and takes over from them besides requests: hints, and partitions when the ring changes. */
final class Handoffs {
    private final HintDelivery delivery;
    private final RangeTransfers transfers;
    private final RangeServing serving;
    private final RangeDropping dropping;

    Handoffs(
            NodeSettings settings,
            int loop,
            LocalCopy copy,
            Replica replica,
            ReplicaStore store,
            HintBook hints,
            DotSource dots,
            Losses losses,
            RangeServing.Comparisons compared,
            Admissions admissions) {
        NodeId self = settings.self();
        int loops = settings.loops();
        LocalRanges ranges = new LocalRanges(replica.ranges(), store, losses);
        this.delivery = new HintDelivery(
                hints,
                copy,
                self,
                loop,
                loops,
                settings.hintBatch(),
                settings.replicaTimeoutMillis(),
                settings.hints(),
                admissions.of(BackgroundWork.HINTS));
        RangeTransfers.Bounds bounds = RangeTransfers.Bounds.ofLoop(
                loop, loops, settings.pullsAtOnce(), settings.pullPageBytes(), settings.pullBytesPerSecond());
        this.transfers =
                new RangeTransfers(self, loop, loops, bounds, ranges, admissions.of(BackgroundWork.RANGES_TAKEN));
        this.serving = new RangeServing(self, ranges, compared, admissions.of(BackgroundWork.RANGES_GIVEN));
        this.dropping = new RangeDropping(self, loop, loops, ranges, hints, dots::renewActor);
    }

    /** To be told of each topology, the first among them. */
    void goesBy(Topology topology) {
        transfers.goesBy(topology);
        dropping.goesBy(topology);
    }

    void tick(Outlook outlook, Now now, PlaneEffects out) {
        delivery.tick(outlook, now, out);
        serving.tick(outlook, now, out);
        transfers.tick(new Moment(outlook, now, out));
        dropping.tick(now, out);
    }

    void asked(NodeId from, Message.RangeRequest request, Outlook outlook, Now now, PlaneEffects out) {
        serving.asked(from, request, outlook, now, out);
    }

    void replied(NodeId from, Message.ReplicaPutReply reply, Outlook outlook, Now now, PlaneEffects out) {
        delivery.replied(from, reply, outlook, now, out);
    }

    void replied(NodeId from, Message.RangePage page, Outlook outlook, Now now, PlaneEffects out) {
        transfers.replied(from, page, new Moment(outlook, now, out));
    }

    void undeliverable(NodeId to, Message.KeyRequest request, Now now) {
        delivery.undeliverable(to, request.id(), now);
    }

    void undeliverable(NodeId to, Message.RangeRequest request, Outlook outlook, Now now, PlaneEffects out) {
        transfers.undeliverable(to, request.id(), new Moment(outlook, now, out));
    }

    /** A write of this plane is durable, or never will be. */
    void settled(long token, boolean durable, Outlook outlook, Now now, PlaneEffects out) {
        if (transfers.isWaitingForDisk()) {
            transfers.settled(token, durable, new Moment(outlook, now, out));
        }
        if (dropping.isWaitingForDisk()) {
            dropping.settled(token, durable, now);
        }
    }
}
