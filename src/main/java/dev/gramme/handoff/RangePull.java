package dev.gramme.handoff;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.Stamps;
import dev.gramme.wire.StateCodec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One partition on its way here: from each of its sources in turn, a page at a time, the next when the last is durable. A page is whole states, or an
 * offer of digests, of which what differs is fetched.
 */
final class RangePull {
    private enum Step {
        /** The next request may be sent when its time has come. */
        TO_ASK,
        WAITING_FOR_SOURCE,
        WAITING_FOR_DISK,
        DONE
    }

    static final int FIRST_BACKOFF_MILLIS = 200;
    static final int MAX_BACKOFF_MILLIS = 10_000;
    /** Answers in a row that a source can't read its store, or lacks some of it, before others are asked: some 20 seconds. */
    static final int REFUSALS_PATIENCE = 8;

    final int partition;
    private final Proposal.Id proposal;
    private final List<NodeId> others;
    private final List<NodeId> remaining;
    private final List<NodeId> predecessors;
    private List<NodeId> sources;
    /** They are all that remain, and what they have left is taken also where it is not all that they had. */
    private boolean leftovers;

    private final OwnedRanges ranges;
    private int source;
    /** What was lost of the partition when its first page was asked for. */
    private long loss;

    private boolean offers;
    private @Nullable Key after;

    private Step step = Step.TO_ASK;
    private long request;
    private long timeoutNanos;
    private long resumeNanos;
    private long backoffMillis;
    /** Of the page in hand: keys to fetch, where it ends, and whether it is the source's last. */
    private List<Key> lacking = List.of();

    private @Nullable Key pageEnd;
    private boolean lastPage;
    private final Set<Long> tokens = new HashSet<>();
    private boolean notKept;
    private int refusals;
    private long keys;
    private long bytes;

    /**
     * @param others who hold it together, if the one source can't read its store; empty if nobody does
     * @param remaining all of its owners that can be asked
     * @param offers this node holds much of it already
     */
    RangePull(
            int partition,
            Proposal.Id proposal,
            List<NodeId> sources,
            List<NodeId> others,
            List<NodeId> remaining,
            boolean offers,
            OwnedRanges ranges) {
        this.partition = partition;
        this.proposal = proposal;
        this.predecessors = sources;
        this.sources = sources;
        this.others = others;
        this.remaining = lastAmong(sources, remaining);
        this.offers = offers;
        this.ranges = ranges;
        this.loss = ranges.losses().of(partition);
    }

    /** Who lacked something is asked last: by then the others may have told it what it lacked, and what they lost since it may have. */
    private static List<NodeId> lastAmong(List<NodeId> sources, List<NodeId> remaining) {
        List<NodeId> order = new ArrayList<>(remaining);
        order.removeAll(sources);
        sources.stream().filter(remaining::contains).forEach(order::add);
        return order;
    }

    NodeId source() {
        return sources.get(source);
    }

    boolean isDone() {
        return step == Step.DONE;
    }

    boolean isToAsk(long nowNanos) {
        return step == Step.TO_ASK && (backoffMillis == 0 || nowNanos - resumeNanos >= 0);
    }

    boolean isWaitingFor(long id, NodeId from) {
        return step == Step.WAITING_FOR_SOURCE && request == id && source().equals(from);
    }

    boolean isTimedOut(long nowNanos) {
        return step == Step.WAITING_FOR_SOURCE && nowNanos - timeoutNanos >= 0;
    }

    long request() {
        return request;
    }

    /** When it is back, it is worth a try at once. */
    void sourceIsAway() {
        backoffMillis = 0;
    }

    void ask(long id, int pageBytes, int timeoutMillis, Moment moment) {
        request = id;
        step = Step.WAITING_FOR_SOURCE;
        timeoutNanos = moment.nanosIn(timeoutMillis);
        moment.out()
                .send(
                        source(),
                        lacking.isEmpty()
                                ? new Message.PullRange(
                                        id,
                                        partition,
                                        proposal,
                                        after,
                                        offers,
                                        pageBytes,
                                        stamps(moment).epoch(partition))
                                : new Message.PullKeys(id, partition, proposal, lacking));
    }

    /** It could not be asked, did not answer, or said no. The page is asked for again. */
    void backOff(Moment moment) {
        step = Step.TO_ASK;
        backoffMillis = Math.clamp(2 * backoffMillis, FIRST_BACKOFF_MILLIS, MAX_BACKOFF_MILLIS);
        resumeNanos = moment.nanosIn(backoffMillis);
    }

    /** The source lets its clients go first, or this node has something else to do: the source is there, and the page is asked for again soon. */
    private void later(Moment moment) {
        step = Step.TO_ASK;
        backoffMillis = FIRST_BACKOFF_MILLIS;
        resumeNanos = moment.nanosIn(backoffMillis);
    }

