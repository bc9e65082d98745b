package dev.gramme.antientropy;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Probe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a partition that is lacking ({@link Losses}) becomes whole: by an exchange with every other owner by the settled ring, begun after the loss. Then it holds all that any
 * of them held, and each write since has come to it as to any owner. So of what W owners had acknowledged it lacks only what no owner holds any more.
 *
 * <p>No owner may be left out, however long it is away: it may be the one that holds a write with this node, and with no other. Not one that a change under way excludes either: the change may be
 * cancelled, and the owner be read from again. When the change is done there is another settled ring, and its owners are those to compare with. But the change may need what this node has left:
 * so it gives that to who takes a place, when only excluded owners are missing ({@link #isComparedWithAllThatServe}). Of owners that are lacking too nothing else can be asked: what they hold is
 * all that is left of what they held. Who is the only owner is whole at once.
 *
 * <p>These exchanges come before all others, whosever turn it is, and go on while the ring changes: nobody takes a partition over from who lacks it. What has been
 * done is known to this process alone; the next begins anew.
 */
final class Mending {
    static final long FIRST_BACKOFF_MILLIS = 100;
    static final long MAX_BACKOFF_MILLIS = 10_000;
    /** Partitions looked at by one call. */
    private static final int LOOKED_AT = 256;

    private static final class Wound {
        final long loss;
        final long ring;
        final long epoch;
        final Set<NodeId> exchanged = new HashSet<>();
        final Map<NodeId, Attempt> failed = new HashMap<>();
        /** The write that is durable only after all that the exchanges have brought; 0 while they go on. */
        long lastToken;

        Wound(long loss, Topology topology) {
            this.loss = loss;
            this.ring = topology.settled().hash();
            this.epoch = topology.epoch();
        }

        boolean is(long loss, Topology topology) {
            return this.loss == loss && ring == topology.settled().hash();
        }
    }

    private static final class Attempt {
        long resumeNanos;
        long backoffMillis;
    }

    private final NodeId self;
    private final int loop;
    private final int loops;
    private final Losses losses;
    private final OwnStates own;
    private final SortedMap<Integer, Wound> wounds = new TreeMap<>();
    private final Map<Long, Integer> tokens = new HashMap<>();
    private int next;

    Mending(NodeId self, int loop, int loops, Losses losses, OwnStates own) {
        this.self = self;
        this.loop = loop;
        this.loops = loops;
        this.losses = losses;
        this.own = own;
        this.next = loop;
    }

    /** Whether this node, which may begin exchanges of the partition in any case, may now because it lacks it. */
    boolean mayBegin(Pair pair, Topology topology) {
        return losses.isLacking(pair.partition()) && Pair.mayMend(topology, pair.partition(), self, pair.peer());
    }

    /** The next exchanges that are needed and may be begun, a few partitions further at each call. */
    List<Pair> due(View view, long nowNanos, Outbox out) {
        Topology topology = view.topology();
        int partitions = topology.settled().partitions();
        List<Pair> due = new ArrayList<>();
        for (int looked = 0; looked < LOOKED_AT && looked * loops + loop < partitions && due.isEmpty(); looked++) {
            int partition = next < partitions ? next : loop;
            next = partition + loops < partitions ? partition + loops : loop;
            if (losses.isLacking(partition) && topology.settled().owns(self, partition)) {
                look(partition, view, nowNanos, due, out);
            } else if (!wounds.isEmpty()) {
                wounds.remove(partition);
            }
        }
        return due;
    }

    private void look(int partition, View view, long nowNanos, List<Pair> due, Outbox out) {
        Wound wound = wound(partition, view.topology());
        boolean whole = true;
        for (NodeId peer : view.topology().settled().owners(partition)) {
            Pair pair = new Pair(partition, peer);
            if (!peer.equals(self) && !wound.exchanged.contains(peer)) {
                whole = false;
                if (view.isReadable(peer) && isToTry(wound.failed.get(peer), nowNanos)) {
                    due.add(pair);
                }
            }
        }
        if (whole && wound.lastToken == 0 && own.isWritable()) {
            // The log keeps an order: when this is durable, so is all that came before.
            wound.lastToken = out.persist(List.of(new Mutation.Barrier(partition)));
            tokens.put(wound.lastToken, partition);
        }
    }

    /** Of the loss as it is now, and among the owners as they are now. */
    private Wound wound(int partition, Topology topology) {
        long loss = losses.of(partition);
        Wound wound = wounds.get(partition);
        if (wound == null || !wound.is(loss, topology)) {
            wound = new Wound(loss, topology);
            wounds.put(partition, wound);
        }
        return wound;
    }

    private static boolean isToTry(@Nullable Attempt attempt, long nowNanos) {
        return attempt == null || nowNanos - attempt.resumeNanos >= 0;
    }

    /** Of a partition that is lacking: whether it was compared since with every other settled owner but those that a change under way excludes. */
    boolean isComparedWithAllThatServe(int partition, View view) {
        Wound wound = wounds.get(partition);
        return wound != null
                && wound.is(losses.of(partition), view.topology())
                && view.topology().settled().owners(partition).stream()
                        .allMatch(
                                owner -> owner.equals(self) || !view.serves(owner) || wound.exchanged.contains(owner));
    }

    /**
     * An exchange is over.
     *
     * @param loss of the partition when it began
     * @param ofAll not of one bucket's keys alone
     * @param topology as this node goes by it now
     */
    void ended(Pair pair, long loss, boolean ofAll, Outcome outcome, Topology topology, long nowNanos) {
        if (loss == Losses.NONE || loss != losses.of(pair.partition())) {
            return;
        }
        Wound wound = wound(pair.partition(), topology);
        if (outcome.isComplete()) {
            wound.failed.remove(pair.peer());
            if (ofAll) {
                wound.exchanged.add(pair.peer());
            }
        } else if (outcome == Outcome.BUSY) {
            busy(pair, topology, nowNanos);
        } else {
            Attempt attempt = wound.failed.computeIfAbsent(pair.peer(), p -> new Attempt());
            rest(attempt, Math.clamp(2 * attempt.backoffMillis, FIRST_BACKOFF_MILLIS, MAX_BACKOFF_MILLIS), nowNanos);
        }
    }

    /** A tree is not built yet, here or there. */
    void busy(Pair pair, Topology topology, long nowNanos) {
        Wound wound = wound(pair.partition(), topology);
        rest(wound.failed.computeIfAbsent(pair.peer(), p -> new Attempt()), ExchangeSchedule.UNBUILT_MILLIS, nowNanos);
    }

    private static void rest(Attempt attempt, long millis, long nowNanos) {
        attempt.backoffMillis = millis;
        attempt.resumeNanos = nowNanos + millis * Moment.NANOS_PER_MILLI;
    }

    /** A write of this node is durable, or never will be. */
    void settled(long token, boolean durable, Outbox out) {
        Integer partition = tokens.isEmpty() ? null : tokens.remove(token);
        Wound wound = partition == null ? null : wounds.get(partition);
        if (partition == null || wound == null || wound.lastToken != token) {
            return;
        }
        wound.lastToken = 0;
        if (durable) {
            wounds.remove(partition);
            losses.mended(partition, wound.loss, wound.epoch);
            out.observed(Probe.PARTITION_MENDED);
        }
    }
}
