package dev.gramme.node;

import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.version.Now;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Members, view and bucket properties of one node. Not thread-safe: one serial loop of its own, which must tick it every few milliseconds (a gap of
 * {@code Timings.pauseMillis} is taken for a pause of the process).
 *
 * <p>It says of itself that it is ready and writable until {@link Event.SelfChanged} says otherwise: it is made after recovery.
 */
public final class ControlPlane {
    private final BucketBook buckets;
    private final RingKeeper ring;
    private final MemberWatch members;
    private View view;
    private boolean started;
    private boolean stopping;

    /**
     * @param buckets as kept from the last run
     * @param kept from the last run; null if there was none, or none with a ring
     */
    public ControlPlane(
            ControlSettings settings, SortedMap<String, BucketProperties> buckets, @Nullable KeptTopology kept) {
        this.buckets = new BucketBook(settings.replicas(), buckets);
        this.ring = new RingKeeper(settings, kept);
        // Heartbeats carry no rings: until gossip does, the list of members is all there is to know.
        ring.peerHeard();
        this.members = new MemberWatch(settings, this.buckets, ring);
        this.view = new View(ring.topology(), members.nobodyHeard());
    }

    /** The effects to carry out, in order, before the next event. The first call publishes the first view, and the buckets if there are any. */
    public List<Effect> handle(Event event, Now now) {
        List<Effect> effects = new ArrayList<>();
        if (!started) {
            started = true;
            members.start(now);
            buckets.start(now, effects);
            effects.add(new Effect.PublishView(view));
        }
        members.awake(now);
        switch (event) {
            case Event.Tick ignored -> members.sendDue(now, effects);
            case Event.Received received -> receive(received, now, effects);
            case Event.Undeliverable undeliverable -> members.undeliverable(undeliverable);
            case Event.SelfChanged self -> members.selfChanged(self, now, effects);
            case Event.SetBucket set -> {
                if (buckets.set(set, now, effects)) {
                    Message table = buckets.table().asMessage();
                    members.peers().forEach(peer -> effects.add(new Effect.Send(peer, table)));
                }
            }
            case Event.Stored ignored -> {}
            case Event.Administer ignored -> {}
            case Event.TopologyKept ignored -> {}
            case Event.LoopCaughtUp ignored -> {}
            case Event.RangeReceived ignored -> {}
            case Event.RangePulled ignored -> {}
            case Event.SeedsResolved ignored -> {}
            case Event.ForData e -> throw misrouted(e);
        }
        publishChanges(now, effects);
        stopIfRefused(now, effects);
        return effects;
    }

    /** As published last; before the first event this node is up and all others are down. */
    public View view() {
        return view;
    }

    /** The members as known now. To be called on the control loop, and handed to others as the immutable record it is. */
    public ClusterSnapshot snapshot(Now now) {
        return members.snapshot(view, now);
    }

    private void receive(Event.Received received, Now now, List<Effect> effects) {
        switch (received.message()) {
            case Message.Heartbeat heartbeat -> members.heard(received.from(), heartbeat, now, effects);
            case Message.BucketTable table -> buckets.merge(table, now, effects);
            case Message.Refusal refusal -> members.refused(received.from(), refusal, now);
            case Message.KeyRequest ignored -> throw misrouted(received);
            case Message.KeyReply ignored -> throw misrouted(received);
            case Message.PartitionRequest ignored -> throw misrouted(received);
        }
    }

    private void publishChanges(Now now, List<Effect> effects) {
        SortedMap<NodeId, Liveness> liveness = new TreeMap<>(members.liveness(now));
        if (liveness.equals(view.liveness())) {
            return;
        }
        liveness.forEach((id, verdict) -> {
            Liveness before = view.liveness().getOrDefault(id, Liveness.DOWN);
            if (verdict.isReadable() != before.isReadable()) {
                effects.add(new Effect.Observed(verdict.isReadable() ? Probe.MEMBER_UP : Probe.MEMBER_DOWN, 1));
            }
        });
        view = new View(ring.topology(), liveness);
        effects.add(new Effect.PublishView(view));
    }

    private void stopIfRefused(Now now, List<Effect> effects) {
        String reason = members.reasonToStop(now);
        if (!reason.isEmpty() && !stopping) {
            stopping = true;
            effects.add(new Effect.Stop(reason));
        }
    }

    private static IllegalStateException misrouted(Event event) {
        return new IllegalStateException("an event for a data plane came to the control plane: " + event);
    }
}
