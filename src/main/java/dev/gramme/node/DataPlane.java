package dev.gramme.node;

import dev.gramme.antientropy.Moment;
import dev.gramme.antientropy.PartitionStamps;
import dev.gramme.antientropy.TombstoneCollection;
import dev.gramme.antientropy.Trees;
import dev.gramme.coordinator.Coordinator;
import dev.gramme.coordinator.Limits;
import dev.gramme.coordinator.Turn;
import dev.gramme.handoff.HintBook;
import dev.gramme.handoff.RangeServing;
import dev.gramme.replica.DotSource;
import dev.gramme.replica.HintedStates;
import dev.gramme.replica.Replica;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.version.Now;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.BackgroundWork;
import dev.gramme.wire.Failure;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.ReplicaStatus;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Per-key work for the partitions of one serial loop: those with {@code partition % loops == loop}. Not thread-safe. */
public final class DataPlane {
    /** Deadlines are looked at when a tick comes: no wait is exact to more than this. */
    public static final int TICK_MILLIS = 5;

    private static final long NOTHING = -1;

    private final NodeSettings settings;
    private final int loop;
    private final DotSource dots;
    private final Replica replica;
    private final Coordinator coordinator;
    private final Handoffs handoffs;
    private final Repairs repairs;
    private final TombstoneCollection collection;
    private final Explaining explaining;
    private final BackupServing backups;
    private final Restoring restoring;
    private final Pauses pauses = new Pauses();
    private final ForegroundTimes foreground;
    private final Doorkeeper doorkeeper;
    private Outlook outlook;
    /** What the control plane was told last. */
    private long caughtUpWith = NOTHING;

    private @Nullable PlaneEffects effects;

    /** @param control of the whole node: all its planes have the same one */
    public DataPlane(
            NodeSettings settings,
            int loop,
            View view,
            ReplicaStore store,
            Trees trees,
            HintBook hints,
            DotSource dots,
            Losses losses,
            BackgroundControl control) {
        this.settings = settings;
        this.loop = loop;
        this.dots = dots;
        this.foreground = new ForegroundTimes(control);
        this.replica = new Replica(settings.self(), store, statesOf(hints), dots, losses);
        LocalCopy copy = new LocalCopy(replica, store, dots, losses);
        Limits limits = new Limits(
                settings.self(),
                settings.maxRequestsPerLoop(),
                settings.maxInFlightPerPeer(),
                settings.hedgeCapMillis(),
                settings.replicaTimeoutMillis());
        this.coordinator = new Coordinator(limits, copy, view.topology().epoch());
        int partitions = view.topology().settled().partitions();
        LocalMemory memory = new LocalMemory(
                partitions,
                replica,
                store,
                hints,
                dots,
                coordinator,
                losses,
                settings.collections().setAsideBytes());
        PartitionStamps stamps = new PartitionStamps(settings.self(), view.topology(), memory);
        this.outlook = new Outlook(view, Collections.unmodifiableSortedMap(new TreeMap<>()), stamps);
        this.collection = new TombstoneCollection(
                settings.self(),
                loop,
                settings.loops(),
                settings.collections(),
                memory,
                stamps,
                control.of(BackgroundWork.EXCHANGES),
                view.topology());
        this.doorkeeper = new Doorkeeper(settings.self());
        this.repairs = new Repairs(settings, loop, replica, store, trees, losses, control);
        RangeServing.Comparisons compared = repairs::isComparedWithAllThatServe;
        this.handoffs = new Handoffs(settings, loop, copy, replica, store, hints, dots, losses, compared, control);
        this.handoffs.goesBy(view.topology());
        this.explaining = new Explaining(settings.self(), copy);
        this.backups = new BackupServing(settings.self(), store, hints, losses, control.of(BackgroundWork.BACKUP));
        this.restoring = new Restoring(copy, replica.restoration());
    }

    /** Which plane handles {@code partition}. */
    public static int loopOf(int partition, int loops) {
        return partition % loops;
    }

