package dev.gramme.sim;

import dev.gramme.node.BackgroundControl;
import dev.gramme.node.BackgroundController;
import dev.gramme.node.BackgroundPace;
import dev.gramme.node.BackupAnswer;
import dev.gramme.node.BackupPart;
import dev.gramme.node.ClusterAnswer;
import dev.gramme.node.ClusterCommand;
import dev.gramme.node.ControlPlane;
import dev.gramme.node.DataPlane;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.node.Explanation;
import dev.gramme.node.RestoreOutcome;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One life of the production node, from start to stop: its planes, and what {@code runtime} does for them in production. */
final class NodeProcess {
    private static final Effect HINT_RETIRED = new Effect.Observed(Probe.HINT_RETIRED, 1);

    /** An event waits so long in a loop's queue. */
    private static final long QUEUE_NANOS = 5 * Timeline.MICRO;

    /** What a loop's number is elsewhere. */
    static final int CONTROL = -1;

    /** It takes so long until the next partition is scrubbed. */
    private static final long SCRUB_NANOS = 100 * Timeline.MILLI;

    private static final long SEEDS_NANOS = 5 * Timeline.SECOND;

    private final SimNode node;
    private final World world;
    private final ControlPlane control;
    private final List<DataPlane> planes = new ArrayList<>();
    private final ClientRequests requests = new ClientRequests(this);
    private final String address;
    private final boolean hasSeeds;
    private final Losses losses;
    private View view;
    /** By loop, the epoch of the topology that it was told of last. */
    private final long[] epochs;
    /** Those it keeps connections to, and where; null until it has said. */
    private @Nullable SortedMap<NodeId, String> peers;

    private boolean ended;

    /** @param hasSeeds it is told addresses at which it may find the cluster */
    NodeProcess(SimNode node, long instance, boolean hasSeeds) {
        this.node = node;
        this.world = node.world();
        this.hasSeeds = hasSeeds;
        this.address = node.address();
        this.epochs = new long[world.loops()];
        Tampering tampering = world.tampering();
        this.control = world.controlPlane(node, instance);
        this.view = control.view();
        BackgroundControl paced = new BackgroundController(BackgroundPace.ADAPTIVE);
        BackgroundControl told = instance % 2 == 0 ? new BusyNode(paced, instance) : paced;
        BackgroundControl background =
                tampering.background(node.id(), world.admittedWork().watched(node.id(), told));
        losses = tampering.losses(node.id(), new Watched(world, node));
        for (int loop = 0; loop < world.loops(); loop++) {
            planes.add(new DataPlane(
                    world.settings(node.id()),
                    loop,
                    view,
                    tampering.store(node.id(), new SimStore(node)),
                    tampering.trees(node.id(), new SimStore(node), world.partitions()),
                    tampering.hints(node.id(), new SimStore.Hints(node.disk())),
                    new RecordedDots(world, node.id(), tampering.dots(node.id(), node.dots())),
                    losses,
                    background));
        }
    }

    /** When it is whole again is a moment at which a read could miss something. */
    private static final class Watched implements Losses {
        private final World world;
        private final SimNode node;
        private long mendableEpoch;

        Watched(World world, SimNode node) {
            this.world = world;
            this.node = node;
        }

        @Override
        public long of(int partition) {
            return node.disk().losses().of(partition);
        }

        @Override
        public void lost(int partition) {
            node.disk().losses().lost(partition);
        }

        @Override
        public void lostAll(long epoch) {
            mendableEpoch = epoch;
            node.disk().losses().lostAll(epoch);
        }

        @Override
        public void mended(int partition, long loss, long epoch) {
            if (epoch >= mendableEpoch) {
                node.disk().losses().mended(partition, loss, epoch);
                world.readability().whole(node.id(), partition);
            }
        }
    }

    void start() {
        world.rings().published(node, topology(), topology());
        world.transfers().published(node.id(), topology());
        for (int loop = 0; loop < planes.size(); loop++) {
            post(loop, new Event.BucketsChanged(node.buckets()));
        }
        selfChanged();
        seeds();
        world.timeline().after(0, this::tick);
        world.timeline().after(SCRUB_NANOS, () -> scrub(0));
    }

