package dev.gramme.node;

import dev.gramme.membership.Admission;
import dev.gramme.membership.HeartbeatDetector;
import dev.gramme.membership.Newcomer;
import dev.gramme.membership.Problems;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.version.Now;
import dev.gramme.wire.Message;
import dev.gramme.wire.Message.Heartbeat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Sends this node's heartbeats, judges the others by theirs, and refuses who can't be a member. */
final class MemberWatch {
    private final ControlSettings settings;
    private final BucketBook buckets;
    private final RingKeeper ring;
    private final Admission admission;
    private final Problems problems = new Problems();
    private final List<NodeId> peers;
    private HeartbeatDetector detector;
    private Newcomer newcomer;
    private boolean ready = true;
    private boolean writable = true;
    private boolean started;
    private long sequence;
    private long startedNanos;

    MemberWatch(ControlSettings settings, BucketBook buckets, RingKeeper ring) {
        this.settings = settings;
        this.buckets = buckets;
        this.ring = ring;
        this.admission = new Admission(settings.cluster(), settings.partitions(), settings.replicas());
        this.peers = List.copyOf(settings.bridges().keySet());
        this.sequence = firstSequence(settings.instance());
        this.detector = new HeartbeatDetector(peers, settings.timings(), 0);
        this.newcomer = new Newcomer(settings.instance(), settings.timings(), 0);
    }

