package dev.gramme.antientropy;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Probe;
import dev.gramme.wire.Stamps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one loop writes down about stamps, one record of a partition at a time: promises, collections, and what follows when it finds that it knew less than it should. Not thread-safe. */
final class StampRecords {
    enum Kind {
        PROMISE,
        COLLECTION,
        /** Hints that go, though not all that go. */
        HINTS,
        /** What is older than a collection that was heard of is forgotten, and a promise of that. */
        FORGETTING,
        /** A newcomer's first promise. */
        ANEW,
        /** The epoch of a partition that this node comes to own. */
        EPOCH
    }

    /**
     * What is on its way to the disk.
     *
     * @param asker null if nobody waits for it
     */
    record Writing(Kind kind, @Nullable NodeId asker, long id, int partition, long stamp) {
        boolean isCollection() {
            return kind == Kind.COLLECTION;
        }
    }

    /**
     * To be tried again.
     *
     * @param epoch that was heard of
     * @param fromNanos not before
     */
    private record Waiting(long epoch, long fromNanos) {}

    /** What could not be set aside, though it was looked at, is not looked at again before. */
    private static final int PAUSE_MILLIS = 1_000;

    private final NodeId self;
    private final Memory memory;
    private final PartitionStamps stamps;
    private final Map<Long, Writing> underWay = new HashMap<>();
    /** On the disk, of partitions that this node comes to own. */
    private final Map<Integer, Long> keptEpochs = new HashMap<>();
    /** By partition, collections that this node knows no promise for, and can't do anything about now. */
    private final SortedMap<Integer, Waiting> later = new TreeMap<>();
    /** The partition whose turn it was last. */
    private int looked = -1;

    StampRecords(NodeId self, Memory memory, PartitionStamps stamps) {
        this.self = self;
        this.memory = memory;
        this.stamps = stamps;
    }

    boolean isWriting(int partition) {
        for (Writing writing : underWay.values()) {
            if (writing.partition == partition) {
                return true;
            }
        }
        return false;
    }

    void promise(long token, NodeId asker, long id, int partition, long stamp) {
        underWay.put(token, new Writing(Kind.PROMISE, asker, id, partition, stamp));
    }

    void collection(long token, NodeId asker, long id, int partition, long stamp) {
        underWay.put(token, new Writing(Kind.COLLECTION, asker, id, partition, stamp));
    }

    /** A write of this node is durable, or never will be. Gives what it was, if it was one of these. */
    @Nullable
    Writing settled(long token, boolean durable, Moment moment) {
        Writing writing = underWay.isEmpty() ? null : underWay.remove(token);
        if (writing == null) {
            return null;
        }
        int p = writing.partition;
        switch (writing.kind) {
            case PROMISE -> {
                if (durable) {
                    stamps.kept(p, writing.stamp);
                }
            }
            case FORGETTING -> {
                if (!durable) {
                    // What was set aside is back: whatever it was compared with meanwhile does not count.
                    memory.cameBack(p);
                    later(p, writing.stamp, moment.nanosIn(PAUSE_MILLIS));
                }
                stamps.forgotten(p, writing.stamp, durable);
            }
            case ANEW -> {
                if (durable) {
                    stamps.kept(p, writing.stamp);
                    stamps.learnt(p, writing.stamp);
                } else {
                    memory.cameBack(p);
                }
            }
            case EPOCH -> {
                if (durable) {
                    keptEpochs.merge(p, writing.stamp, Math::max);
                }
            }
            case COLLECTION, HINTS -> {}
        }
        return writing;
    }

    /**
     * Nobody collects what this node has not promised. So if it hears of a collection that it knows of no such promise for, its disk was put back to an earlier time, or is a
     * new one, or it was no member then: what it holds may be older than what all have forgotten. It is set aside, whoever owns it, and told anew by all others; hints that may be older are dropped.
     * All that, the promise, and the epoch are one record: all or nothing. Only of very many hints most are dropped before, by records of their own: they go in any case.
     * One partition an event, and the next when that record is told of: the log's queue has room for the largest, not for as many as there are partitions.
     *
     * <p>What this node itself minted in this life stays: it may have acknowledged that, and nobody else need hold it. That brings nothing back. A collection forgets a state that all
     * owners had confirmed before any of them promised; this node's promise was given before this life began, else it would know of it, and it gives no other before it knows. So what was minted
     * since is in no state that is collected. And of a version that stays the context says nothing of those that go, but what it says of others holds whatever was forgotten: they were replaced.
     * What others minted goes with the rest: they hold it, and who replicated it.
     */
    void setAsideWhatIsTooOld(Moment moment) {
        SortedMap<Integer, Long> unknown = stamps.takeUnknown();
        if (unknown.isEmpty()) {
            return;
        }
        unknown.entrySet().removeIf(each -> !stamps.isUnknown(each.getKey(), each.getValue()));
        Map.Entry<Integer, Long> next =
                isSettingAside() || memory.hasJustWritten() || !memory.isWritable() ? null : nextOf(unknown, moment);
        if (next != null) {
            looked = next.getKey();
            if (forget(looked, next.getValue(), moment)) {
                moment.out().observed(Probe.COLLECTION_UNKNOWN_HERE);
            } else {
                later(looked, next.getValue(), moment.nanosIn(PAUSE_MILLIS));
            }
        }
        unknown.forEach((p, epoch) -> {
            if (next == null || p != looked) {
                later(p, epoch, moment.nanos());
            }
        });
    }

