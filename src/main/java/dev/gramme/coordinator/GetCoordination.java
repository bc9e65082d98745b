package dev.gramme.coordinator;

import dev.gramme.quorum.GetTracker;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Failure;
import dev.gramme.wire.GetCommand;
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
 * Scale", hedged requests) or when one fails; answers at R; then repairs what was stale (DeCandia et al. 2007, 5).
 */
final class GetCoordination extends Operation {
    private enum State {
        WAITING,
        READ,
        REFUSED
    }

    private static final class Attempt {
        final NodeId node;
        final long askedNanos;
        State state = State.WAITING;
        VersionSet found = VersionSet.EMPTY;

        Attempt(NodeId node, long askedNanos) {
            this.node = node;
            this.askedNanos = askedNanos;
        }
    }

    private final long request;
    private final GetCommand command;
    private final int partition;
    private final long deadlineNanos;
    private final List<NodeId> candidates;
    private final Limits limits;
    private final PeerLatency latency;
    private final LocalReplica local;
    private final List<Attempt> attempts = new ArrayList<>(3);

    private GetTracker tracker;
    private int next;
    private long hedgeNanos = NEVER;
    private long ownDigest;
    private VersionSet own = VersionSet.EMPTY;
    private @Nullable NodeId fastest;
    private boolean answered;
    private boolean over;

    GetCoordination(
            long id,
            long request,
            GetCommand command,
            int partition,
            int needed,
            long deadlineNanos,
            List<NodeId> candidates,
            Limits limits,
            PeerLatency latency,
            LocalReplica local) {
        super(id);
        this.request = request;
        this.command = command;
        this.partition = partition;
        this.deadlineNanos = deadlineNanos;
        this.candidates = candidates;
        this.limits = limits;
        this.latency = latency;
        this.local = local;
        this.tracker = GetTracker.waitingFor(needed);
    }

    void begin(Turn turn) {
        askUntilEnough(turn);
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
            long capNanos = limits.hedgeCapMillis() * Turn.NANOS_PER_MILLI;
            long patience = 0;
            for (Attempt attempt : attempts) {
                if (attempt.state == State.WAITING) {
                    patience = Math.max(patience, latency.patienceNanos(attempt.node, capNanos));
                }
            }
            hedgeNanos = turn.nanos() + patience;
        }
    }

    private void askNext(Turn turn) {
        NodeId node = candidates.get(next++);
        Attempt attempt = new Attempt(node, turn.nanos());
        attempts.add(attempt);
        tracker = tracker.withAsked();
        if (node.equals(limits.self())) {
            readHere(attempt, turn);
            return;
        }
        if (!turn.outlook().owns(node, partition)) {
            turn.out().observed(Probe.FALLBACK_ASKED);
        }
        latency.asked(node);
        turn.out().send(node, new Message.ReplicaGet(id, command.key(), ownDigest));
    }

    private void readHere(Attempt attempt, Turn turn) {
        LocalReplica.Reading reading = local.read(partition, command.key(), turn);
        if (reading == null) {
            attempt.state = State.REFUSED;
            tracker = tracker.withRefusal();
            return;
        }
        own = reading.state();
        ownDigest = StateDigest.of(own);
        accept(attempt, own, reading.hinted(), turn);
    }

    private void accept(Attempt attempt, VersionSet state, boolean hinted, Turn turn) {
        attempt.state = State.READ;
        attempt.found = state;
        tracker = tracker.withReply(state);
        if (fastest == null && turn.outlook().owns(attempt.node, partition)) {
            fastest = attempt.node;
        }
        if (hinted) {
            turn.out().observed(Probe.GET_ANSWERED_FROM_HINTS);
        }
    }

    void replied(NodeId from, Message.ReplicaGetReply reply, Turn turn) {
        Attempt attempt = waitingAt(from);
        if (attempt == null) {
            return;
        }
        latency.released(from);
        if (reply.status() != ReplicaStatus.OK) {
            refused(attempt, turn);
            return;
        }
        latency.took(from, turn.nanos() - attempt.askedNanos);
        if (reply.same()) {
            turn.out().observed(Probe.GET_DIGEST_MATCHED);
        }
        accept(attempt, reply.same() ? own : reply.state(), reply.hinted(), turn);
        settle(turn);
    }

    void undeliverable(NodeId to, Turn turn) {
        Attempt attempt = waitingAt(to);
        if (attempt != null) {
            latency.released(to);
            refused(attempt, turn);
        }
    }

    private void refused(Attempt attempt, Turn turn) {
        attempt.state = State.REFUSED;
        tracker = tracker.withRefusal();
        if (!answered) {
            askUntilEnough(turn);
        }
        settle(turn);
    }

    private @Nullable Attempt waitingAt(NodeId node) {
        for (Attempt attempt : attempts) {
            if (attempt.node.equals(node)) {
                return attempt.state == State.WAITING ? attempt : null;
            }
        }
        return null;
    }

    /** Answers if it can be said how the get ended; repairs when the last of those asked has answered. */
    private void settle(Turn turn) {
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

    private VersionSet merged(Turn turn) {
        return tracker.merged().resolve(turn.outlook().policy(command.key()));
    }

    private void answerRead(Turn turn) {
        answered = true;
        hedgeNanos = NEVER;
        VersionSet merged = merged(turn);
        if (merged.siblings().size() > 1) {
            turn.out().observed(Probe.GET_SIBLINGS_RETURNED);
        }
        turn.out().getDone(request, new GetOutcome.Read(merged, fastest, tracker.replies()));
    }

    private void answerFailed(Failure failure, String detail, Turn turn) {
        answered = true;
        hedgeNanos = NEVER;
        turn.out().observed(failure == Failure.TIMEOUT ? Probe.REQUEST_TIMED_OUT : Probe.GET_QUORUM_FAILED);
        turn.out().getDone(request, new GetOutcome.Failed(failure, detail));
    }

    private void finish(Turn turn) {
        over = true;
        if (tracker.replies() < 2) {
            return;
        }
        VersionSet merged = merged(turn);
        long digest = StateDigest.of(merged);
        for (Attempt attempt : attempts) {
            // A fallback keeps what it was handed for its owner, nothing else: only owners are repaired.
            if (attempt.state == State.READ
                    && attempt.found != merged
                    && turn.outlook().owns(attempt.node, partition)
                    && StateDigest.of(attempt.found) != digest) {
                repair(attempt.node, merged, turn);
            }
        }
    }

    private void repair(NodeId node, VersionSet merged, Turn turn) {
        turn.out().observed(Probe.READ_REPAIR);
        if (node.equals(limits.self())) {
            local.repair(partition, command.key(), merged, turn);
        } else {
            // Nobody waits for the answer: the next read, or anti-entropy, repairs what this one did not.
            turn.out().send(node, new Message.ReplicaPut(turn.out().nextId(), command.key(), merged, null));
        }
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
        } else if (turn.nanos() >= hedgeNanos) {
            turn.out().observed(Probe.GET_HEDGED);
            askNext(turn);
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
        return Math.min(hedgeNanos, deadlineNanos);
    }

    @Override
    void release() {
        for (Attempt attempt : attempts) {
            if (attempt.state == State.WAITING) {
                latency.released(attempt.node);
            }
        }
    }
}
