package dev.gramme.node;

import dev.gramme.membership.Admission;
import dev.gramme.membership.Discovery;
import dev.gramme.membership.Newcomer;
import dev.gramme.membership.Post;
import dev.gramme.membership.Problems;
import dev.gramme.membership.Speaker;
import dev.gramme.membership.Swim;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Now;
import dev.gramme.wire.Gossip;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.Message;
import dev.gramme.wire.RingTable;
import dev.gramme.wire.Rumour;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What this node says to the other members and hears from them: who may be one, and what they know of each other, the ring, and buckets. */
final class Gossiping implements Post {
    /** Members told at once of a table that has changed here; the rest hear of it from them, or see it by its digest. */
    private static final int PUSH_FANOUT = 4;

    /** Both sides see a difference, and both speak: an opening, an answer, and what the first had not said. */
    private static final int ANSWERS = 2;

    /**
     * Between two exchanges with one member because a digest differed: the last one may still be on its way. And after a change here: it may be on its way to their disks, and they tell
     * of it when it is there.
     */
    private static final long AGAIN_NANOS = 200_000_000L;

    /** The format of messages in which an {@link Message.Exchange} says a lineage. */
    private static final int LINEAGE_FORMAT = 2;

    /** Told that our place is held by another process, we claim it back no sooner. Any other refusal says nothing of whose place it is. */
    private static final long YIELD_NANOS = 10_000_000_000L;

    /** A member knows of a ring that can't be merged with ours: there is no use in trying again while it does. */
    private record Conflict(long ringHash, String text) {}

    private final ControlSettings settings;
    private final BucketBook buckets;
    private final RingKeeper ring;
    private final Joining joining;
    private final Admission admission;
    private final Problems problems = new Problems();
    private final Newcomer newcomer;
    private final Swim swim;
    private final Discovery discovery;
    private final SortedMap<NodeId, Long> exchanged = new TreeMap<>();
    private final SortedMap<NodeId, Conflict> conflicts = new TreeMap<>();
    private final long startedNanos;
    private List<Effect> effects = new ArrayList<>();
    private Now now;
    private long rivalledNanos;
    private boolean rivalled;
    private boolean accepted;
    private long pushedRing;
    private long pushedBuckets;
    private long changedNanos;
    /** The digest of the table of the ring that was heard last. */
    private long heardRing;

    Gossiping(
            ControlSettings settings,
            SortedMap<NodeId, String> kept,
            BucketBook buckets,
            RingKeeper ring,
            Joining joining,
            MemberRecord mine,
            Now now) {
        this.settings = settings;
        this.buckets = buckets;
        this.ring = ring;
        this.joining = joining;
        this.now = now;
        this.startedNanos = now.nanos();
        this.admission = new Admission(settings.cluster(), settings.partitions(), settings.replicas());
        this.newcomer = new Newcomer(settings.instance(), settings.timings(), now.nanos());
        this.swim = new Swim(mine, settings.timings(), settings.instance(), this, now.nanos());
        SortedMap<NodeId, String> bridges = new TreeMap<>(kept);
        bridges.putAll(settings.bridges());
        bridges.remove(settings.self());
        SortedMap<NodeId, String> former = new TreeMap<>(kept);
        former.entrySet().removeIf(known -> known.getValue().equals(bridges.get(known.getKey())));
        former.remove(settings.self());
        this.discovery = new Discovery(swim, bridges, former, settings.timings(), this, now.nanos());
        this.pushedRing = ring.tableHash();
        this.pushedBuckets = buckets.hash();
        this.changedNanos = now.nanos() - AGAIN_NANOS;
    }

    Swim swim() {
        return swim;
    }

    Discovery discovery() {
        return discovery;
    }

    Problems problems() {
        return problems;
    }

    /** To be called first at each event. */
    void awake(Now time) {
        now = time;
        swim.awake(time.nanos());
        swim.yields(rivalled && time.nanos() - rivalledNanos < YIELD_NANOS);
        swim.digests(ring.tableHash(), buckets.hash());
    }

    void tick() {
        swim.tick();
        if (swim.forget(ring.topology().members()::contains)) {
            exchanged.keySet().retainAll(swim.records().keySet());
            conflicts.keySet().retainAll(swim.records().keySet());
        }
        discovery.tick(now.nanos());
        joining.tick(discovery, now);
    }