    /** Its record may be a good part of what the log's queue has room for. */
    private boolean isSettingAside() {
        for (Writing writing : underWay.values()) {
            if (writing.kind == Kind.FORGETTING || writing.kind == Kind.HINTS) {
                return true;
            }
        }
        return false;
    }

    /** The one partition to look at in this event, by turns: that may be a scan of all it holds. */
    private Map.@Nullable Entry<Integer, Long> nextOf(SortedMap<Integer, Long> unknown, Moment moment) {
        Map.Entry<Integer, Long> first = null;
        for (Map.Entry<Integer, Long> each : unknown.entrySet()) {
            int p = each.getKey();
            Waiting waiting = later.get(p);
            boolean paused = waiting != null && moment.nanos() - waiting.fromNanos < 0;
            if (!paused && !stamps.takesNothing(p) && !isWriting(p)) {
                if (p > looked) {
                    return each;
                }
                first = first == null ? each : first;
            }
        }
        return first;
    }

    private void later(int p, long epoch, long fromNanos) {
        later.merge(
                p,
                new Waiting(epoch, fromNanos),
                (a, b) -> new Waiting(
                        Math.max(a.epoch, b.epoch), a.fromNanos - b.fromNanos > 0 ? a.fromNanos : b.fromNanos));
    }

    /** What could not be done at once is tried again. */
    void tick(Moment moment) {
        later.entrySet().removeIf(each -> {
            boolean due = moment.nanos() - each.getValue().fromNanos >= 0;
            if (due) {
                stamps.heard(each.getKey(), 0, each.getValue().epoch);
            }
            return due;
        });
    }

    private boolean forget(int p, long epoch, Moment moment) {
        Topology topology = moment.outlook().view().topology();
        Memory.HintDrops hints = memory.withoutHints(p, epoch, true);
        if (!hints.all()) {
            dropSome(p, hints, moment.out());
            return false;
        }
        boolean holds = memory.holds(p);
        List<Mutation> minted = holds ? memory.mintedInThisLife(p) : List.of();
        if (minted == null || ((holds || topology.settled().owns(self, p)) && !memory.loses(p))) {
            return false;
        }
        boolean owns = topology.owns(self, p);
        List<Mutation> record = new ArrayList<>(hints.mutations());
        record.add(new Mutation.Promise(p, epoch));
        if (holds) {
            record.add(new Mutation.SetAside(p, owns ? epoch : 0));
            record.addAll(minted);
        } else if (owns) {
            record.add(new Mutation.Collect(p, epoch, List.of()));
        }
        stamps.forgetting(p, epoch);
        underWay.put(moment.out().persist(record), new Writing(Kind.FORGETTING, null, 0, p, epoch));
        return true;
    }

    /** The rest when it is known what became of these: a promise must not get to the disk without them. */
    private void dropSome(int p, Memory.HintDrops hints, Outbox out) {
        if (!hints.mutations().isEmpty()) {
            underWay.put(out.persist(hints.mutations()), new Writing(Kind.HINTS, null, 0, p, 0));
        }
    }

    /**
     * A newcomer, which takes nothing yet, promises what a member goes by: no collection is younger. What it still has of a former membership is dropped, or set aside. From
     * when that is on the disk it takes what is no older.
     *
     * @return whether what it has was looked through, which is enough for one event
     */
    boolean promiseAnew(int p, long stamp, Outbox out) {
        if (!stamps.takesNothing(p) || isWriting(p)) {
            return false;
        }
        if (!stamps.isUnknown(p, stamp)) {
            stamps.learnt(p, stamp);
            return false;
        }
        if (!memory.isWritable()) {
            return false;
        }
        Memory.HintDrops hints = memory.withoutHints(p, Stamps.NOTHING, false);
        if (!hints.all()) {
            dropSome(p, hints, out);
            return true;
        }
        boolean holds = memory.holds(p);
        if (holds && !memory.loses(p)) {
            return true;
        }
        List<Mutation> record = new ArrayList<>(hints.mutations());
        record.add(new Mutation.Promise(p, stamp));
        if (holds) {
            record.add(new Mutation.SetAside(p));
        }
        underWay.put(out.persist(record), new Writing(Kind.ANEW, null, 0, p, stamp));
        return true;
    }

    /**
     * Whether it is on the disk that this node goes by {@code epoch}, the highest that any owner told. If not, that is begun.
     *
     * @param comes this node comes to own the partition: then it is its own epoch
     */
    boolean hasKept(int partition, long epoch, boolean comes, Outbox out) {
        if (stamps.isUnknown(partition, epoch)) {
            // It has been heard, and is being written.
            return false;
        }
        if (!comes || epoch <= keptEpochs.getOrDefault(partition, 0L)) {
            return true;
        }
        if (!isWriting(partition) && memory.isWritable()) {
            long token = out.persist(List.of(new Mutation.Collect(partition, epoch, List.of())));
            underWay.put(token, new Writing(Kind.EPOCH, null, 0, partition, epoch));
        }
        return false;
    }

    /** What it kept while it was none may be older than it thinks. */
    void comesToBeMember() {
        memory.forgetHintAges();
    }

    /** What was kept for a change of the ring says nothing about the next. */
    void goesBy() {
        keptEpochs.clear();
    }
}
