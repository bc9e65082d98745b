package dev.gramme.coordinator;

import dev.gramme.quorum.GetTracker;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Failure;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A get that this node coordinates: asks the R likeliest-fastest replicas, one more after a short wait (Dean and Barroso 2013, "The Tail at
 * Scale", hedged requests) or when one fails, and the silent ones again after a longer one; answers at R; then repairs what was stale (DeCandia et al. 2007, 5).
 *
 * <p>Who says that it may have lost something does not count, and another is asked; what it still has is merged all the same. Where R don't come together without it a sloppy get takes it for
 * an answer in the end, rather than none: it promises no more than to say what was found. A strict get never does.
 */
final class GetCoordination extends Operation {
    /** How long after its answer a get still waits for the other replicas it has asked, to repair them. */
    static final int LINGER_MILLIS = 1_000;

    private final long request;
    private final Key key;
    private final boolean strict;
    private final List<NodeId> candidates;
    private final Means means;
    private final NodeId self;
    private final List<ReadAttempt> attempts = new ArrayList<>(3);

    private GetTracker tracker;
    private long deadlineNanos;
    private int next;
    private long hedgeNanos = NEVER;
    /** When those that are silent are asked again: what they were asked, or their answer, may be lost, and nobody else may be left to be asked. */
    private long repeatNanos;

    private long repeatGapNanos;
    /**
     * When a node beyond the first N may be asked in place of one that is silent: as late as a put goes over to it. Earlier it has nothing, and its
     * "nothing" would count as an answer while all that have the key are merely slow.
     */
    private long spareNanos;

    private long ownDigest;
    private VersionSet own = VersionSet.EMPTY;
    /** Up to which somebody has collected, as far as this node and this get have heard. What is older does not count. */
    private long epoch;

    private @Nullable NodeId fastest;
    private boolean answered;
    private boolean over;

    /**
     * @param stamp by which this node goes now
     * @param epoch up to which this node has collected
     * @param candidates whom to ask, best first
     */
    GetCoordination(
            long id,
            long request,
            Key key,
            int partition,
            long stamp,
            long epoch,
            int needed,
            boolean strict,
            long deadlineNanos,
            List<NodeId> candidates,
            Means means) {
        super(id, partition, stamp);
        this.epoch = epoch;
        this.request = request;
        this.key = key;
        this.strict = strict;
        this.deadlineNanos = deadlineNanos;
        this.candidates = candidates;
        this.means = means;
        this.self = means.limits().self();
        this.tracker = GetTracker.waitingFor(needed);
    }

    void begin(Turn turn) {
        long timeoutNanos = means.limits().replicaTimeoutMillis() * Turn.NANOS_PER_MILLI;
        spareNanos = turn.nanos() + Math.min(timeoutNanos, (deadlineNanos - turn.nanos()) / 2);
        repeatGapNanos = timeoutNanos;
        repeatNanos = turn.nanos() + repeatGapNanos;
        askUntilEnough(turn);
        for (int i = next; i < candidates.size(); i++) {
            means.latency().passedOver(candidates.get(i));
        }
        settle(turn);
    }

    /** Asks so many that R can come together, and sets the time after which one more is asked. */
    private void askUntilEnough(Turn turn) {
        while (next < candidates.size() && tracker.replies() + tracker.waiting() < tracker.needed()) {
            askNext(turn);
        }
        armHedge(turn);
    }

    private void armHedge(Turn turn) {
        hedgeNanos = NEVER;
        if (!answered && next < candidates.size()) {
            long capNanos = means.limits().hedgeCapMillis() * Turn.NANOS_PER_MILLI;
            long patience = 0;
            for (ReadAttempt attempt : attempts) {
                if (attempt.state == ReadAttempt.State.WAITING) {
                    patience = Math.max(patience, means.latency().patienceNanos(attempt.node, capNanos));
                }
            }
            hedgeNanos = turn.nanos() + patience;
            if (turn.outlook().forReads(partition).spare().contains(candidates.get(next))) {
                hedgeNanos = Math.max(hedgeNanos, spareNanos);
            }
        }
    }

    /** Nobody is left to be asked, and with those who lack something there are enough: whoever is silent still has some time. */
    private void takeLacking(Turn turn) {
        if (strict || answered || next < candidates.size() || !tracker.isEnoughWithLacking()) {
            return;
        }
        if (tracker.waiting() == 0 || turn.nanos() >= spareNanos) {
            answerRead(turn);
        } else {
            hedgeNanos = spareNanos;
        }
    }

    private void askNext(Turn turn) {
        NodeId node = candidates.get(next++);
        ReadAttempt attempt = new ReadAttempt(node, turn.nanos());
        attempts.add(attempt);
        tracker = tracker.withAsked();
        if (node.equals(self)) {
            readHere(attempt, turn);
            return;
        }
        if (!turn.outlook().owns(node, partition)) {
            turn.out().observed(Probe.FALLBACK_ASKED);
        }
        means.latency().asked(node);
        turn.out().send(node, new Message.ReplicaGet(id, key, ownDigest));
    }

    /** A read may be asked twice and answered twice. Each wait is twice as long as the one before: who is slow is not made slower. */
    private void askAgain(Turn turn) {
        for (ReadAttempt attempt : attempts) {
            if (attempt.state == ReadAttempt.State.WAITING && turn.nanos() - attempt.askedNanos >= repeatGapNanos) {
                turn.out().observed(Probe.GET_ASKED_AGAIN);
                turn.out().send(attempt.node, new Message.ReplicaGet(id, key, ownDigest));
            }
        }
        repeatGapNanos *= 2;
        repeatNanos = turn.nanos() + repeatGapNanos;
    }

    private void readHere(ReadAttempt attempt, Turn turn) {
        LocalReplica.Reading reading = means.local().read(partition, key, turn);
        if (reading == null) {
            attempt.state = ReadAttempt.State.REFUSED;
            tracker = tracker.withRefusal();
            return;
        }
        own = reading.state();
        ownDigest = StateDigest.of(own);
        if (reading.lacking()) {
            turn.out().observed(Probe.READ_OF_LACKING);
        }
        accept(attempt, own, reading.hinted(), reading.lacking(), reading.stamp(), turn);
    }

    private void accept(ReadAttempt attempt, VersionSet state, boolean hinted, boolean lacking, long stamp, Turn turn) {
        attempt.found = state;
        attempt.stamp = stamp;
        if (stamp < epoch) {
            passOver(attempt, turn);
            return;
        }
        attempt.state = lacking ? ReadAttempt.State.LACKING : ReadAttempt.State.READ;
        tracker = lacking ? tracker.withLacking(state) : tracker.withReply(state);
        if (!lacking && fastest == null && turn.outlook().owns(attempt.node, partition)) {
            fastest = attempt.node;
        }
        if (hinted) {
            turn.out().observed(Probe.GET_ANSWERED_FROM_HINTS);
        }
    }

    private void passOver(ReadAttempt attempt, Turn turn) {
        turn.out().observed(Probe.OUTDATED_ANSWER_PASSED_OVER);
        attempt.state = ReadAttempt.State.REFUSED;
        tracker = tracker.withRefusal();
    }

    /** Somebody has collected: what was taken from who does not know of it was too old. */
    private void heard(long collected, Turn turn) {
        turn.outlook().stamps().heard(partition, 0, collected);
        if (collected <= epoch) {
            return;
        }
        epoch = collected;
        if (attempts.stream().noneMatch(a -> a.hasAnswered() && a.stamp < epoch)) {
            return;
        }
        tracker = GetTracker.waitingFor(tracker.needed());
        for (ReadAttempt attempt : attempts) {
            tracker = tracker.withAsked();
            switch (attempt.state) {
                case WAITING -> {}
                case REFUSED -> tracker = tracker.withRefusal();
                case READ, LACKING -> {
                    if (attempt.stamp < epoch) {
                        passOver(attempt, turn);
                    } else if (attempt.state == ReadAttempt.State.LACKING) {
                        tracker = tracker.withLacking(attempt.found);
                    } else {
                        tracker = tracker.withReply(attempt.found);
                    }
                }
            }
        }
        if (!answered) {
            askUntilEnough(turn);
        }
    }

    void replied(NodeId from, Message.ReplicaGetReply reply, Turn turn) {
        ReadAttempt attempt = waitingAt(from);
        if (attempt == null) {
            return;
        }
        means.latency().released(from);
        heard(reply.epoch(), turn);
        boolean lacking = reply.status() == ReplicaStatus.LACKING;
        if (reply.status() != ReplicaStatus.OK && !lacking) {
            refused(attempt, turn);
            return;
        }
        means.latency().took(from, turn.nanos() - attempt.askedNanos);
        if (reply.same()) {
            turn.out().observed(Probe.GET_DIGEST_MATCHED);
        }
        accept(attempt, reply.same() ? own : reply.state(), reply.hinted(), lacking, reply.stamp(), turn);
        if (lacking) {
            means.lacking().said(from, partition, turn.nanos());
        }
        if (attempt.state == ReadAttempt.State.READ) {
            settle(turn);
        } else {
            askInItsPlace(turn);
        }
    }

    void undeliverable(NodeId to, Turn turn) {
        ReadAttempt attempt = waitingAt(to);
        if (attempt != null) {
            means.latency().released(to);
            refused(attempt, turn);
        }
    }

    private void refused(ReadAttempt attempt, Turn turn) {
        attempt.state = ReadAttempt.State.REFUSED;
        tracker = tracker.withRefusal();
        askInItsPlace(turn);
    }

    private void askInItsPlace(Turn turn) {
        if (!answered) {
            askUntilEnough(turn);
        }
        settle(turn);
    }

    private @Nullable ReadAttempt waitingAt(NodeId node) {
        for (ReadAttempt attempt : attempts) {
            if (attempt.node.equals(node)) {
                return attempt.state == ReadAttempt.State.WAITING ? attempt : null;
            }
        }
        return null;
    }

    /** Answers if it can be said how the get ended; repairs when the last of those asked has answered. */
    private void settle(Turn turn) {
        takeLacking(turn);
        if (!answered) {
            switch (tracker.verdict()) {
                case READ -> answerRead(turn);
                case UNAVAILABLE ->
                    answerFailed(
                            Failure.UNAVAILABLE,
                            tracker.replies() + " of " + tracker.needed()
                                    + " replicas answered, the others can't be reached",
                            turn);
                case UNDECIDED -> {}
            }
        }
        if (answered && !over && tracker.waiting() == 0) {
            finish(turn);
        }
    }

    private void answerRead(Turn turn) {
        answered = true;
        hedgeNanos = NEVER;
        repeatNanos = NEVER;
        deadlineNanos = Math.min(deadlineNanos, turn.nanosIn(LINGER_MILLIS));
        VersionSet merged = tracker.merged().resolve(turn.outlook().policy(key));
        if (merged.unexpired(turn.now().wallMillis()).siblings().size() > 1) {
            turn.out().observed(Probe.GET_SIBLINGS_RETURNED);
        }
        int said = tracker.replies() + tracker.lacking();
        turn.out().getDone(request, new GetOutcome.Read(merged, turn.now().wallMillis(), fastest, said));
    }

    private void answerFailed(Failure failure, String detail, Turn turn) {
        answered = true;
        hedgeNanos = NEVER;
        repeatNanos = NEVER;
        turn.out().observed(failure == Failure.TIMEOUT ? Probe.REQUEST_TIMED_OUT : Probe.GET_QUORUM_FAILED);
        turn.out().getDone(request, new GetOutcome.Failed(failure, detail));
    }

    private void finish(Turn turn) {
        over = true;
        if (tracker.replies() + tracker.lacking() > 1) {
            VersionSet settled = tracker.merged().settle(turn.outlook().policy(key));
            ReadRepair.repair(attempts, partition, key, settled, oldest(), means, turn);
        }
    }

    /** Stamp of the oldest of what it rests on. */
    private long oldest() {
        long oldest = stamp;
        for (ReadAttempt attempt : attempts) {
            oldest = attempt.hasAnswered() ? Math.min(oldest, attempt.stamp) : oldest;
        }
        return oldest;
    }

    @Override
    void wake(Turn turn) {
        if (turn.nanos() >= deadlineNanos) {
            if (!answered) {
                answerFailed(
                        Failure.TIMEOUT,
                        tracker.replies() + " of " + tracker.needed() + " replicas answered before the deadline",
                        turn);
            }
            finish(turn);
            return;
        }
        if (turn.nanos() >= repeatNanos) {
            askAgain(turn);
        }
        if (turn.nanos() >= hedgeNanos) {
            turn.out().observed(Probe.GET_HEDGED);
            for (ReadAttempt attempt : attempts) {
                if (attempt.state == ReadAttempt.State.WAITING) {
                    means.latency().took(attempt.node, turn.nanos() - attempt.askedNanos);
                }
            }
            if (next < candidates.size()) {
                askNext(turn);
            }
            armHedge(turn);
            settle(turn);
        }
    }

    @Override
    boolean isAnswered() {
        return answered;
    }

    @Override
    boolean isFinished() {
        return over;
    }

    @Override
    long wakeNanos() {
        return Math.min(Math.min(hedgeNanos, repeatNanos), deadlineNanos);
    }

    @Override
    void release() {
        for (ReadAttempt attempt : attempts) {
            if (attempt.state == ReadAttempt.State.WAITING) {
                means.latency().released(attempt.node);
            }
        }
    }
}