    private static HintedStates statesOf(HintBook hints) {
        return new HintedStates() {
            @Override
            public VersionSet read(int partition, Key key) {
                return hints.read(partition, key);
            }

            @Override
            public @Nullable VersionSet read(int partition, Key key, NodeId owner) {
                return hints.read(partition, key, owner);
            }
        };
    }

    /** Requests that are not over: unanswered ones, and answered ones that still wait for a replica. 0 after a while without requests. */
    public int underWay() {
        return coordinator.underWay();
    }

    /** The effects to carry out, in order, before the next event. */
    public List<Effect> handle(Event event, Now now) {
        PlaneEffects out = effects;
        if (out == null) {
            long first = RequestIds.firstSequence(dots.actor(), dots.hintActor(), now);
            out = new PlaneEffects(loop, settings.loops(), first);
            effects = out;
        }
        pauses.at(now.nanos());
        replica.eventBegins();
        foreground.begins(event, now.nanos());
        dispatch(event, new Turn(outlook, now, out), out);
        collection.eventEnds(moment(now, out));
        tellIfCaughtUp(out);
        List<Effect> done = out.take();
        foreground.done(done, now.nanos());
        return done;
    }

    private Moment moment(Now now, PlaneEffects out) {
        return new Moment(outlook, now, out);
    }

    private void tellIfCaughtUp(PlaneEffects out) {
        long epoch = outlook.view().topology().epoch();
        if (caughtUpWith != epoch && coordinator.isCaughtUp() && collection.isKnown()) {
            caughtUpWith = epoch;
            out.add(new Effect.CaughtUp(epoch));
        }
    }

    private void dispatch(Event event, Turn turn, PlaneEffects out) {
        switch (event) {
            case Event.Put put -> {
                if (!doorkeeper.takesRequests(outlook.view())) {
                    out.putDone(put.request(), doorkeeper.refusedPut(outlook.view()));
                } else if (pauses.isAwakening()) {
                    out.putDone(put.request(), stopped(out));
                } else {
                    coordinator.put(put.request(), put.command(), turn);
                }
            }
            case Event.Get get -> {
                if (doorkeeper.takesRequests(outlook.view())) {
                    coordinator.get(get.request(), get.command(), turn);
                } else {
                    out.getDone(get.request(), doorkeeper.refusedGet(outlook.view()));
                }
            }
            case Event.Explain explain -> explaining.explain(explain.request(), explain.key(), turn, out);
            case Event.BackUp asked -> backups.asked(asked, turn, out);
            case Event.Restore restore -> {
                if (doorkeeper.takesRequests(outlook.view())) {
                    restoring.restore(restore, turn, out);
                } else {
                    Restoring.refuse(restore.request(), Failure.UNAVAILABLE, doorkeeper.sentence(outlook.view()), out);
                }
            }
            case Event.Received received -> received(received.from(), received.message(), turn, out);
            case Event.Undeliverable lost -> undeliverable(lost.to(), lost.message(), turn, out);
            case Event.Persisted persisted -> {
                replica.persisted(persisted.token(), out);
                coordinator.persisted(persisted.token(), turn);
                restoring.persisted(persisted.token(), out);
                handoffs.settled(persisted.token(), true, outlook, turn.now(), out);
                repairs.settled(persisted.token(), true, outlook, turn.now(), out);
                collection.settled(persisted.token(), true, moment(turn.now(), out));
            }
            case Event.PersistFailed failed -> {
                replica.persistFailed(failed.token(), failed.full(), out);
                coordinator.persistFailed(failed.token(), turn);
                restoring.persistFailed(failed.token(), failed.full(), out);
                handoffs.settled(failed.token(), false, outlook, turn.now(), out);
                repairs.settled(failed.token(), false, outlook, turn.now(), out);
                collection.settled(failed.token(), false, moment(turn.now(), out));
            }
            case Event.ViewChanged changed -> {
                outlook = outlook.withView(changed.view());
                coordinator.goesBy(changed.view().topology().epoch());
                handoffs.goesBy(changed.view().topology());
                collection.viewChanged(moment(turn.now(), out));
            }
            case Event.BucketsChanged changed -> outlook = outlook.withBuckets(changed.buckets());
            case Event.RepairNow now -> repairs.askNow(now.bucket(), outlook, turn.now(), out);
            case Event.Tick tick -> {
                coordinator.tick(turn);
                explaining.tick(turn, out);
                handoffs.tick(outlook, turn.now(), out);
                repairs.tick(outlook, turn.now(), out);
                backups.tick(turn, out);
                collection.tick(moment(turn.now(), out));
            }
            case Event.ForControl other -> throw new IllegalArgumentException("for the control plane: " + other);
        }
    }

