package dev.gramme.antientropy;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.wire.Admission;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.Throttle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The exchanges that one loop begins: when their time has come, a few at once, so many bytes a second. Not thread-safe. */
public final class Exchanges {
    private final NodeId self;
    private final ExchangeBounds bounds;
    private final Trees trees;
    private final OwnStates own;
    private final Unbuilt unbuilt;
    private final ExchangeSchedule schedule;
    private final Losses losses;
    private final Mending mending;
    private final Throttle throttle;
    private final Admission admission;
    private final List<Exchange> underWay = new ArrayList<>();
    private @Nullable View view;

    public Exchanges(
            NodeId self,
            int loop,
            int loops,
            ExchangeBounds bounds,
            Trees trees,
            OwnStates own,
            Unbuilt unbuilt,
            Losses losses,
            Admission admission) {
        this.self = self;
        this.bounds = bounds;
        this.trees = trees;
        this.own = own;
        this.unbuilt = unbuilt;
        this.schedule = new ExchangeSchedule(self, loop, loops, bounds.intervalMillis());
        this.losses = losses;
        this.mending = new Mending(self, loop, loops, losses, own);
        this.throttle = new Throttle(bounds.bytesPerSecond());
        this.admission = admission;
    }

    private void goBy(View next, long nowNanos) {
        if (view == next) {
            return;
        }
        view = next;
        schedule.goesBy(view, nowNanos);
        for (Exchange exchange : underWay) {
            if (!mayBegin(exchange.pair, next.topology())) {
                exchange.abandon();
            }
        }
    }

    private boolean mayBegin(Pair pair, Topology topology) {
        return Pair.mayCompare(topology, pair.partition(), self, pair.peer()) || mending.mayBegin(pair, topology);
    }

    /** Of a partition that is lacking: whether it was compared since with every other owner that a change under way does not exclude. */
    public boolean isComparedWithAllThatServe(int partition, View now) {
        return mending.isComparedWithAllThatServe(partition, now);
    }

    /**
     * Compare all partitions of this loop with all their owners now.
     *
     * @param bucket only its keys are repaired; null: all
     */
    public void askNow(@Nullable String bucket, Moment moment) {
        schedule.askNow(bucket, moment.outlook().view().topology());
    }

    public void tick(Moment moment) {
        goBy(moment.outlook().view(), moment.nanos());
        unbuilt.tick(moment.nanos());
        for (Exchange exchange : underWay) {
            exchange.goOnIfDurable();
            goOn(exchange, moment);
        }
        takeOutEnded(moment);
        begin(moment);
    }

    /** Of what this node lacks, before all else. */
    private void mend(Moment moment) {
        for (int i = 0; i < bounds.atOnce() && underWay.size() < bounds.atOnce(); i++) {
            List<Pair> due = mending.due(moment.outlook().view(), moment.nanos(), moment.out());
            if (due.isEmpty()) {
                return;
            }
            for (Pair pair : due) {
                boolean isNew = underWay.stream().noneMatch(other -> other.pair.equals(pair));
                if (isNew && underWay.size() < bounds.atOnce() && isBuilt(pair, moment) && isOpen(moment)) {
                    begin(pair, null, moment);
                }
            }
        }
    }

    private boolean isBuilt(Pair pair, Moment moment) {
        if (trees.isReady(pair.partition())) {
            return true;
        }
        unbuilt.add(pair.partition());
        mending.busy(pair, moment.outlook().view().topology(), moment.nanos());
        return false;
    }

    private void begin(Moment moment) {
        mend(moment);
        while (underWay.size() < bounds.atOnce() && schedule.isAnyDue(moment.nanos()) && isOpen(moment)) {
            ExchangeSchedule.Asked asked = schedule.takeAsked(moment.nanos());
            Pair pair = asked == null ? schedule.takeDue(moment.nanos()) : asked.pair();
            if (pair == null) {
                return;
            }
            if (trees.isReady(pair.partition())
                    || !mayBegin(pair, moment.outlook().view().topology())) {
                begin(pair, asked, moment);
            } else {
                unbuilt.add(pair.partition());
                if (asked != null) {
                    schedule.putBack(asked);
                    return;
                }
                schedule.notBuilt(pair, moment.nanos());
            }
        }
    }