    /** @return bytes of states that came */
    long replied(Message.RangePage page, Moment moment) {
        if (page.status() == ReplicaStatus.OVERLOADED) {
            later(moment);
            return 0;
        }
        boolean nothingNew = page.entries().isEmpty() && !page.complete();
        stamps(moment).heard(partition, page.stamp(), page.epoch());
        if (page.epoch() > stamps(moment).promised(partition)) {
            // What this node holds is about to be set aside, with whatever comes before that.
            later(moment);
            return 0;
        }
        boolean given = page.status() == ReplicaStatus.OK || (leftovers && page.status() == ReplicaStatus.LACKING);
        // A source that has lost its memory hears of that with the next question.
        boolean outdated = given && page.stamp() < stamps(moment).epoch(partition);
        if (!given || nothingNew || outdated) {
            backOff(moment);
            if (outdated) {
                refused(ReplicaStatus.OUTDATED, moment);
            } else if (page.status() == ReplicaStatus.STORAGE_BROKEN || page.status() == ReplicaStatus.LACKING) {
                refused(page.status(), moment);
            }
            return 0;
        }
        List<Long> underWay = lacking.isEmpty() ? took(page, moment) : tookKeys(page, moment);
        if (underWay == null) {
            backOff(moment);
            return 0;
        }
        refusals = 0;
        tokens.addAll(underWay);
        step = Step.WAITING_FOR_DISK;
        long came = 0;
        for (Message.RangeEntry entry : page.entries()) {
            if (!entry.state().isEmpty()) {
                keys++;
                came += entry.key().name().size() + StateCodec.sizeHint(entry.state());
            }
        }
        bytes += came;
        if (came > 0) {
            moment.out().rangePulled(proposal, partition, came);
        }
        goOnIfDurable(moment);
        return came;
    }

    private static Stamps stamps(Moment moment) {
        return moment.outlook().stamps();
    }

    /**
     * Again and again: a moment's trouble of a disk may pass, and who lacks something is whole soon. But it can't be if its disk is full, and another node is just what it waits for. What all owners
     * have left together is what comparing with all of them would bring it, so that may be taken in its place: of what W of them had, it lacks only what no owner holds any more. It
     * can't be had without one of them: where one can't read its store and another lacks something, whoever it was to come from at first is asked again by turns, as it may be whole by then.
     */
    private void refused(ReplicaStatus why, Moment moment) {
        moment.out().rangeRefused(proposal, partition, source(), why);
        refusals++;
        if (refusals < REFUSALS_PATIENCE) {
            return;
        }
        boolean back = why == ReplicaStatus.STORAGE_BROKEN && sources != predecessors;
        List<NodeId> instead = back ? predecessors : why == ReplicaStatus.LACKING ? remaining : others;
        if (!instead.isEmpty()) {
            leftovers = why == ReplicaStatus.LACKING;
            askInstead(instead);
        }
    }

    private void askInstead(List<NodeId> instead) {
        sources = instead;
        refusals = 0;
        source = 0;
        after = null;
        lacking = List.of();
        offers = true;
    }

    private @Nullable List<Long> took(Message.RangePage page, Moment moment) {
        List<Long> underWay;
        if (offers) {
            OwnedRanges.Lacking found = ranges.lacking(partition, page.entries());
            if (found == null) {
                return null;
            }
            lacking = found.keys();
            underWay = found.underWay();
        } else {
            underWay = merge(page, moment);
        }
        pageEnd = page.entries().isEmpty() ? after : page.entries().getLast().key();
        lastPage = page.complete();
        return underWay;
    }

    private @Nullable List<Long> tookKeys(Message.RangePage page, Moment moment) {
        List<Long> underWay = merge(page, moment);
        if (underWay != null) {
            List<Key> left = new ArrayList<>(page.complete() ? List.of() : lacking);
            if (!left.isEmpty()) {
                Set<Key> came = new HashSet<>();
                page.entries().forEach(entry -> came.add(entry.key()));
                left.removeIf(came::contains);
            }
            lacking = left;
        }
        return underWay;
    }

    private @Nullable List<Long> merge(Message.RangePage page, Moment moment) {
        return ranges.merge(partition, page.entries(), moment.outlook(), moment.now(), moment.out());
    }

    List<Long> tokens() {
        return List.copyOf(tokens);
    }

    /** A write of the page, or one that it was found to rest on, is durable or never will be. */
    void settled(long token, boolean durable, Moment moment) {
        tokens.remove(token);
        notKept |= !durable;
        goOnIfDurable(moment);
    }

    private void goOnIfDurable(Moment moment) {
        if (step != Step.WAITING_FOR_DISK || !tokens.isEmpty()) {
            return;
        }
        if (notKept) {
            // The same page again: what is visible here and not durable is then written once more.
            notKept = false;
            lacking = List.of();
            backOff(moment);
            return;
        }
        backoffMillis = 0;
        step = Step.TO_ASK;
        if (lacking.isEmpty()) {
            after = pageEnd;
            if (lastPage) {
                nextSource(moment);
            }
        }
    }

    /**
     * It holds all that its place must hold. A new directory lacks everything until then.
     *
     * @param loss of the partition before the first page was asked for
     */
    static void received(int partition, long loss, Losses losses, Moment moment) {
        if (loss != Losses.NONE) {
            losses.mended(partition, loss, moment.outlook().view().topology().epoch());
        }
    }

    private void nextSource(Moment moment) {
        source++;
        after = null;
        // What the next one has that this one had not are a few keys at most.
        offers = true;
        if (source == sources.size() && ranges.losses().of(partition) != loss) {
            // Something that had come was lost meanwhile: all of it once more.
            source = 0;
            loss = ranges.losses().of(partition);
        } else if (source == sources.size()) {
            step = Step.DONE;
            received(partition, loss, ranges.losses(), moment);
            moment.out().observed(Probe.RANGE_PULLED);
            moment.out().rangeReceived(proposal, partition, keys, bytes);
        }
    }
}
