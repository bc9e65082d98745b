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
import java.util.List;

/**
 * A get that this node coordinates: {@link GetQuestions} says whom it asks, {@link GetFindings} what of their answers counts; it answers at R, then repairs what was stale (DeCandia et al.
 * 2007, 5).
 *
 * <p>Who says that it may have lost something does not count, and another is asked. Where R don't come together without it a sloppy get takes it for an answer in the end, rather than none: it
 * promises no more than to say what was found. A strict get never does.
 */
final class GetCoordination extends Operation {
    /** How long after its answer a get still waits for the other replicas it has asked, to repair them. */
    static final int LINGER_MILLIS = 1_000;

    private final long request;
    private final Key key;
    private final boolean strict;
    private final Means means;
    private final GetFindings findings;
    private final GetQuestions questions;

    private long deadlineNanos;
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
        this.request = request;
        this.key = key;
        this.strict = strict;
        this.deadlineNanos = deadlineNanos;
        this.means = means;
        this.findings = new GetFindings(partition, epoch, needed);
        this.questions = new GetQuestions(id, key, partition, candidates, findings, means);
    }

    void begin(Turn turn) {
        questions.begin(deadlineNanos, turn);
        settle(turn);
    }

    void replied(NodeId from, Message.ReplicaGetReply reply, Turn turn) {
        ReadAttempt attempt = findings.waitingAt(from);
        if (attempt == null) {
            return;
        }
        means.latency().released(from);
        if (findings.heard(reply.epoch(), turn) && !answered) {
            questions.askUntilEnough(turn);
        }
        boolean lacking = reply.status() == ReplicaStatus.LACKING;
        if (reply.status() != ReplicaStatus.OK && !lacking) {
            refused(attempt, turn);
            return;
        }
        means.latency().took(from, turn.nanos() - attempt.askedNanos);
        if (reply.same()) {
            turn.out().observed(Probe.GET_DIGEST_MATCHED);
        }
        VersionSet state = reply.same() ? questions.own() : reply.state();
        findings.accept(attempt, state, reply.hinted(), lacking, reply.stamp(), turn);
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
        ReadAttempt attempt = findings.waitingAt(to);
        if (attempt != null) {
            means.latency().released(to);
            refused(attempt, turn);
        }
    }

    private void refused(ReadAttempt attempt, Turn turn) {
        findings.refused(attempt);
        askInItsPlace(turn);
    }

    private void askInItsPlace(Turn turn) {
        if (!answered) {
            questions.askUntilEnough(turn);
        }
        settle(turn);
    }

    /** Answers if it can be said how the get ended; repairs when the last of those asked has answered. */
    private void settle(Turn turn) {
        takeLacking(turn);
        GetTracker tracker = findings.tracker();
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

    /** Nobody is left to be asked, and with those who lack something there are enough: whoever is silent still has some time. */
    private void takeLacking(Turn turn) {
        GetTracker tracker = findings.tracker();
        if (!strict && !answered && !questions.isAnybodyLeft() && tracker.isEnoughWithLacking()) {
            if (tracker.waiting() == 0 || questions.waitedLong(turn)) {
                answerRead(turn);
            }
        }
    }

    private void answerRead(Turn turn) {
        answered();
        deadlineNanos = Math.min(deadlineNanos, turn.nanosIn(LINGER_MILLIS));
        GetTracker tracker = findings.tracker();
        VersionSet merged = tracker.merged().resolve(turn.outlook().policy(key));
        if (merged.unexpired(turn.now().wallMillis()).siblings().size() > 1) {
            turn.out().observed(Probe.GET_SIBLINGS_RETURNED);
        }
        int said = tracker.replies() + tracker.lacking();
        turn.out().getDone(request, new GetOutcome.Read(merged, turn.now().wallMillis(), findings.fastest(), said));
    }

    private void answerFailed(Failure failure, String detail, Turn turn) {
        answered();
        turn.out().observed(failure == Failure.TIMEOUT ? Probe.REQUEST_TIMED_OUT : Probe.GET_QUORUM_FAILED);
        turn.out().getDone(request, new GetOutcome.Failed(failure, detail));
    }

    private void answered() {
        answered = true;
        questions.stop();
    }

    private void finish(Turn turn) {
        over = true;
        GetTracker tracker = findings.tracker();
        if (tracker.replies() + tracker.lacking() > 1) {
            VersionSet settled = tracker.merged().settle(turn.outlook().policy(key));
            ReadRepair.repair(findings.attempts(), partition, key, settled, findings.oldest(stamp), means, turn);
        }
    }

    @Override
    void wake(Turn turn) {
        if (turn.nanos() >= deadlineNanos) {
            if (!answered) {
                GetTracker tracker = findings.tracker();
                answerFailed(
                        Failure.TIMEOUT,
                        tracker.replies() + " of " + tracker.needed() + " replicas answered before the deadline",
                        turn);
            }
            finish(turn);
        } else if (questions.wake(turn)) {
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
        return Math.min(questions.wakeNanos(), deadlineNanos);
    }

    @Override
    void release() {
        for (ReadAttempt attempt : findings.attempts()) {
            if (attempt.state == ReadAttempt.State.WAITING) {
                means.latency().released(attempt.node);
            }
        }
    }
}
