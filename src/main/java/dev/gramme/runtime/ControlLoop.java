package dev.gramme.runtime;

import dev.gramme.node.ClaimQuestion;
import dev.gramme.node.ClusterAnswer;
import dev.gramme.node.ClusterCommand;
import dev.gramme.node.ClusterSnapshot;
import dev.gramme.node.ControlPlane;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.ring.Ring;
import dev.gramme.ring.View;
import dev.gramme.version.Now;
import dev.gramme.wire.BucketProperties;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** The control plane on its serial loop; what it knows of the cluster is shown as a snapshot, made anew every few ticks and after each command. */
final class ControlLoop implements AutoCloseable {
    private static final int MAX_QUEUED_TASKS = 4_096;
    private static final long TICK_NANOS = 25_000_000L;
    private static final int TICKS_BETWEEN_SNAPSHOTS = 4;
    private static final int TICKS_BETWEEN_WEIGHINGS = 40;
    private static final String OVERLOADED = "too many changes at once: try again";

    private final ControlPlane plane;
    private final Surroundings surroundings;
    private final SerialLoop loop;
    private final ClaimFinder claims;
    private final Map<Long, Consumer<BucketAnswer>> bucketsWaiting = new HashMap<>();
    private final Map<Long, Consumer<ClusterAnswer>> commandsWaiting = new HashMap<>();
    private final LongAdder sent = new LongAdder();
    private final LongAdder contacts = new LongAdder();
    private final LongAdder received = new LongAdder();
    private volatile ClusterSnapshot snapshot;
    private long nextRequest = 1;
    private long ticks;

    ControlLoop(ControlPlane plane, Surroundings surroundings) {
        this.plane = plane;
        this.surroundings = surroundings;
        this.snapshot = plane.snapshot(now());
        this.loop = new SerialLoop(
                "gramme-control",
                MAX_QUEUED_TASKS,
                TICK_NANOS,
                nanos -> tick(),
                e -> surroundings.stop("the control loop failed: " + e, e));
        this.claims = new ClaimFinder(e -> surroundings.stop("a claim failed: " + e, e));
    }

    void start() {
        loop.start();
    }

    /** Before the first tick: this node up, all others down. */
    View firstView() {
        return plane.view();
    }

    /** Something that may be lost without harm: a peer's message. */
    void offer(Event event) {
        if (event instanceof Event.Received) {
            received.increment();
        }
        loop.offer(() -> handle(event));
    }

    /** Something that must not be lost. */
    void execute(Event event) {
        loop.execute(() -> handle(event));
    }

    void setBucket(BucketProperties properties, Consumer<BucketAnswer> done) {
        boolean taken = loop.offer(() -> {
            long request = nextRequest++;
            bucketsWaiting.put(request, done);
            handle(new Event.SetBucket(request, properties));
        });
        if (!taken) {
            done.accept(new BucketAnswer(properties, OVERLOADED));
        }
    }

    /** What takes long about it is done first, and not on the loop: members would take its silence for trouble. */
    void administer(ClusterCommand command, Consumer<ClusterAnswer> done) {
        boolean taken = loop.offer(() -> {
            ClaimQuestion question = plane.question(command, now());
            if (question == null) {
                carryOut(command, done);
            } else if (!claims.find(question, answer -> claimed(question, answer, command, done))) {
                done.accept(ClusterAnswer.refused(OVERLOADED));
            }
        });
        if (!taken) {
            done.accept(ClusterAnswer.refused(OVERLOADED));
        }
    }

    private void claimed(ClaimQuestion question, Ring answer, ClusterCommand command, Consumer<ClusterAnswer> done) {
        loop.execute(() -> {
            plane.claimed(question, answer);
            carryOut(command, done);
        });
    }

    private void carryOut(ClusterCommand command, Consumer<ClusterAnswer> done) {
        long request = nextRequest++;
        commandsWaiting.put(request, done);
        handle(new Event.Administer(request, command));
    }

    void selfChanged(boolean ready, boolean writable) {
        execute(new Event.SelfChanged(ready, writable));
    }

    ClusterSnapshot snapshot() {
        return snapshot;
    }

    /** Messages to members. */
    long sent() {
        return sent.sum();
    }

    /** Messages to addresses whose node was not known. */
    long contacts() {
        return contacts.sum();
    }

    long received() {
        return received.sum();
    }

    boolean isStuck() {
        return loop.isStuck();
    }

    private void tick() {
        handle(new Event.Tick());
        if (ticks % TICKS_BETWEEN_WEIGHINGS == 0) {
            handle(new Event.Stored(surroundings.storedBytes()));
        }
        if (ticks++ % TICKS_BETWEEN_SNAPSHOTS == 0) {
            snapshot = plane.snapshot(now());
        }
    }

    private void handle(Event event) {
        for (Effect effect : plane.handle(event, now())) {
            carryOut(effect);
        }
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Send send -> {
                sent.increment();
                surroundings.send(send.to(), send.message());
            }
            case Effect.Contact contact -> {
                contacts.increment();
                surroundings.contact(contact.address(), contact.message());
            }
            case Effect.PublishPeers peers -> surroundings.publishPeers(peers);
            case Effect.PublishView view -> surroundings.publishView(view.view());
            case Effect.PublishBuckets buckets -> surroundings.publishBuckets(buckets.buckets());
            case Effect.KeepTopology keep -> surroundings.keepTopology(keep);
            case Effect.BucketSet set -> answer(set);
            case Effect.Administered administered -> answer(administered);
            case Effect.Stop stop -> surroundings.stop(stop.reason(), null);
            case Effect.Observed observed -> surroundings.observed(observed.probe(), observed.amount());
            case Effect.OfData other -> refuse(other);
        }
    }

    private static void refuse(Effect effect) {
        throw new IllegalStateException("a control plane has no such effect: " + effect);
    }

    private void answer(Effect.BucketSet set) {
        Consumer<BucketAnswer> done = bucketsWaiting.remove(set.request());
        if (done != null) {
            done.accept(new BucketAnswer(set.properties(), set.error()));
        }
    }

    private void answer(Effect.Administered administered) {
        Consumer<ClusterAnswer> done = commandsWaiting.remove(administered.request());
        if (done != null) {
            // Who asks what became of it finds it.
            snapshot = plane.snapshot(now());
            done.accept(administered.answer());
        }
    }

    private static Now now() {
        return new Now(System.nanoTime(), System.currentTimeMillis());
    }

    @Override
    public void close() {
        claims.close();
        loop.close();
    }
}