    void receive(NodeId from, Message.Control message) {
        if (message instanceof Message.Refusal refusal) {
            refused(from, refusal);
        } else if (message instanceof Message.Exchange exchange) {
            receive(from, exchange);
        } else {
            Gossip gossip = gossipOf(message);
            if (gossip != null && !from.equals(settings.self())) {
                swim.receive(from, message, gossip);
                if (swim.speaker(from, gossip.instance()) == Speaker.MEMBER) {
                    discovery.heard(from);
                    compare(from, gossip);
                }
            }
        }
    }

    private static @Nullable Gossip gossipOf(Message.Control message) {
        return switch (message) {
            case Message.Ping m -> m.gossip();
            case Message.Ack m -> m.gossip();
            case Message.PingRequest m -> m.gossip();
            case Message.Nack m -> m.gossip();
            case Message.Rumours m -> m.gossip();
            case Message.Exchange m -> m.gossip();
            case Message.BucketTable ignored -> null;
            case Message.Refusal ignored -> null;
        };
    }

    private void receive(NodeId from, Message.Exchange exchange) {
        long instance = exchange.gossip().instance();
        if (from.equals(settings.self())) {
            if (instance == settings.instance()) {
                discovery.foundOurselves();
            } else {
                refuse(from, instance, Swim.ALREADY_RUNNING);
            }
            return;
        }
        MemberRecord theirs = recordOf(from, exchange.gossip());
        String objection = admission.objection(exchange);
        if (objection.isEmpty() && theirs != null) {
            objection = Admission.objection(theirs);
        }
        if (!objection.isEmpty()) {
            refuse(from, instance, objection);
        } else if (theirs == null || theirs.instance() != instance) {
            problems.ofStranger(from, from + " does not say who it is, and is not listened to", now.nanos());
        } else if (swim.introduced(theirs) == Speaker.MEMBER) {
            merge(from, exchange);
        }
    }

    private static @Nullable MemberRecord recordOf(NodeId id, Gossip gossip) {
        for (Rumour rumour : gossip.rumours()) {
            if (rumour instanceof Rumour.Alive alive && alive.member().equals(id)) {
                return alive.record();
            }
        }
        return null;
    }

    private void merge(NodeId from, Message.Exchange exchange) {
        Gossip gossip = exchange.gossip();
        swim.heard(from, gossip);
        discovery.heard(from);
        MemberRecord ours = recordOf(settings.self(), gossip);
        accepted |= ours != null && ours.instance() == settings.instance();
        RingTable theirs = exchange.ring();
        if (theirs != null) {
            heardRing = gossip.ringHash();
            joining.answered(theirs.settled().version() > 0);
        }
        if (theirs != null && !joining.isUnderWay()) {
            String objection = ring.merge(theirs, exchange.lineage(), from);
            if (objection.isEmpty()) {
                conflicts.remove(from);
                ring.peerHeard();
            } else {
                conflicts.put(from, new Conflict(gossip.ringHash(), objection));
                problems.ofMember(from, objection, now.nanos());
            }
        } else if (gossip.ringHash() == ring.tableHash()) {
            ring.peerHeard();
        }
        Message.BucketTable table = exchange.buckets();
        if (table != null && !isOfAnotherRing(from, gossip)) {
            buckets.merge(table, now, effects);
        }
        if (exchange.answers() > 0) {
            boolean everything = gossip.membersHash() != swim.membersHash();
            send(from, exchange(from, everything, gossip, exchange.answers() - 1));
        }
    }

    /** What it knows of a ring that can't be merged with ours is about other keys than ours. */
    private boolean isOfAnotherRing(NodeId from, Gossip gossip) {
        Conflict conflict = conflicts.get(from);
        return conflict != null && conflict.ringHash() == gossip.ringHash();
    }

    /** What members should agree on, and how they come to. */
    private void compare(NodeId from, Gossip gossip) {
        boolean ringsDiffer =
                gossip.ringHash() != ring.tableHash() && !ring.isOnItsWay(gossip.ringHash()) && !joining.isUnderWay();
        Conflict conflict = conflicts.get(from);
        if (ringsDiffer && conflict != null && isOfAnotherRing(from, gossip)) {
            problems.ofMember(from, conflict.text(), now.nanos());
            ringsDiffer = false;
        }
        Long before = exchanged.get(from);
        boolean again =
                (before == null || now.nanos() - before >= AGAIN_NANOS) && now.nanos() - changedNanos >= AGAIN_NANOS;
        boolean bucketsDiffer = gossip.bucketsHash() != buckets.hash() && !isOfAnotherRing(from, gossip);
        if (again && (ringsDiffer || bucketsDiffer)) {
            exchanged.put(from, now.nanos());
            send(from, exchange(from, false, gossip, 1));
        }
    }

