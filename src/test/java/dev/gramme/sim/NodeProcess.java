package dev.gramme.sim;

import dev.gramme.node.ControlPlane;
import dev.gramme.node.DataPlane;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.node.Explanation;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One life of the production node, from start to stop: its planes, and what {@code runtime} does for them in production. */
final class NodeProcess {
    /** An event waits so long in a loop's queue. */
    private static final long QUEUE_NANOS = 5 * Timeline.MICRO;

    private static final int CONTROL = -1;

    private final SimNode node;
    private final World world;
    private final ControlPlane control;
    private final List<DataPlane> planes = new ArrayList<>();
    private final SortedMap<Long, Consumer<PutOutcome>> puts = new TreeMap<>();
    private final SortedMap<Long, Consumer<GetOutcome>> gets = new TreeMap<>();
    private final SortedMap<Long, Consumer<Explanation>> explanations = new TreeMap<>();
    private View view;
    private long requests;
    private boolean ended;

    NodeProcess(SimNode node, long instance) {
        this.node = node;
        this.world = node.world();
        Tampering tampering = world.tampering();
        this.control = world.controlPlane(node, instance);
        this.view = control.view();
        for (int loop = 0; loop < world.loops(); loop++) {
            planes.add(new DataPlane(
                    world.settings(node.id()),
                    loop,
                    view,
                    tampering.store(node.id(), new SimStore(node.disk())),
                    tampering.hints(node.id(), new SimStore.Hints(node.disk())),
                    new RecordedDots(world, node.id(), tampering.dots(node.id(), node.dots()))));
        }
    }

    void start() {
        for (int loop = 0; loop < planes.size(); loop++) {
            post(loop, new Event.BucketsChanged(node.buckets()));
        }
        selfChanged();
        world.timeline().after(0, this::tick);
    }

    void end() {
        ended = true;
    }

    NodeId node() {
        return node.id();
    }

    View view() {
        return view;
    }

    /** What it says of itself changed. */
    void selfChanged() {
        post(CONTROL, new Event.SelfChanged(true, !node.disk().isKnownFull()));
    }

    void put(PutCommand command, Consumer<PutOutcome> answer) {
        long request = ++requests;
        puts.put(request, outcome -> {
            world.promises().answered(node.id(), command, outcome);
            answer.accept(outcome);
        });
        post(loopOf(command.key()), new Event.Put(request, command));
    }

    void get(GetCommand command, Consumer<GetOutcome> answer) {
        long request = ++requests;
        gets.put(request, answer);
        post(loopOf(command.key()), new Event.Get(request, command));
    }

    void explain(Key key, Consumer<Explanation> answer) {
        long request = ++requests;
        explanations.put(request, answer);
        post(loopOf(key), new Event.Explain(request, key));
    }

    void receive(NodeId from, Message message) {
        if (message instanceof Message.ReplicaPut put) {
            world.promises().asked(from, node.id(), put);
        }
        post(loopFor(message), new Event.Received(from, message));
    }

    void undeliverable(NodeId to, Message message) {
        post(loopFor(message), new Event.Undeliverable(to, message));
    }

    /** Requests of clients that have no answer yet. */
    int unanswered() {
        return puts.size() + gets.size() + explanations.size();
    }

    /** Requests that its planes have not let go of, those among them that are answered and still wait for a replica. */
    int underWay() {
        return planes.stream().mapToInt(DataPlane::underWay).sum();
    }

    void post(Event event) {
        post(CONTROL, event);
    }

    private int loopFor(Message message) {
        return switch (message) {
            case Message.KeyRequest request -> loopOf(request.key());
            case Message.KeyReply reply -> (int) Long.remainderUnsigned(reply.id(), planes.size());
            case Message.PartitionRequest request -> DataPlane.loopOf(request.partition(), planes.size());
            case Message.Control ignored -> CONTROL;
        };
    }

    private int loopOf(Key key) {
        return DataPlane.loopOf(world.ring().partitionOf(key), planes.size());
    }