    /** Everything stored is read again, one partition after the other. */
    private void scrub(int partition) {
        if (!ended) {
            if (!node.isPaused() && node.disk().bad().isAny(partition)) {
                node.findsDamage(partition, Struck.BAD_RECORD_SCRUBBED);
            }
            world.timeline().after(SCRUB_NANOS, () -> scrub((partition + 1) % world.partitions()));
        }
    }

    private void seeds() {
        if (hasSeeds && !ended) {
            post(CONTROL, new Event.SeedsResolved(world.machines().someAddresses(node.dice())));
            world.timeline().after(SEEDS_NANOS, this::seeds);
        }
    }

    void end() {
        ended = true;
    }

    NodeId node() {
        return node.id();
    }

    /** Where its bridge is. */
    String address() {
        return address;
    }

    View view() {
        return view;
    }

    /** As published last. */
    Topology topology() {
        return view.topology();
    }

    /** What it says of itself changed. */
    void selfChanged() {
        post(CONTROL, new Event.SelfChanged(true, !node.disk().isKnownFull()));
    }

    void put(PutCommand command, Consumer<PutOutcome> answer) {
        int loop = loopOf(command.key());
        long asked = world.timeline().nowNanos();
        long request = requests.put(loop, outcome -> {
            world.promises().answered(node.id(), command, outcome);
            world.readability().answered(node.id(), command, outcome, asked);
            answer.accept(outcome);
        });
        post(loop, new Event.Put(request, command));
    }

    void get(GetCommand command, Consumer<GetOutcome> answer) {
        int loop = loopOf(command.key());
        post(loop, new Event.Get(requests.get(loop, answer), command));
    }

    void explain(Key key, Consumer<Explanation> answer) {
        int loop = loopOf(key);
        post(loop, new Event.Explain(requests.explain(loop, answer), key));
    }

    void backUp(int partition, BackupPart part, @Nullable Key after, Consumer<BackupAnswer> answer) {
        int loop = DataPlane.loopOf(partition, planes.size());
        post(loop, new Event.BackUp(requests.backUp(loop, answer), partition, part, after));
    }

    /** @param records all of {@code partition} */
    void restore(int partition, long stamp, List<Message.RangeEntry> records, Consumer<RestoreOutcome> answer) {
        int loop = DataPlane.loopOf(partition, planes.size());
        post(loop, new Event.Restore(requests.restore(loop, answer), stamp, records));
    }

    void administer(ClusterCommand command, Consumer<ClusterAnswer> answer) {
        post(CONTROL, new Event.Administer(requests.administer(answer), command));
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
        return requests.unanswered();
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
        return DataPlane.loopOf(world.partitionOf(key), planes.size());
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
        List<Effect> effects;
        if (loop == CONTROL) {
            effects = control.handle(told, node.now());
        } else {
            if (event instanceof Event.ViewChanged changed) {
                epochs[loop] = changed.view().topology().epoch();
            }
            requests.told(event, epochs[loop]);
            long actor = node.dots().actor();
            effects = planes.get(loop).handle(told, node.now());
            effects.forEach(effect -> record(effect, actor));
            if (effects.contains(HINT_RETIRED)) {
                effects.forEach(this::recordGivenUp);
            }
        }
        for (Effect effect : world.tampering().effects(node.id(), event, effects)) {
            if (!ended) {
                carryOut(loop, effect);
            }
        }
    }

    /** What the node itself made, whatever a mutant then makes of it. */
    private void record(Effect effect, long actor) {
        if (effect instanceof Effect.Persist persist) {
            long now = world.timeline().nowNanos();
            world.transfers().kept(persist, node.id(), actor);
            persist.mutations().forEach(m -> world.kept(node.id(), m, now));
        }
    }

    private void recordGivenUp(Effect effect) {
        if (effect instanceof Effect.Persist persist) {
            persist.mutations().forEach(m -> {
                if (m instanceof Mutation.DropHint drop) {
                    world.promises().gaveUp(node.id(), drop.key());
                }
            });
        }
    }

    private void carryOut(int loop, Effect effect) {
        switch (effect) {
            case Effect.OfControl ofControl -> carryOutOfControl(ofControl);
            case Effect.OfData ofData -> carryOutOfData(loop, ofData);
            case Effect.Send send -> send(send);
            case Effect.Observed observed -> world.observed(observed.probe(), observed.amount());
        }
    }

