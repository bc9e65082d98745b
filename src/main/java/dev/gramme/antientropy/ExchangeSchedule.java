package dev.gramme.antientropy;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When which partition is compared with whom: each of the pairs that are this node's to begin once in an interval, evenly spread; soon after the peer or
 * this node came back; again, later and later, after an exchange that failed; and at once where somebody asks.
 */
final class ExchangeSchedule {
    /** After a start, and after a peer came back, its pairs are compared within this time, or within an interval if that is shorter. */
    static final long SOON_MILLIS = 30_000;

    static final long FIRST_BACKOFF_MILLIS = 500;
    static final long MAX_BACKOFF_MILLIS = 60_000;
    /** A tree that is being built is asked for again after this. */
    static final long UNBUILT_MILLIS = 50;

    /** How often what somebody asked for is begun anew while the peer builds its tree. */
    static final int MAX_TRIES = 400;

    /** What somebody asked for: not on the clock. */
    record Asked(Pair pair, @Nullable String bucket, int tries) {}

    private static final class Entry {
        long dueNanos;
        long backoffMillis;

        Entry(long dueNanos) {
            this.dueNanos = dueNanos;
        }
    }

    private record Due(long nanos, Pair pair) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : pair.compareTo(other.pair);
        }
    }

    private final NodeId self;
    private final int loop;
    private final int loops;
    private final long intervalNanos;
    private final SortedMap<Pair, Entry> entries = new TreeMap<>();
    private final SortedSet<Due> queue = new TreeSet<>();
    private final ArrayDeque<Asked> asked = new ArrayDeque<>();
    /** Those of them whose peer was building its tree, until all are asked again. */
    private final ArrayDeque<Asked> busy = new ArrayDeque<>();

    private long busyUntilNanos;
    private final SortedSet<NodeId> away = new TreeSet<>();
    /** Who is there, perhaps, and takes no writes: compared all the same, for what it knows; and soon when it takes them again, for what it missed. This node may be one. */
    private final SortedSet<NodeId> full = new TreeSet<>();

    /** Times are kept as nanoseconds since the first: those of the clock may be any number. */
    private long zeroNanos;

    private boolean begun;

    ExchangeSchedule(NodeId self, int loop, int loops, long intervalMillis) {
        this.self = self;
        this.loop = loop;
        this.loops = loops;
        this.intervalNanos = intervalMillis * Moment.NANOS_PER_MILLI;
    }

    private long since(long nowNanos) {
        if (!begun) {
            begun = true;
            zeroNanos = nowNanos;
        }
        return nowNanos - zeroNanos;
    }

    /** To be told of each view, the first among them. */
    void goesBy(View view, long nowNanos) {
        long now = since(nowNanos);
        Topology topology = view.topology();
        Ring settled = topology.settled();
        SortedMap<Pair, Entry> before = new TreeMap<>(entries);
        entries.clear();
        for (int p = loop; p < settled.partitions(); p += loops) {
            for (NodeId peer : settled.owners(p)) {
                Pair pair = new Pair(p, peer);
                if (!peer.equals(self) && Pair.mayCompare(topology, p, self, peer) && pair.isBegunBy(self)) {
                    Entry kept = before.remove(pair);
                    entries.put(pair, kept == null ? new Entry(now + soon(pair)) : kept);
                }
            }
        }
        returned(view, now);
        queue.clear();
        entries.forEach((pair, entry) -> queue.add(new Due(entry.dueNanos, pair)));
    }

    private void returned(View view, long now) {
        entries.forEach((pair, entry) -> {
            boolean back = away.contains(pair.peer()) && view.isReadable(pair.peer());
            if (back || takesWritesAgain(pair.peer(), view) || takesWritesAgain(self, view)) {
                entry.backoffMillis = 0;
                entry.dueNanos = Math.min(entry.dueNanos, now + soon(pair));
            }
        });
        away.removeIf(view::isReadable);
        full.removeIf(view::isWritable);
        for (Pair pair : entries.keySet()) {
            if (!view.isReadable(pair.peer())) {
                away.add(pair.peer());
            }
            for (NodeId node : List.of(self, pair.peer())) {
                if (!view.isWritable(node)) {
                    full.add(node);
                }
            }
        }
    }

    private boolean takesWritesAgain(NodeId node, View view) {
        return full.contains(node) && view.isWritable(node);
    }

    private long soon(Pair pair) {
        return pair.spread(self, Math.min(SOON_MILLIS * Moment.NANOS_PER_MILLI, intervalNanos));
    }

    /** All pairs of this loop's partitions are to be compared now, whosever they are to begin. */
    void askNow(@Nullable String bucket, Topology topology) {
        asked.clear();
        busy.clear();
        for (int p = loop; p < topology.settled().partitions(); p += loops) {
            for (NodeId peer : topology.settled().owners(p)) {
                if (!peer.equals(self) && topology.settled().owns(self, p)) {
                    asked.add(new Asked(new Pair(p, peer), bucket, 0));
                }
            }
        }
    }

    /** Whether there may be one to take. */
    boolean isAnyDue(long nowNanos) {
        long now = since(nowNanos);
        return !asked.isEmpty()
                || (!busy.isEmpty() && now >= busyUntilNanos)
                || (!queue.isEmpty() && queue.first().nanos() <= now);
    }

    /** The next that somebody has asked for; null if none is left. */
    @Nullable
    Asked takeAsked(long nowNanos) {
        if (asked.isEmpty() && !busy.isEmpty() && since(nowNanos) >= busyUntilNanos) {
            asked.addAll(busy);
            busy.clear();
        }
        return asked.poll();
    }

    /** The peer is building its tree: once more in a moment. */
    void peerIsBusy(Asked first, long nowNanos) {
        if (first.tries() < MAX_TRIES) {
            busy.add(new Asked(first.pair(), first.bucket(), first.tries() + 1));
            busyUntilNanos = since(nowNanos) + UNBUILT_MILLIS * Moment.NANOS_PER_MILLI;
        }
    }

    int asked() {
        return asked.size() + busy.size();
    }

    /** The next pair whose time has come and whose peer is there; taken out until {@link #ended}. Null if there is none. */
    @Nullable
    Pair takeDue(long nowNanos) {
        long now = since(nowNanos);
        while (!queue.isEmpty() && queue.first().nanos() <= now) {
            Pair pair = queue.first().pair();
            queue.remove(queue.first());
            if (!away.contains(pair.peer())) {
                return pair;
            }
            // It is put back when its peer returns: see goesBy.
        }
        return null;
    }

    /** To be taken again first. */
    void putBack(Asked first) {
        asked.addFirst(first);
    }

    /** Its tree is not built: it is due again in a moment. */
    void notBuilt(Pair pair, long nowNanos) {
        again(pair, since(nowNanos) + UNBUILT_MILLIS * Moment.NANOS_PER_MILLI);
    }

    void ended(Pair pair, Outcome outcome, long nowNanos) {
        Entry entry = entries.get(pair);
        if (entry == null) {
            return;
        }
        long now = since(nowNanos);
        if (outcome.isComplete()) {
            entry.backoffMillis = 0;
            again(pair, now + intervalNanos);
        } else {
            long longest = Math.min(
                    MAX_BACKOFF_MILLIS, Math.max(FIRST_BACKOFF_MILLIS, intervalNanos / Moment.NANOS_PER_MILLI));
            entry.backoffMillis = Math.clamp(2 * entry.backoffMillis, FIRST_BACKOFF_MILLIS, longest);
            long jitter = pair.spread(self, entry.backoffMillis * Moment.NANOS_PER_MILLI / 2);
            again(pair, now + entry.backoffMillis * Moment.NANOS_PER_MILLI + jitter);
        }
    }

    private void again(Pair pair, long dueNanos) {
        Entry entry = entries.get(pair);
        if (entry != null) {
            queue.remove(new Due(entry.dueNanos, pair));
            entry.dueNanos = dueNanos;
            queue.add(new Due(dueNanos, pair));
        }
    }
}