    /** Far apart for different instances (finaliser of MurmurHash3), so that an echo of another process's heartbeat is never taken for ours. */
    private static long firstSequence(long instance) {
        long mixed = (instance ^ (instance >>> 33)) * 0xFF51AFD7ED558CCDL;
        return ((mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L) >>> 24;
    }

    /** Time begins: nothing was sent or heard before. */
    void start(Now now) {
        started = true;
        startedNanos = now.nanos();
        detector = new HeartbeatDetector(peers, settings.timings(), now.nanos());
        newcomer = new Newcomer(settings.instance(), settings.timings(), now.nanos());
    }

    List<NodeId> peers() {
        return peers;
    }

    void awake(Now now) {
        detector.awake(now.nanos());
    }

    void sendDue(Now now, List<Effect> effects) {
        detector.due(now.nanos()).forEach(peer -> sendHeartbeat(peer, now, effects));
    }

    void selfChanged(Event.SelfChanged self, Now now, List<Effect> effects) {
        ready = self.ready();
        writable = self.writable();
        peers.forEach(peer -> sendHeartbeat(peer, now, effects));
    }

    void undeliverable(Event.Undeliverable undeliverable) {
        if (undeliverable.message() instanceof Heartbeat && peers.contains(undeliverable.to())) {
            detector.undeliverable(undeliverable.to());
        }
    }

    private void sendHeartbeat(NodeId peer, Now now, List<Effect> effects) {
        Heartbeat last = detector.lastOf(peer);
        sequence++;
        detector.sent(peer, sequence, now.nanos());
        effects.add(new Effect.Send(
                peer,
                new Heartbeat(
                        settings.self(),
                        settings.instance(),
                        sequence,
                        last == null ? 0 : last.sequence(),
                        settings.cluster(),
                        settings.partitions(),
                        settings.replicas(),
                        ring.tableHash(),
                        buckets.hash(),
                        ready,
                        writable,
                        settings.http())));
    }

    void heard(NodeId from, Heartbeat heartbeat, Now now, List<Effect> effects) {
        if (!from.equals(heartbeat.from())) {
            problems.ofStranger(from, from + " sends heartbeats in the name of " + heartbeat.from(), now.nanos());
        } else if (from.equals(settings.self())) {
            heardOwnName(heartbeat, now, effects);
        } else if (!peers.contains(from)) {
            problems.ofStranger(
                    from,
                    from + " (" + heartbeat.http()
                            + ") sends heartbeats, but is not in this node's list of members: the lists must be the same on"
                            + " all nodes",
                    now.nanos());
        } else if (!admission.objection(heartbeat).isEmpty()) {
            refuse(heartbeat, admission.objection(heartbeat), now, effects);
        } else {
            heardPeer(heartbeat, now, effects);
        }
    }

    private void heardOwnName(Heartbeat heartbeat, Now now, List<Effect> effects) {
        if (heartbeat.instance() != settings.instance()) {
            refuse(heartbeat, alreadyRunning(), now, effects);
        }
    }

    private void heardPeer(Heartbeat heartbeat, Now now, List<Effect> effects) {
        NodeId peer = heartbeat.from();
        switch (detector.heard(heartbeat, now.nanos())) {
            case NEWS -> {
                sendHeartbeat(peer, now, effects);
                compare(heartbeat, now, effects);
            }
            case COUNTED -> compare(heartbeat, now, effects);
            case CONTESTED -> sendHeartbeat(peer, now, effects);
            case DUPLICATE -> refuse(heartbeat, alreadyRunning(), now, effects);
            case STALE -> {
                // It says nothing.
            }
        }
    }

    private String alreadyRunning() {
        return "a node with this id is already running. Give this one an id of its own, or stop the other first";
    }

    /** What members should agree on, and how they come to. */
    private void compare(Heartbeat heartbeat, Now now, List<Effect> effects) {
        NodeId peer = heartbeat.from();
        if (heartbeat.bucketsHash() != buckets.hash()) {
            effects.add(new Effect.Send(peer, buckets.table().asMessage()));
        }
        if (heartbeat.ringHash() != ring.tableHash()) {
            problems.ofMember(
                    peer,
                    "its ring is another than this node's: their lists of members, zones or weights differ; make them the same",
                    now.nanos());
        }
    }

    private void refuse(Heartbeat heartbeat, String reason, Now now, List<Effect> effects) {
        NodeId from = heartbeat.from();
        problems.ofMember(from, "refused (" + heartbeat.http() + "): " + reason, now.nanos());
        effects.add(new Effect.Send(from, new Message.Refusal(settings.self(), heartbeat.instance(), true, reason)));
    }

    void refused(NodeId from, Message.Refusal refusal, Now now) {
        if (!peers.contains(from)) {
            return;
        }
        if (refusal.instance() == settings.instance()) {
            newcomer.refused(refusal, now.nanos());
            problems.ofMember(from, "it refuses this node: " + refusal.reason(), now.nanos());
        } else {
            problems.ofMember(
                    settings.self(),
                    from + " refuses another process with this node's id: " + refusal.reason(),
                    now.nanos());
        }
    }

    /** Empty if there is none. */
    String reasonToStop(Now now) {
        long patienceMillis = settings.timings().unansweredMillis();
        long waitedMillis = TimeUnit.NANOSECONDS.toMillis(now.nanos() - startedNanos);
        if (patienceMillis > 0 && waitedMillis >= patienceMillis && detector.isUnanswered()) {
            return settings.unanswered();
        }
        return newcomer.verdict(detector.isAccepted(), now.nanos());
    }

    SortedMap<NodeId, Liveness> liveness(Now now) {
        SortedMap<NodeId, Liveness> liveness = new TreeMap<>();
        peers.forEach(peer -> liveness.put(peer, detector.livenessOf(peer, now.nanos())));
        liveness.put(settings.self(), new Liveness(Liveness.State.UP, writable));
        return liveness;
    }

    SortedMap<NodeId, Liveness> nobodyHeard() {
        SortedMap<NodeId, Liveness> liveness = new TreeMap<>();
        peers.forEach(peer -> liveness.put(peer, Liveness.DOWN));
        liveness.put(settings.self(), Liveness.UP);
        return liveness;
    }

    ClusterSnapshot snapshot(View view, Now now) {
        RingStatus status = ring.status(new TreeMap<>(), view.liveness(), now);
        return new RollCall(settings, detector, problems, view, status, now).take(hasJoined(now), ready, writable);
    }

    private boolean hasJoined(Now now) {
        long waitNanos = TimeUnit.MILLISECONDS.toNanos(settings.timings().joinMillis());
        boolean majorityHeard = detector.everHeard() + 1 > (peers.size() + 1) / 2;
        return started && (majorityHeard || now.nanos() - startedNanos >= waitNanos);
    }
}
