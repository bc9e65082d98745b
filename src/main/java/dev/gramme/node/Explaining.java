package dev.gramme.node;

import dev.gramme.coordinator.LocalReplica;
import dev.gramme.coordinator.Turn;
import dev.gramme.ring.Key;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Explains of keys under way: asks the owners and the next members clockwise what they hold, and waits for all of them, at most a second. */
final class Explaining {
    /** Owners and possible fallbacks asked for one key. */
    static final int MAX_ASKED = 16;

    static final int MAX_UNDER_WAY = 64;
    static final long PATIENCE_NANOS = 1_000_000_000;

    private static final class Inquiry {
        final long request;
        final Key key;
        final int partition;
        final long deadlineNanos;
        /** In order of preference. */
        final Map<NodeId, Explanation.Replica> replicas = new LinkedHashMap<>();

        int waiting;

        Inquiry(long request, Key key, int partition, long deadlineNanos) {
            this.request = request;
            this.key = key;
            this.partition = partition;
            this.deadlineNanos = deadlineNanos;
        }
    }

    private final NodeId self;
    private final LocalReplica local;
    private final Map<Long, Inquiry> underWay = new LinkedHashMap<>();

    Explaining(NodeId self, LocalReplica local) {
        this.self = self;
        this.local = local;
    }

    void explain(long request, Key key, Turn turn, PlaneEffects effects) {
        int partition = turn.outlook().partitionOf(key);
        Inquiry inquiry = new Inquiry(request, key, partition, turn.now().nanos() + PATIENCE_NANOS);
        long id = effects.nextId();
        List<NodeId> walk = turn.outlook().view().walk(partition);
        for (NodeId node : walk.subList(0, Math.min(walk.size(), MAX_ASKED))) {
            Liveness liveness = turn.outlook().view().liveness().getOrDefault(node, Liveness.DOWN);
            if (node.equals(self)) {
                LocalReplica.Reading reading = local.read(partition, key, turn);
                inquiry.replicas.put(
                        node,
                        reading == null
                                ? replica(node, inquiry, turn, "storage_broken")
                                : reading.lacking()
                                        ? replica(node, inquiry, turn, "lacking")
                                        : found(node, inquiry, turn, reading.state(), reading.hinted()));
            } else if (liveness.state() == Liveness.State.DOWN || underWay.size() >= MAX_UNDER_WAY) {
                String answer = liveness.state() == Liveness.State.DOWN ? "down" : "no answer";
                inquiry.replicas.put(node, replica(node, inquiry, turn, answer));
            } else {
                inquiry.replicas.put(node, replica(node, inquiry, turn, "no answer"));
                inquiry.waiting++;
                effects.send(node, new Message.ReplicaGet(id, key, 0));
            }
        }
        if (inquiry.waiting == 0) {
            finish(inquiry, turn, effects);
        } else {
            underWay.put(id, inquiry);
        }
    }

    void replied(NodeId from, Message.ReplicaGetReply reply, Turn turn, PlaneEffects effects) {
        Inquiry inquiry = underWay.get(reply.id());
        if (inquiry != null) {
            boolean ok = reply.status() == ReplicaStatus.OK;
            settle(
                    reply.id(),
                    inquiry,
                    ok
                            ? found(from, inquiry, turn, reply.state(), reply.hinted())
                            : replica(from, inquiry, turn, reply.status().name().toLowerCase(Locale.ROOT)),
                    turn,
                    effects);
        }
    }

    void undeliverable(NodeId to, long id, Turn turn, PlaneEffects effects) {
        Inquiry inquiry = underWay.get(id);
        if (inquiry != null) {
            settle(id, inquiry, replica(to, inquiry, turn, "down"), turn, effects);
        }
    }

    private void settle(long id, Inquiry inquiry, Explanation.Replica replica, Turn turn, PlaneEffects effects) {
        Explanation.Replica known = inquiry.replicas.get(replica.node());
        if (known == null || !known.answer().equals("no answer")) {
            return;
        }
        inquiry.replicas.put(replica.node(), replica);
        inquiry.waiting--;
        if (inquiry.waiting == 0) {
            underWay.remove(id);
            finish(inquiry, turn, effects);
        }
    }

    /** They all wait equally long: the oldest comes first. */
    void tick(Turn turn, PlaneEffects effects) {
        while (!underWay.isEmpty()) {
            Map.Entry<Long, Inquiry> oldest = underWay.entrySet().iterator().next();
            if (turn.now().nanos() < oldest.getValue().deadlineNanos) {
                return;
            }
            underWay.remove(oldest.getKey());
            finish(oldest.getValue(), turn, effects);
        }
    }

    private static void finish(Inquiry inquiry, Turn turn, PlaneEffects effects) {
        List<Explanation.Replica> replicas = new ArrayList<>(inquiry.replicas.values());
        VersionSet merged = VersionSet.EMPTY;
        for (Explanation.Replica replica : replicas) {
            VersionSet state = replica.state();
            merged = state == null ? merged : merged.merge(state);
        }
        Explanation explanation = new Explanation(
                inquiry.key,
                inquiry.key.token(),
                inquiry.partition,
                replicas,
                merged,
                turn.now().wallMillis());
        effects.add(new Effect.ExplainDone(inquiry.request, explanation));
    }

    private static Explanation.Replica replica(NodeId node, Inquiry inquiry, Turn turn, String answer) {
        return new Explanation.Replica(
                node, turn.outlook().owns(node, inquiry.partition), liveness(node, turn), answer, null, false);
    }

    private static Explanation.Replica found(
            NodeId node, Inquiry inquiry, Turn turn, VersionSet state, boolean hinted) {
        return new Explanation.Replica(
                node, turn.outlook().owns(node, inquiry.partition), liveness(node, turn), "ok", state, hinted);
    }

    private static String liveness(NodeId node, Turn turn) {
        Liveness liveness = turn.outlook().view().liveness().getOrDefault(node, Liveness.DOWN);
        return liveness.state().name().toLowerCase(Locale.ROOT);
    }
}
