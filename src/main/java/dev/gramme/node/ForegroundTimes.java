package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one plane tells the controller of background work: how long its clients wait for answers, and other nodes until a write that they coordinate is durable here; how
 * late its ticks come, and how much waits for it then. Hints and repairs are writes like others: they can't be told apart, and what they feel clients' writes do. Not
 * thread-safe.
 */
final class ForegroundTimes {
    /** Writes of other nodes that are watched at once; more pass unseen. */
    static final int MAX_WATCHED = 8_192;

    private static final long TICK_NANOS = DataPlane.TICK_MILLIS * 1_000_000L;

    private record FromPeer(NodeId from, long id) {}

    private final BackgroundControl control;
    private final Map<Long, Long> requests = new HashMap<>();
    private final Map<FromPeer, Long> writes = new HashMap<>();
    private long lastTickNanos;
    private boolean ticked;

    ForegroundTimes(BackgroundControl control) {
        this.control = control;
    }

    /** What begins with an event. */
    void begins(Event event, long nowNanos) {
        if (event instanceof Event.Put put) {
            requests.put(put.request(), nowNanos);
        } else if (event instanceof Event.Get get) {
            requests.put(get.request(), nowNanos);
        } else if (event instanceof Event.Received(NodeId from, Message.ReplicaPut put)
                && writes.size() < MAX_WATCHED) {
            writes.put(new FromPeer(from, put.id()), nowNanos);
        } else if (event instanceof Event.Tick(int queued)) {
            long late = ticked ? Math.max(0, nowNanos - lastTickNanos - TICK_NANOS) : 0;
            ticked = true;
            lastTickNanos = nowNanos;
            control.felt(Foreground.LATE_TICKS, late, nowNanos);
            control.felt(Foreground.QUEUED_EVENTS, queued, nowNanos);
        }
    }

    /** What an event led to: answers, among others. */
    void done(List<Effect> effects, long nowNanos) {
        for (int i = 0; i < effects.size(); i++) {
            Effect effect = effects.get(i);
            if (effect instanceof Effect.PutDone put) {
                felt(Foreground.PUTS, requests.remove(put.request()), nowNanos);
            } else if (effect instanceof Effect.GetDone get) {
                felt(Foreground.GETS, requests.remove(get.request()), nowNanos);
            } else if (effect instanceof Effect.Send(NodeId to, Message.ReplicaPutReply reply)) {
                felt(Foreground.REPLICA_WRITES, writes.remove(new FromPeer(to, reply.id())), nowNanos);
            }
        }
    }

    private void felt(Foreground what, @Nullable Long since, long nowNanos) {
        if (since != null) {
            control.felt(what, nowNanos - since, nowNanos);
        }
    }
}