    private void tick() {
        if (ended) {
            return;
        }
        if (!node.isPaused()) {
            handle(CONTROL, new Event.Tick());
            for (int loop = 0; loop < planes.size() && !ended; loop++) {
                handle(loop, new Event.Tick());
            }
        }
        world.timeline().after(DataPlane.TICK_MILLIS * Timeline.MILLI, this::tick);
    }

    private void post(int loop, Event event) {
        world.timeline().after(QUEUE_NANOS, () -> node.run(this, () -> handle(loop, event)));
    }

    private void handle(int loop, Event event) {
        Event told = world.tampering().event(node.id(), event);
        List<Effect> effects = loop == CONTROL
                ? control.handle(told, node.now())
                : planes.get(loop).handle(told, node.now());
        effects.forEach(this::record);
        for (Effect effect : world.tampering().effects(node.id(), event, effects)) {
            if (!ended) {
                carryOut(loop, effect);
            }
        }
    }

    /** What the node itself made, whatever a mutant then makes of it. */
    private void record(Effect effect) {
        if (effect instanceof Effect.Persist persist) {
            long now = world.timeline().nowNanos();
            persist.mutations().forEach(m -> world.kept(node.id(), m, now));
        }
    }

    private void carryOut(int loop, Effect effect) {
        switch (effect) {
            case Effect.Send send -> send(send);
            case Effect.Persist persist -> persist(loop, persist);
            case Effect.PutDone done -> answer(done, puts.remove(done.request()), done.outcome());
            case Effect.GetDone done -> answer(done, gets.remove(done.request()), done.outcome());
            case Effect.ExplainDone done -> answer(done, explanations.remove(done.request()), done.explanation());
            case Effect.PublishView publish -> {
                view = publish.view();
                note(publish.view().liveness());
                toEveryPlane(new Event.ViewChanged(publish.view()));
            }
            case Effect.PublishBuckets publish -> {
                node.keep(publish.buckets());
                note(publish);
                toEveryPlane(new Event.BucketsChanged(publish.buckets()));
            }
            case Effect.BucketSet set -> note(set);
            case Effect.Stop stop -> throw new IllegalStateException(node.id() + " refuses to be a member: " + stop);
            case Effect.CaughtUp caughtUp -> post(CONTROL, new Event.LoopCaughtUp(loop, caughtUp.epoch()));
            case Effect.RangeReceived received ->
                post(
                        CONTROL,
                        new Event.RangeReceived(
                                received.proposal(), received.partition(), received.keys(), received.bytes()));
            case Effect.RangePulled pulled ->
                post(CONTROL, new Event.RangePulled(pulled.proposal(), pulled.partition(), pulled.bytes()));
            case Effect.Contact contact -> {}
            case Effect.PublishPeers peers -> {}
            case Effect.KeepTopology keep -> {}
            case Effect.Administered administered -> {}
            case Effect.Observed observed -> world.observed(observed.probe(), observed.amount());
        }
    }

    private void send(Effect.Send send) {
        if (send.to().equals(node.id())) {
            throw new IllegalStateException(node.id() + " sends to itself: " + send.message());
        }
        if (send.message() instanceof Message.ReplicaPutReply reply) {
            world.promises().replied(node.id(), send.to(), reply);
        }
        world.network().send(node.id(), send.to(), send.message());
    }

    private void persist(int loop, Effect.Persist persist) {
        boolean accepted = node.disk()
                .append(persist.mutations(), () -> post(loop, new Event.Persisted(persist.token())), () -> {
                    post(loop, new Event.PersistFailed(persist.token(), false));
                    world.timeline().after(QUEUE_NANOS * 2, () -> node.run(this, node::crash));
                });
        if (!accepted) {
            post(loop, new Event.PersistFailed(persist.token(), true));
            selfChanged();
        }
    }

    private void toEveryPlane(Event event) {
        for (int loop = 0; loop < planes.size(); loop++) {
            post(loop, event);
        }
    }

    private void note(Object what) {
        String text = node.id() + " " + what;
        world.trace().note(world.timeline().nowNanos(), text);
    }

    private <T> void answer(Effect done, @Nullable Consumer<T> asker, T outcome) {
        note(done);
        if (asker == null) {
            throw new IllegalStateException(node.id() + " answers a request nobody waits for: " + done);
        }
        asker.accept(outcome);
    }
}