    private void begin(Pair pair, ExchangeSchedule.@Nullable Asked asked, Moment moment) {
        View now = moment.outlook().view();
        long loss = losses.of(pair.partition());
        Exchange exchange =
                new Exchange(pair, now.topology().settled().hash(), loss, asked, trees, own, moment.nanos());
        if (!mayBegin(pair, now.topology())) {
            exchange.abandon();
        } else if (!now.isReadable(pair.peer())) {
            exchange.undeliverable();
        }
        if (underWay.stream().noneMatch(other -> other.pair.equals(pair))) {
            underWay.add(exchange);
            goOn(exchange, moment);
            takeOutEnded(moment);
        }
    }

    private void goOn(Exchange exchange, Moment moment) {
        if (exchange.isToGoOn(moment.nanos()) && isOpen(moment)) {
            long before = exchange.bytes();
            exchange.goOn(moment);
            take(exchange.bytes() - before, moment);
        }
    }

    private boolean isOpen(Moment moment) {
        return throttle.isOpen(moment.nanos()) && admission.isOpen(moment.nanos());
    }

    private void take(long bytes, Moment moment) {
        if (bytes > 0) {
            throttle.take(bytes, moment.nanos());
            admission.took(bytes, moment.nanos());
        }
    }

    private void takeOutEnded(Moment moment) {
        for (Exchange exchange : List.copyOf(underWay)) {
            if (exchange.isOver()) {
                underWay.remove(exchange);
                ended(exchange, moment);
            }
        }
    }

    private void ended(Exchange exchange, Moment moment) {
        Exchanged figures = exchange.figures(moment);
        schedule.ended(exchange.pair, figures.outcome(), moment.nanos());
        mending.ended(
                exchange.pair,
                exchange.loss,
                exchange.bucket == null,
                figures.outcome(),
                moment.outlook().view().topology(),
                moment.nanos());
        ExchangeSchedule.Asked asked = exchange.asked;
        if (asked != null && figures.outcome() == Outcome.BUSY) {
            schedule.peerIsBusy(asked, moment.nanos());
        }
        moment.out().observed(probeOf(figures.outcome()));
        long askedUnderWay =
                underWay.stream().filter(other -> other.asked != null).count();
        moment.out().exchanged(figures, schedule.asked() + (int) askedUnderWay);
    }

    private static Probe probeOf(Outcome outcome) {
        return switch (outcome) {
            case EQUAL -> Probe.EXCHANGE_FOUND_EQUAL;
            case REPAIRED -> Probe.EXCHANGE_REPAIRED;
            case REFUSED, SILENT, BUSY, BROKEN, FULL -> Probe.EXCHANGE_FAILED;
        };
    }

    public void replied(NodeId from, Message.TreeReply reply, Moment moment) {
        handle(reply.id(), from, exchange -> exchange.replied(reply, moment), moment);
    }

    public void replied(NodeId from, Message.RangePage page, Moment moment) {
        handle(page.id(), from, exchange -> exchange.replied(page, moment), moment);
    }

    public void replied(NodeId from, Message.ReplicaPutReply reply, Moment moment) {
        handle(reply.id(), from, exchange -> exchange.replied(reply, moment), moment);
    }

    public void undeliverable(NodeId to, long id, Moment moment) {
        handle(id, to, Exchange::undeliverable, moment);
    }

    private interface Step {
        void of(Exchange exchange);
    }

    private void handle(long id, NodeId peer, Step step, Moment moment) {
        if (underWay.isEmpty()) {
            return;
        }
        goBy(moment.outlook().view(), moment.nanos());
        for (Exchange exchange : underWay) {
            if (exchange.isWaitingFor(id, peer)) {
                long before = exchange.bytes();
                step.of(exchange);
                take(exchange.bytes() - before, moment);
                goOn(exchange, moment);
                break;
            }
        }
        takeOutEnded(moment);
        begin(moment);
    }

    /** A write of this node is durable, or never will be. */
    public void settled(long token, boolean durable, Moment moment) {
        mending.settled(token, durable, moment.out());
        for (Exchange exchange : underWay) {
            if (exchange.settled(token, durable)) {
                exchange.goOnIfDurable();
                goOn(exchange, moment);
            }
        }
    }
}
