package dev.gramme.runtime;

import dev.gramme.node.ClusterSnapshot;
import dev.gramme.node.ControlPlane;
import dev.gramme.node.ControlSettings;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.ring.View;
import dev.gramme.version.Now;
import dev.gramme.wire.BucketProperties;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;

/** The control plane on its serial loop; what it knows of the members is shown as a snapshot, made anew with each tick. */
final class ControlLoop implements AutoCloseable {
    private static final int MAX_QUEUED_TASKS = 4_096;
    private static final long TICK_NANOS = 25_000_000L;

    private final ControlPlane plane;
    private final Surroundings surroundings;
    private final SerialLoop loop;
    private final Map<Long, Consumer<BucketAnswer>> waiting = new HashMap<>();
    private volatile ClusterSnapshot snapshot;
    private long nextRequest = 1;

    ControlLoop(ControlSettings settings, SortedMap<String, BucketProperties> buckets, Surroundings surroundings) {
        this.plane = new ControlPlane(settings, buckets, null);
        this.surroundings = surroundings;
        this.snapshot = plane.snapshot(now());
        this.loop = new SerialLoop(
                "gramme-control",
                MAX_QUEUED_TASKS,
                TICK_NANOS,
                nanos -> tick(),
                e -> surroundings.stop("the control loop failed: " + e, e));
    }

    void start() {
        loop.start();
    }

    /** Before the first tick: this node up, all others down. */
    View firstView() {
        return plane.view();
    }

    void offer(Event event) {
        loop.offer(() -> handle(event));
    }

    void setBucket(BucketProperties properties, Consumer<BucketAnswer> done) {
        boolean taken = loop.offer(() -> {
            long request = nextRequest++;
            waiting.put(request, done);
            handle(new Event.SetBucket(request, properties));
        });
        if (!taken) {
            done.accept(new BucketAnswer(properties, "too many changes at once: try again"));
        }
    }

    void selfChanged(boolean ready, boolean writable) {
        loop.execute(() -> handle(new Event.SelfChanged(ready, writable)));
    }

    ClusterSnapshot snapshot() {
        return snapshot;
    }

    List<LocalNode.MemberStatus> members() {
        List<LocalNode.MemberStatus> members = new ArrayList<>();
        for (ClusterSnapshot.MemberState member : snapshot.members()) {
            members.add(new LocalNode.MemberStatus(
                    member.id(),
                    member.zone(),
                    member.weight(),
                    member.bridge(),
                    member.http(),
                    member.liveness().name().toLowerCase(Locale.ROOT),
                    member.writable(),
                    member.lastHeardMillis(),
                    member.partitions()));
        }
        return members;
    }

    boolean isStuck() {
        return loop.isStuck();
    }

    private void tick() {
        handle(new Event.Tick());
        snapshot = plane.snapshot(now());
    }

    private void handle(Event event) {
        for (Effect effect : plane.handle(event, now())) {
            carryOut(effect);
        }
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Send send -> surroundings.send(send.to(), send.message());
            case Effect.PublishView view -> surroundings.publishView(view.view());
            case Effect.PublishBuckets buckets -> surroundings.publishBuckets(buckets.buckets());
            case Effect.BucketSet set -> answer(set);
            case Effect.Stop stop -> surroundings.stop(stop.reason(), null);
            case Effect.Observed observed -> surroundings.observed(observed.probe(), observed.amount());
            case Effect.Contact contact -> {}
            case Effect.PublishPeers peers -> {}
            case Effect.KeepTopology keep -> {}
            case Effect.Administered administered -> {}
            case Effect.OfData other -> refuse(other);
        }
    }

    private static void refuse(Effect effect) {
        throw new IllegalStateException("a control plane has no such effect: " + effect);
    }

    private void answer(Effect.BucketSet set) {
        Consumer<BucketAnswer> done = waiting.remove(set.request());
        if (done != null) {
            done.accept(new BucketAnswer(set.properties(), set.error()));
        }
    }

    private static Now now() {
        return new Now(System.nanoTime(), System.currentTimeMillis());
    }

    @Override
    public void close() {
        loop.close();
    }
}
