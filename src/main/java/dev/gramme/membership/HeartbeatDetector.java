package dev.gramme.membership;

import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message.Heartbeat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Judges each peer by its heartbeats, and says when to send our own. Time is an argument.
 *
 * <p>It stands where gossip will stand (SWIM, Das et al. 2002): one verdict a member, for routing only. Of Lifeguard (Dadgar et al. 2018) it has
 * already the first lesson: who was slow itself does not judge others by a silence it could not hear.
 */
public final class HeartbeatDetector {
    private final SortedMap<NodeId, Peer> peers = new TreeMap<>();
    private final SortedMap<NodeId, Long> dueNanos = new TreeMap<>();
    private final long intervalNanos;
    private final long pauseNanos;
    private long awakeNanos;

    /** @param nowNanos the first heartbeats fall evenly into the interval that begins here */
    public HeartbeatDetector(Collection<NodeId> peerIds, Timings timings, long nowNanos) {
        intervalNanos = TimeUnit.MILLISECONDS.toNanos(timings.intervalMillis());
        pauseNanos = TimeUnit.MILLISECONDS.toNanos(timings.pauseMillis());
        awakeNanos = nowNanos;
        int place = 0;
        for (NodeId id : peerIds) {
            peers.put(id, new Peer(timings));
            dueNanos.put(id, nowNanos + intervalNanos * place++ / peerIds.size());
        }
    }

    /**
     * To be called first at each event: ticks come every few milliseconds, so a long gap means that this process was stopped.
     *
     * @return how long we were paused, in nanoseconds; 0 if we were not
     */
    public long awake(long nowNanos) {
        long gap = nowNanos - awakeNanos;
        awakeNanos = nowNanos;
        if (gap <= pauseNanos) {
            return 0;
        }
        peers.values().forEach(peer -> peer.forgive(gap));
        return gap;
    }

    /** The peers to send a heartbeat to now; each comes once an interval, at a time of its own in it. */
    public List<NodeId> due(long nowNanos) {
        List<NodeId> due = new ArrayList<>();
        dueNanos.replaceAll((id, at) -> {
            if (at > nowNanos) {
                return at;
            }
            due.add(id);
            // After a pause the missed ones are left out, and everyone keeps its place in the interval.
            return at + intervalNanos * ((nowNanos - at) / intervalNanos + 1);
        });
        return due;
    }

    public void sent(NodeId peer, long sequence, long nowNanos) {
        peer(peer).sent(sequence, nowNanos);
    }

    /** Of a member other than ourselves, whose settings are ours. */
    public Reception heard(Heartbeat heartbeat, long nowNanos) {
        return peer(heartbeat.from()).heard(heartbeat, nowNanos);
    }

    /** A heartbeat to {@code peer} was surely not delivered: two without an echo between them mean down. */
    public void undeliverable(NodeId peer) {
        peer(peer).undeliverable();
    }

    public Liveness livenessOf(NodeId id, long nowNanos) {
        Peer peer = peer(id);
        Heartbeat last = peer.last();
        Liveness.State state = peer.state(nowNanos);
        return last == null || state == Liveness.State.DOWN ? Liveness.DOWN : new Liveness(state, last.writable());
    }

    /** The last heartbeat of {@code id} that counted; null if there was none. */
    public @Nullable Heartbeat lastOf(NodeId id) {
        return peer(id).last();
    }

    /** Since the last heartbeat that counted, pauses of our own left out; -1 if there was none. */
    public long silenceNanos(NodeId id, long nowNanos) {
        Peer peer = peer(id);
        return peer.last() == null ? -1 : Math.max(0, nowNanos - peer.heardNanos());
    }

    /** How many peers were ever heard. */
    public int everHeard() {
        return (int) peers.values().stream().filter(p -> p.last() != null).count();
    }

    /** Whether any peer has echoed a heartbeat of this very process. */
    public boolean isAccepted() {
        return peers.values().stream().anyMatch(Peer::hasAcceptedUs);
    }

    /**
     * Whether our heartbeats are delivered to most peers and nobody was ever heard: then the others' go elsewhere, to a wrong address or to another
     * process with our id.
     */
    public boolean isUnanswered() {
        long deaf =
                peers.values().stream().filter(Peer::takesHeartbeatsSilently).count();
        return everHeard() == 0 && 2 * deaf > peers.size();
    }

    private Peer peer(NodeId id) {
        Peer peer = peers.get(id);
        if (peer == null) {
            throw new IllegalArgumentException(id + " is not a peer: " + peers.keySet());
        }
        return peer;
    }
}
