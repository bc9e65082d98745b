package dev.gramme.membership;

import dev.gramme.membership.Relays.Relay;
import dev.gramme.ring.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Probes under way: a ping; after a while without an answer, the same by way of k others (Das et al. 2002, 3.1); and what we ask of the target for others.
 * Who was asked to probe for another and gets no answer says so (Lifeguard's nack): an asker who hears no nacks either has reason to doubt itself.
 */
final class Probing {
    /** SWIM's k. */
    static final int PROXIES = 3;

    /** What is judged already and may still be answered. */
    private record Judged(NodeId target, long untilNanos) {}

    /** What a probe needs of its surroundings. */
    interface Means {
        void ping(NodeId to, long sequence);

        void pingRequest(NodeId to, long sequence, NodeId target);

        void ack(NodeId to, long sequence);

        void nack(NodeId to, long sequence);

        /** Up to {@code count} members, not {@code target}, that may reach it where we can't. */
        List<NodeId> proxies(NodeId target, int count);

        /** It has answered us. */
        void reached(NodeId target);

        /** It has not answered us (yet). */
        void missed(NodeId target);

        /** Nothing can be sent to it. */
        void unreached(NodeId target);

        /** It has answered nobody. */
        void failed(NodeId target);
    }

    private static final class Attempt {
        final NodeId target;
        /** Only this node's own reach is tried: nobody else is asked, and nobody is accused. */
        final boolean alone;

        final TreeSet<NodeId> asked = new TreeSet<>();
        long askOthersNanos;
        long verdictNanos;
        int nacks;
        boolean othersAsked;
        boolean undelivered;
        boolean answered;
        /** An answer after that says nothing any more. */
        final long staleNanos;

        Attempt(NodeId target, boolean alone, long staleNanos) {
            this.target = target;
            this.alone = alone;
            this.staleNanos = staleNanos;
        }

        /** Nothing can be sent to it, and everybody who was asked says that they can't reach it. */
        boolean isHopeless() {
            return undelivered && othersAsked && nacks >= asked.size();
        }
    }

    private final Timings timings;
    private final LocalHealth health;
    private final Means means;
    private final SortedMap<Long, Attempt> attempts = new TreeMap<>();
    private final SortedMap<Long, Judged> judged = new TreeMap<>();
    private final Relays relays = new Relays();
    private long sequence;

    /** @param firstSequence far from those of other processes of our id, so that an answer to one of theirs is none to us */
    Probing(Timings timings, LocalHealth health, long firstSequence, Means means) {
        this.timings = timings;
        this.health = health;
        this.means = means;
        this.sequence = firstSequence;
    }

    long nextSequence() {
        return ++sequence;
    }

    /** @param alone see {@link #probe} */
    boolean isProbing(NodeId target, boolean alone) {
        return attempts.values().stream().anyMatch(a -> a.alone == alone && a.target.equals(target) && !a.answered);
    }

    /** @param alone only to see whether we reach it ourselves */
    void probe(NodeId target, boolean alone, long nowNanos) {
        long direct = Timings.nanos(timings.directMillis());
        long whole = Timings.nanos(timings.probeMillis());
        Attempt attempt = new Attempt(target, alone, nowNanos + whole * (LocalHealth.MAX + 1));
        attempt.askOthersNanos = nowNanos + (alone ? direct : health.stretch(direct));
        attempt.verdictNanos = nowNanos + (alone ? whole : health.stretch(whole));
        long number = nextSequence();
        attempts.put(number, attempt);
        means.ping(target, number);
    }

    /** Somebody can't reach {@code target}, and asks whether we can. */
    void requested(NodeId asker, long askersSequence, NodeId target, long nowNanos) {
        if (relays.hasRoom()) {
            // Our answer must be there before the asker's patience is at its end.
            long patience = Timings.nanos(timings.probeMillis() - timings.directMillis()) / 2;
            long number = nextSequence();
            relays.begin(number, new Relay(asker, askersSequence, nowNanos + patience));
            means.ping(target, number);
        }
    }

    void acked(NodeId from, long number) {
        Relay relay = relays.end(number);
        if (relay != null) {
            means.ack(relay.asker(), relay.askersSequence());
            means.reached(from);
            return;
        }
        Attempt attempt = attempts.get(number);
        if (attempt == null) {
            ackedLate(from, number);
            return;
        }
        if (!attempt.answered && !attempt.alone) {
            health.better();
        }
        if (from.equals(attempt.target)) {
            attempts.remove(number);
            means.reached(from);
        } else if (attempt.asked.contains(from)) {
            attempt.answered = true;
        }
    }

    /** Too late for the verdict, which the target has to refute; but it is reached, and only slow: as in a probe whose patience is stretched to the most. */
    private void ackedLate(NodeId from, long number) {
        Judged late = judged.get(number);
        if (late != null && from.equals(late.target())) {
            judged.remove(number);
            means.reached(from);
        }
    }

    void nacked(NodeId from, long number) {
        Attempt attempt = attempts.get(number);
        if (attempt != null && attempt.asked.contains(from)) {
            attempt.nacks++;
            judgeIfHopeless(number, attempt);
        }
    }

    /** A ping or a request of ours was surely not delivered to {@code to}. */
    void undeliverable(NodeId to, long number) {
        Relay relay = relays.end(number);
        if (relay != null) {
            nack(relay);
            return;
        }
        Attempt attempt = attempts.get(number);
        if (attempt == null) {
            return;
        }
        if (to.equals(attempt.target)) {
            attempt.undelivered = true;
            askOthers(number, attempt);
        } else {
            attempt.asked.remove(to);
        }
        judgeIfHopeless(number, attempt);
    }

    void tick(long nowNanos) {
        List<Long> due = new ArrayList<>();
        attempts.forEach((number, attempt) -> {
            if (nowNanos >= Math.min(attempt.askOthersNanos, attempt.verdictNanos)) {
                due.add(number);
            }
        });
        due.forEach(number -> advance(number, attempts.get(number), nowNanos));
        relays.endLate(nowNanos).forEach(this::nack);
        judged.values().removeIf(j -> nowNanos >= j.untilNanos());
    }

    private void advance(long number, @Nullable Attempt attempt, long nowNanos) {
        if (attempt == null) {
            return;
        }
        if (nowNanos >= attempt.verdictNanos) {
            judge(number, attempt);
        } else if (!attempt.othersAsked) {
            askOthers(number, attempt);
        }
    }

    private void askOthers(long number, Attempt attempt) {
        if (attempt.othersAsked) {
            return;
        }
        attempt.othersAsked = true;
        if (attempt.undelivered) {
            means.unreached(attempt.target);
        } else {
            means.missed(attempt.target);
        }
        if (!attempt.alone) {
            askAgain(number, attempt);
            for (NodeId proxy : means.proxies(attempt.target, PROXIES)) {
                attempt.asked.add(proxy);
                means.pingRequest(proxy, number, attempt.target);
            }
        }
    }

    /** A single message may be lost; suspecting somebody for that would cost more than sending another. */
    private void askAgain(long number, Attempt attempt) {
        if (!attempt.undelivered) {
            means.ping(attempt.target, number);
        }
    }

    private void judgeIfHopeless(long number, Attempt attempt) {
        if (attempt.isHopeless()) {
            judge(number, attempt);
        }
    }

    private void judge(long number, Attempt attempt) {
        attempts.remove(number);
        judged.put(number, new Judged(attempt.target, attempt.staleNanos));
        if (attempt.alone || attempt.answered) {
            return;
        }
        int missedNacks = attempt.asked.size() - attempt.nacks;
        if (!attempt.undelivered) {
            health.worse(attempt.asked.isEmpty() ? 1 : missedNacks);
        }
        means.failed(attempt.target);
    }

    private void nack(Relay relay) {
        if (timings.lifeguard()) {
            means.nack(relay.asker(), relay.askersSequence());
        }
    }

    /** We were not listening for {@code nanos}. */
    void forgive(long nanos) {
        attempts.values().forEach(attempt -> {
            attempt.askOthersNanos += nanos;
            attempt.verdictNanos += nanos;
        });
        relays.forgive(nanos);
    }

    void forget(NodeId target) {
        attempts.values().removeIf(attempt -> attempt.target.equals(target));
    }
}