    private void carryOutOfControl(Effect.OfControl effect) {
        switch (effect) {
            case Effect.PublishView publish -> publish(publish.view());
            case Effect.PublishBuckets publish -> {
                node.keep(publish.buckets());
                note(publish);
                toEveryPlane(new Event.BucketsChanged(publish.buckets()));
            }
            case Effect.BucketSet set -> note(set);
            case Effect.Contact contact -> world.network().contact(node.id(), contact.address(), contact.message());
            case Effect.PublishPeers publish -> peers = publish.bridges();
            case Effect.KeepTopology keep -> {
                if (keep.lostBefore() > 0) {
                    note(keep);
                    losses.lostAll(keep.lostBefore());
                }
                node.topologyFile()
                        .keep(keep.topology(), error -> post(new Event.TopologyKept(keep.sequence(), error)));
            }
            case Effect.Administered done -> requests.answer(done);
            case Effect.Stop stop -> stop(stop);
        }
    }

    private void carryOutOfData(int loop, Effect.OfData effect) {
        switch (effect) {
            case Effect.Persist persist -> persist(loop, persist);
            case Effect.PutDone done -> requests.answer(done);
            case Effect.GetDone done -> requests.answer(done);
            case Effect.ExplainDone done -> requests.answer(done);
            case Effect.BackedUp done -> requests.answer(done);
            case Effect.RestoreDone done -> requests.answer(done);
            case Effect.CaughtUp said -> {
                world.transfers().caughtUp(node.id(), loop, said.epoch(), requests.isAnyOlder(loop, said.epoch()));
                post(new Event.LoopCaughtUp(loop, said.epoch()));
            }
            case Effect.RangeReceived said -> {
                world.transfers().received(node.id(), said);
                post(new Event.RangeReceived(said.proposal(), said.partition(), said.keys(), said.bytes()));
            }
            case Effect.RangePulled said ->
                post(new Event.RangePulled(said.proposal(), said.partition(), said.bytes()));
            case Effect.RangeRefused said ->
                post(new Event.RangeRefused(said.proposal(), said.partition(), said.source(), said.why()));
            case Effect.ExchangeEnded said -> note(said);
            case Effect.VersionAltered altered -> note(altered);
            case Effect.RoundEnded said -> note(said);
        }
    }

    private void publish(View next) {
        View before = view;
        view = next;
        Topology now = next.topology();
        if (!now.equals(before.topology())) {
            note(now);
            world.rings().published(node, before.topology(), now);
            world.transfers().published(node.id(), now);
            if (now.serves(node.id())) {
                world.readability().readsBy(node.id(), before.ring(), next.ring());
            }
        }
        note(next.liveness());
        toEveryPlane(new Event.ViewChanged(next));
    }

    /** Only who is out may be told to stop. */
    private void stop(Effect.Stop stop) {
        note(stop);
        if (world.rings().settled().members().containsKey(node.id())) {
            throw new IllegalStateException(node.id() + " refuses to be a member: " + stop);
        }
        world.timeline().after(0, () -> node.run(this, node::stopCleanly));
    }

    private void send(Effect.Send send) {
        if (send.to().equals(node.id())) {
            throw new IllegalStateException(node.id() + " sends to itself: " + send.message());
        }
        if (send.message() instanceof Message.ReplicaPutReply reply) {
            world.promises().replied(node.id(), send.to(), reply);
        }
        if (send.message() instanceof Message.CoordinatePut put) {
            requests.passedOn(put);
        }
        world.transfers().sent(node.id(), send.to(), send.message());
        String known = peers == null ? SimNode.address(send.to(), 0) : peers.get(send.to());
        if (known == null) {
            undeliverable(send.to(), send.message());
        } else {
            world.network().send(node.id(), send.to(), known, send.message());
        }
    }

    private void persist(int loop, Effect.Persist persist) {
        world.transfers().persisting(node, topology(), persist.mutations());
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

    void note(Object what) {
        String text = node.id() + " " + what;
        world.trace().note(world.timeline().nowNanos(), text);
    }
}
