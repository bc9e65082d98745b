package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Gossip;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.Message;
import dev.gramme.wire.Rumour;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One node's part in SWIM with Lifeguard: probes the others in turn, judges them together with the rest, and passes on what it hears. Not thread-safe;
 * randomness comes from a seed, and the time from {@link #awake}, which is called first at each event.
 */
public final class Swim {
    /** Members told of fresh rumours at once, beside what probes carry. */
    static final int GOSSIP_FANOUT = 3;

    /** Members told at once of what must not wait. */
    static final int URGENT_FANOUT = 16;

    /** Members told by who leaves: it can't count on others to hear it in time. */
    static final int FAREWELL_FANOUT = 64;

    /** Rumours that spread make digests differ: only when nothing has changed for so long is that a reason to exchange everything. */
    private static final long QUIET_NANOS = 1_000_000_000L;

    /** Why a second process of one id is refused. Who is refused for just this yields, so the words are part of what members agree on. */
    public static final String ALREADY_RUNNING =
            "a node with this id is already running. Give this one an id of its own, or stop the other first";

    private final Timings timings;
    private final Post post;
    private final LocalHealth health;
    private final Members members;
    private final Voice voice;
    private final Probing probing;
    private final Pulse pulse;
    private final Contest contest;
    private long nowNanos;
    private long nextProbeNanos;
    private long nextTryNanos;
    private long nextGossipNanos;
    private long nextExchangeNanos;
    private long nextForgetNanos;

    /** @param mine this node's record, with an incarnation above those of former lives */
    public Swim(MemberRecord mine, Timings timings, long seed, Post post, long nowNanos) {
        this.timings = timings;
        this.post = post;
        this.nowNanos = nowNanos;
        SplittableRandom random = new SplittableRandom(seed);
        health = new LocalHealth(timings);
        members = new Members(mine, timings, health, random.split(), nowNanos);
        voice = new Voice(members, post, timings.lifeguard());
        probing = new Probing(timings, health, Roster.mix(mine.instance()) >>> 24, voice);
        pulse = new Pulse(timings, nowNanos);
        contest = new Contest(timings, new Claims());
        nextProbeNanos = nowNanos + random.nextLong(Timings.nanos(timings.periodMillis()));
        nextTryNanos = nextProbeNanos;
        nextGossipNanos = nowNanos;
        nextExchangeNanos = nowNanos + random.nextLong(Timings.nanos(timings.exchangeMillis()));
        nextForgetNanos = nowNanos;
    }

    /** For tests. */
    Members members() {
        return members;
    }

    /** What others compare with theirs, from now on. */
    public void digests(long ring, long buckets) {
        voice.digests(ring, buckets);
    }

    /**
     * Time has passed. Ticks come every few milliseconds, so a long gap means that this process did not run, and did not listen.
     *
     * @return whether it was so long that we were as good as away
     */
    public boolean awake(long now) {
        nowNanos = now;
        members.at(now);
        long gap = pulse.gapNanos(now);
        if (gap > 0) {
            probing.forgive(gap);
            members.forgive(gap);
            contest.forgive(gap);
            health.worse(1);
        }
        return pulse.isPause(gap);
    }

    public void tick() {
        probing.tick(nowNanos);
        if (nowNanos >= nextProbeNanos) {
            // Lifeguard stretches the period too. After a pause the missed probes are left out.
            long period = health.stretch(Timings.nanos(timings.periodMillis()));
            nextProbeNanos = Math.max(nextProbeNanos + period, nowNanos + period / 2);
            beginPeriod();
        }
        if (nowNanos >= nextTryNanos) {
            nextTryNanos = nowNanos + Timings.nanos(timings.periodMillis());
            tryAgain();
        }
        members.judge();
        contest.tick(nowNanos);
        if (nowNanos >= nextGossipNanos && !members.dissemination().isEmpty()) {
            nextGossipNanos = nowNanos + Timings.nanos(timings.gossipMillis());
            voice.tell(GOSSIP_FANOUT);
        }
    }

    private void beginPeriod() {
        NodeId target = members.order().next(id -> isProbed(id) && !probing.isProbing(id, false));
        if (target != null) {
            probing.probe(target, false, nowNanos);
        }
    }

    /** Whom we do not reach, or hold to be down, may be back. */
    private void tryAgain() {
        NodeId doubtful = members.order().one(members.reach().doubtful(), this::isDoubtful);
        if (doubtful != null) {
            probing.probe(doubtful, true, nowNanos);
        }
        NodeId away = members.order().one(members.away(), id -> members.roster().record(id) != null);
        if (away != null) {
            post.exchange(away, false);
        }
    }

    private boolean isDoubtful(NodeId id) {
        return members.reach().peer(id).isDoubtful() && isProbed(id) && !probing.isProbing(id, true);
    }

    private boolean isProbed(NodeId id) {
        return members.isAlive(id) && !members.reach().peer(id).isConnecting(nowNanos);
    }

    /**
     * Forgets who is down for long, unless {@code kept}; now and then.
     *
     * @return whether anybody was forgotten
     */
    public boolean forget(Predicate<NodeId> kept) {
        if (nowNanos < nextForgetNanos) {
            return false;
        }
        nextForgetNanos = nowNanos + QUIET_NANOS;
        List<NodeId> gone = members.forget(kept);
        gone.forEach(probing::forget);
        return !gone.isEmpty();
    }

    /** Changes what this node says of itself. */
    public void become(MemberRecord next, boolean urgent) {
        members.become(next);
        if (urgent) {
            boolean farewell = next.standing() == MemberRecord.Standing.LEAVING_FOR_RESTART;
            voice.tell(farewell ? FAREWELL_FANOUT : URGENT_FANOUT);
        }
    }

    /** Whether another process of our id holds our place: then we do not claim it back. */
    public void yields(boolean whether) {
        members.yields(whether);
    }

    public MemberRecord mine() {
        return members.mine();
    }

    /** Of every member known, this node among them; a live view. */
    public SortedMap<NodeId, MemberRecord> records() {
        return members.roster().records();
    }

    /** Grows with everything that changes of the members. */
    public long changes() {
        return members.changes();
    }

    public long membersHash() {
        return members.roster().hash();
    }

    public Verdict verdict(NodeId id) {
        return members.roster().verdict(id);
    }

    /** Known, and neither down nor leaving. */
    public boolean isAlive(NodeId id) {
        return members.roster().record(id) != null && members.isAlive(id);
    }

    /** Whether it answers this node itself, as far as was tried. */
    public boolean isReached(NodeId id) {
        return !members.reach().peer(id).isUnreachable();
    }

    /** Since it was heard last, in nanoseconds; -1 if this process has never heard it. */
    public long silenceNanos(NodeId id) {
        Peer peer = members.reach().peer(id);
        return peer.wasHeard() ? Math.max(0, peer.silenceNanos(nowNanos)) : -1;
    }

    /** Up to {@code count} others at random, neither down nor leaving. */
    public List<NodeId> someAlive(int count) {
        return members.order().some(count, members::isAlive);
    }

    /** All that is known, for an exchange. */
    public Gossip everything() {
        return voice.everything();
    }

    /** This node's own record, and what {@code to} must know of itself. */
    public Gossip introduction(@Nullable NodeId to) {
        return voice.introduction(to);
    }

    /** Who speaks, when {@code instance} speaks as {@code from}. */
    public Speaker speaker(NodeId from, long instance) {
        MemberRecord record = members.roster().record(from);
        if (record == null) {
            return Speaker.STRANGER;
        }
        return record.instance() == instance ? Speaker.MEMBER : Speaker.RIVAL;
    }

    /**
     * A process that may be a member says who it is.
     *
     * @return what it is taken for now
     */
    public Speaker introduced(MemberRecord record) {
        Speaker speaker = speaker(record.id(), record.instance());
        if (speaker == Speaker.RIVAL && members.isAlive(record.id())) {
            contest.claimed(record.id(), record.instance(), record, nowNanos);
            return Speaker.RIVAL;
        }
        return takesPlace(record);
    }

    /**
     * Nobody else answers as this member any more. A process whose clock is behind that of its former life can't take its place before it has heard of that one,
     * to be above it: it is told where it is now, for where it was it is not.
     */
    private Speaker takesPlace(MemberRecord record) {
        members.learn(new Rumour.Alive(record));
        Speaker speaker = speaker(record.id(), record.instance());
        if (speaker == Speaker.RIVAL) {
            post.contact(record.bridge(), true);
        }
        return speaker;
    }

    /** What a member says, whatever else its message says. */
    public void heard(NodeId from, Gossip gossip) {
        members.reach().peer(from).hear(nowNanos);
        boolean wasDown = members.roster().verdict(from) == Verdict.DOWN;
        gossip.rumours().forEach(members::learn);
        if (isDoubtful(from)) {
            probing.probe(from, true, nowNanos);
        }
        if (wasDown && members.roster().verdict(from) == Verdict.DOWN) {
            // It does not know that it is down for us.
            post.exchange(from, false);
        } else if (gossip.membersHash() == membersHash()) {
            nextExchangeNanos = nowNanos + Timings.nanos(timings.exchangeMillis());
        } else if (nowNanos >= nextExchangeNanos && nowNanos - members.changedNanos() >= QUIET_NANOS) {
            nextExchangeNanos = nowNanos + Timings.nanos(timings.exchangeMillis());
            post.exchange(from, true);
        }
    }

    /** A message of the failure detector. */
    public void receive(NodeId from, Message.Control message, Gossip gossip) {
        switch (speaker(from, gossip.instance())) {
            case MEMBER -> heard(from, gossip);
            case STRANGER -> post.exchange(from, false);
            case RIVAL -> {
                boolean answers =
                        message instanceof Message.Ack ack && contest.answered(from, gossip.instance(), ack.sequence());
                if (!answers) {
                    contest.claimed(from, gossip.instance(), null, nowNanos);
                }
                return;
            }
        }
        switch (message) {
            case Message.Ping ping -> voice.ack(from, ping.sequence());
            case Message.PingRequest asked -> probing.requested(from, asked.sequence(), asked.target(), nowNanos);
            case Message.Nack nack -> probing.nacked(from, nack.sequence());
            case Message.Ack ack -> {
                contest.answered(from, gossip.instance(), ack.sequence());
                probing.acked(from, ack.sequence());
            }
            case Message.Rumours ignored -> {}
            case Message.Exchange ignored -> {}
            case Message.BucketTable ignored -> {}
            case Message.Refusal ignored -> {}
        }
    }

    /** A message of ours was surely not delivered: evidence, and at once. */
    public void undeliverable(NodeId to, Message.Control message) {
        switch (message) {
            case Message.Ping ping -> {
                contest.undeliverable(to, ping.sequence());
                probing.undeliverable(to, ping.sequence());
            }
            case Message.PingRequest asked -> probing.undeliverable(to, asked.sequence());
            case Message.Ack ignored -> doubt(to);
            case Message.Nack ignored -> doubt(to);
            case Message.Rumours ignored -> doubt(to);
            case Message.BucketTable ignored -> doubt(to);
            case Message.Exchange ignored -> {}
            case Message.Refusal ignored -> {}
        }
    }

    private void doubt(NodeId id) {
        boolean fresh = !members.reach().peer(id).isUnreachable() && !probing.isProbing(id, false);
        if (fresh && members.roster().record(id) != null && isProbed(id)) {
            members.reach().unreached(id);
            probing.probe(id, false, nowNanos);
        }
    }

    private final class Claims implements Contest.Outcome {
        @Override
        public long ask(NodeId id) {
            long sequence = probing.nextSequence();
            voice.pingUnknown(id, sequence);
            return sequence;
        }

        @Override
        public void adopt(MemberRecord rival) {
            if (takesPlace(rival) == Speaker.MEMBER) {
                post.exchange(rival.id(), true);
            }
        }

        @Override
        public void refuse(NodeId id, long rival) {
            post.refuse(id, rival, ALREADY_RUNNING);
        }
    }
}