    private static PutOutcome.Failed stopped(PlaneEffects out) {
        out.observed(Probe.REQUEST_REFUSED_OVERLOADED);
        return new PutOutcome.Failed(Failure.OVERLOADED, "this node was stopped for a while: what waited is too old");
    }

    private void received(NodeId from, Message message, Turn turn, PlaneEffects out) {
        switch (message) {
            case Message.KeyRequest request -> {
                if (!coordinator.isCopy(from, request) && doorkeeper.admits(from, request, outlook.view(), out)) {
                    asked(from, request, turn, out);
                }
            }
            case Message.CoordinatePutReply reply -> coordinator.replied(from, reply, turn);
            case Message.ReplicaPutReply reply -> {
                coordinator.replied(from, reply, turn);
                handoffs.replied(from, reply, outlook, turn.now(), out);
                repairs.replied(from, reply, outlook, turn.now(), out);
            }
            case Message.Outdated reply -> {
                Message.ReplicaPutReply refusal = new Message.ReplicaPutReply(reply.id(), ReplicaStatus.OUTDATED);
                coordinator.replied(from, reply, turn);
                handoffs.replied(from, refusal, outlook, turn.now(), out);
                repairs.replied(from, refusal, outlook, turn.now(), out);
            }
            case Message.ReplicaGetReply reply -> {
                coordinator.replied(from, reply, turn);
                explaining.replied(from, reply, turn, out);
            }
            case Message.RangePage page -> {
                handoffs.replied(from, page, outlook, turn.now(), out);
                repairs.replied(from, page, outlook, turn.now(), out);
            }
            case Message.TreeReply reply -> repairs.replied(from, reply, outlook, turn.now(), out);
            case Message.RepairRequest request -> repairs.asked(from, request, outlook, turn.now(), out);
            case Message.RangeRequest request -> handoffs.asked(from, request, outlook, turn.now(), out);
            case Message.CollectionReply reply -> collection.replied(from, reply, moment(turn.now(), out));
            case Message.CollectionRequest request -> collection.asked(from, request, moment(turn.now(), out));
            case Message.Control control -> throw new IllegalArgumentException("for the control plane: " + control);
        }
    }

    private void asked(NodeId from, Message.KeyRequest request, Turn turn, PlaneEffects out) {
        switch (request) {
            case Message.CoordinatePut put -> {
                if (pauses.isAwakening()) {
                    out.send(from, new Message.CoordinatePutReply(put.id(), stopped(out)));
                } else {
                    coordinator.coordinatePut(from, put, turn);
                }
            }
            case Message.ReplicaPut put -> replica.put(from, put, turn.outlook(), turn.now(), out);
            case Message.ReplicaGet get -> replica.get(from, get, turn.outlook(), out);
        }
    }

    private void undeliverable(NodeId to, Message message, Turn turn, PlaneEffects out) {
        switch (message) {
            case Message.KeyRequest request -> {
                coordinator.undeliverable(to, request, turn);
                handoffs.undeliverable(to, request, turn.now());
                repairs.undeliverable(to, request.id(), outlook, turn.now(), out);
                explaining.undeliverable(to, request.id(), turn, out);
            }
            case Message.RepairRequest request -> repairs.undeliverable(to, request.id(), outlook, turn.now(), out);
            case Message.RangeRequest request -> handoffs.undeliverable(to, request, outlook, turn.now(), out);
            case Message.CollectionRequest request -> {
                // Who is not reached is asked again.
            }
            case Message.KeyReply reply -> {
                // The asker hears of it by its own deadline.
            }
            case Message.Control control -> throw new IllegalArgumentException("for the control plane: " + control);
        }
    }
}