    /** @param theirs null if nothing is known of what the receiver knows */
    private Message.Exchange exchange(@Nullable NodeId to, boolean everything, @Nullable Gossip theirs, int answers) {
        swim.digests(ring.tableHash(), buckets.hash());
        boolean tellRing = theirs != null && theirs.ringHash() != ring.tableHash() && !joining.isUnderWay();
        boolean tellBuckets = theirs != null && theirs.bucketsHash() != buckets.hash();
        return new Message.Exchange(
                settings.cluster(),
                settings.partitions(),
                settings.replicas(),
                lineageFor(to),
                answers,
                everything ? swim.everything() : swim.introduction(to),
                tellRing ? ring.table() : null,
                tellBuckets ? buckets.table().asMessage() : null);
    }

    /** Told only to who understands it, and not by who is about to give up its ring. */
    private long lineageFor(@Nullable NodeId to) {
        MemberRecord record = to == null ? null : swim.records().get(to);
        return record == null || record.wireFormat() < LINEAGE_FORMAT || joining.isUnderWay() ? 0 : ring.lineage();
    }

    /**
     * Tells some members of tables that have changed here. To be called at the end of each event. Not of the table that another has just told, where members are so few that it will have told all of
     * them; whom it could not reach learns it by the next digest that it hears. (A table is thousands of owners to read, on the loop that takes clients' requests; five members used to tell each
     * other of one change twenty times, not four.)
     */
    void push() {
        boolean ringChanged = ring.tableHash() != pushedRing && !joining.isUnderWay();
        boolean bucketsChanged = buckets.hash() != pushedBuckets;
        if (!ringChanged && !bucketsChanged) {
            return;
        }
        changedNanos = now.nanos();
        boolean isHeard = !bucketsChanged && ring.tableHash() == heardRing;
        if (!isHeard || swim.someAlive(PUSH_FANOUT + 1).size() > PUSH_FANOUT) {
            Gossip before = new Gossip(0, pushedRing, pushedBuckets, 0, List.of());
            for (NodeId peer : swim.someAlive(PUSH_FANOUT)) {
                send(peer, exchange(peer, false, before, 0));
            }
        }
        pushedRing = ringChanged ? ring.tableHash() : pushedRing;
        pushedBuckets = buckets.hash();
    }

    void undeliverable(NodeId to, Message.Control message) {
        if (message instanceof Message.Exchange) {
            discovery.undeliverable(to, now.nanos());
        }
        swim.undeliverable(to, message);
    }

    private void refused(NodeId from, Message.Refusal refusal) {
        if (refusal.instance() != settings.instance()) {
            problems.ofMember(
                    settings.self(),
                    from + " refuses another process with this node's id: " + refusal.reason(),
                    now.nanos());
            return;
        }
        newcomer.refused(refusal, now.nanos());
        if (refusal.reason().equals(Swim.ALREADY_RUNNING)) {
            rivalled = true;
            rivalledNanos = now.nanos();
        }
        joining.refused(from, refusal.reason());
        problem(from, "it refuses this node: " + refusal.reason());
    }

    private void problem(NodeId id, String text) {
        if (swim.records().containsKey(id) || ring.topology().members().contains(id)) {
            problems.ofMember(id, text, now.nanos());
        } else {
            problems.ofStranger(id, "node " + id + ": " + text, now.nanos());
        }
    }

    /** Why this process must stop; empty if it need not. */
    String reasonToStop() {
        long patienceMillis = settings.timings().unansweredMillis();
        long waitedMillis = TimeUnit.NANOSECONDS.toMillis(now.nanos() - startedNanos);
        if (patienceMillis > 0 && waitedMillis >= patienceMillis && discovery.isUnanswered()) {
            return settings.unanswered();
        }
        return newcomer.verdict(accepted, now.nanos());
    }

    /** What is to be done, since the last call. */
    List<Effect> effects() {
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    @Override
    public void send(NodeId to, Message message) {
        effects.add(new Effect.Send(to, message));
    }

    @Override
    public void exchange(NodeId to, boolean everything) {
        send(to, exchange(to, everything, null, ANSWERS));
    }

    @Override
    public void contact(String address, boolean everything) {
        effects.add(new Effect.Contact(address, exchange(null, everything, null, ANSWERS)));
    }

    @Override
    public void refuse(NodeId id, long instance, String reason) {
        problem(id, "refused: " + reason);
        send(id, new Message.Refusal(settings.self(), instance, true, reason));
    }
}
