package dev.gramme.coordinator;

import dev.gramme.quorum.PutTracker;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.PreferenceList;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.ReplicaStatus;
import java.util.List;

/**
 * A put that this node coordinates (DeCandia et al. 2007, 4.5, 4.6). The version is minted and kept here; the other replicas are told at once; W
 * durable acknowledgements make it written.
 *
 * <p>Each owner ends up told or stood for: where the node asked on its behalf refuses, can't be reached or is silent, the next spare node is asked to
 * keep a hint; where there is none, this node keeps it. So the operation lives on after the answer until no attempt is waiting.
 */
final class PutCoordination extends Operation {
    private final PutTask task;
    private final LocalReplica.Minted minted;
    private final List<NodeId> spare;
    private final Means means;
    private final NodeId self;
    private final PreferenceList.Entry own;

    private final WriteAttempts attempts;
    private PutTracker tracker;
    private int nextSpare;
    private int hints;
    private boolean ownPending = true;
    private boolean ownFailed;
    private boolean answered;
    private boolean over;

    /**
     * @param own what this node keeps the version for: itself, or the owner it stands for; or both, where it owns the key by one ring
     * @param quorums sets of owners, W of each of which must keep it
     * @param hints hints kept with the version for owners that are down
     * @param spare nodes that may stand in for an owner that fails now; empty for a strict quorum
     */
    PutCoordination(
            long id,
            PutTask task,
            LocalReplica.Minted minted,
            List<List<NodeId>> quorums,
            PreferenceList.Entry own,
            int hints,
            List<NodeId> spare,
            Means means) {
        super(id, task.partition(), minted.stamp());
        this.task = task;
        this.minted = minted;
        this.hints = hints;
        this.spare = spare;
        this.means = means;
        this.attempts = new WriteAttempts(means.latency());
        this.self = means.limits().self();
        this.own = own;
        this.tracker = PutTracker.waitingFor(task.needed(), quorums).withAsked();
    }

    void ask(PreferenceList.Entry entry, Turn turn) {
        NodeId node = entry.node();
        if (!means.latency().hasRoom(node)) {
            standIn(entry, turn);
            return;
        }
        if (entry.standsFor() != null) {
            turn.out().observed(entry.isPrimary() ? Probe.OWNER_ASKED_AS_FALLBACK : Probe.FALLBACK_ASKED);
        }
        tracker = tracker.withAsked();
        send(attempts.add(entry, turn.nanosIn(means.limits().replicaTimeoutMillis())), turn);
    }

    private void send(WriteAttempt attempt, Turn turn) {
        attempts.sent(attempt);
        NodeId standsFor = attempt.entry.standsFor();
        turn.out().send(attempt.node(), new Message.ReplicaPut(id, task.key(), minted.state(), standsFor, stamp));
    }

    /** {@code attempt} has not taken the write, or not in time. */
    private void standIn(WriteAttempt attempt, Turn turn) {
        if (!attempt.stoodFor) {
            attempt.stoodFor = true;
            standIn(attempt.entry, turn);
        }
    }

    /** {@code entry} did not take the write: whom it was to keep it for is not told. */
    private void standIn(PreferenceList.Entry entry, Turn turn) {
        entry.tells().forEach(owner -> standIn(owner, turn));
    }

    /** {@code untold} was not told: the next spare node keeps a hint for it, else this node does. If this node stands for it anyway, spare nodes are left for others: two in one place count as one. */
    private void standIn(NodeId untold, Turn turn) {
        if (untold.equals(own.standsFor()) && !ownFailed) {
            return;
        }
        while (nextSpare < spare.size()) {
            NodeId node = spare.get(nextSpare++);
            if (!node.equals(self) && attempts.isNew(node) && means.latency().hasRoom(node)) {
                ask(PreferenceList.Entry.fallback(node, untold), turn);
                return;
            }
        }
        keepHint(untold, turn);
    }

    private void keepHint(NodeId untold, Turn turn) {
        if (!untold.equals(self)) {
            means.local().keepHint(task.partition(), task.key(), untold, minted.state(), stamp, turn);
            hints++;
        }
    }

    /** The own write is durable. */
    void persisted(Turn turn) {
        if (ownPending) {
            ownPending = false;
            tracker = tracker.withKept(own.places());
            conclude(turn);
        }
    }

    /** The own write never will be durable: others are asked to keep it in this node's place. */
    void persistFailed(Turn turn) {
        if (ownPending) {
            ownPending = false;
            ownFailed = true;
            tracker = tracker.withRefusal();
            if (!over) {
                standIn(own, turn);
            }
            conclude(turn);
        }
    }

    void replied(NodeId from, ReplicaStatus status, Turn turn) {
        WriteAttempt attempt = attempts.answered(from);
        if (attempt == null) {
            return;
        }
        if (status == ReplicaStatus.OK) {
            attempt.state = WriteAttempt.State.OK;
            tracker = tracker.withKept(attempt.entry.places());
            if (attempt.entry.standsFor() != null) {
                hints++;
            }
        } else {
            refused(attempt, turn);
        }
        conclude(turn);
    }

    /**
     * {@code from} takes nothing so old; or anything yet, because it comes in and does not know which deletes were forgotten. Then it is stood for at once, and asked again too as long as a
     * silent one is waited for: there may be nobody else to fill its place, and mostly it knows within some 50 ms.
     */
    void outdated(NodeId from, Message.Outdated reply, Turn turn) {
        WriteAttempt attempt = attempts.answered(from);
        if (attempt == null || attempt.state == WriteAttempt.State.NOT_YET) {
            return;
        }
        boolean tooOld = stamp < Math.max(reply.stamp(), reply.epoch());
        if (!tooOld && !answered && attempt.putOff(turn.nanos())) {
            standIn(attempt, turn);
        } else {
            refused(attempt, turn);
        }
        conclude(turn);
    }

    private void refused(WriteAttempt attempt, Turn turn) {
        attempt.state = WriteAttempt.State.REFUSED;
        tracker = tracker.withRefusal();
        standIn(attempt, turn);
    }

    /** Answers the client as soon as it can be said how the put ended. */
    void conclude(Turn turn) {
        if (!answered && tracker.verdict() != PutTracker.Verdict.UNDECIDED) {
            answer(tracker.verdict(), turn);
        }
    }

    private void answer(PutTracker.Verdict verdict, Turn turn) {
        answered = true;
        PutOutcome outcome = switch (verdict) {
            case WRITTEN ->
                new PutOutcome.Written(
                        minted.dot(),
                        minted.time(),
                        minted.context(),
                        self,
                        tracker.copies(),
                        hints,
                        minted.siblings(),
                        minted.expiresMillis());
            case INDETERMINATE, FAILED, UNDECIDED -> {
                // It was minted here, so it can never be said that nothing was written.
                turn.out().observed(Probe.PUT_INDETERMINATE);
                yield new PutOutcome.Indeterminate(
                        tracker.acks(),
                        tracker.needed(),
                        "written at " + tracker.acks() + " of " + tracker.needed()
                                + " nodes"
                                + (tracker.quorums().size() > 1 ? " by one of the two rings of a change" : "")
                                + "; retry with the same idempotency key");
            }
        };
        task.asker().answer(outcome, turn.out());
    }

    @Override
    void wake(Turn turn) {
        boolean late = turn.nanos() >= task.deadlineNanos();
        attempts.due(turn.nanos(), late).forEach(attempt -> due(attempt, late, turn));
        conclude(turn);
        if (late) {
            over = true;
            if (!answered) {
                turn.out().observed(Probe.REQUEST_TIMED_OUT);
                answer(tracker.verdictAtDeadline(), turn);
            }
        }
    }

    private void due(WriteAttempt attempt, boolean late, Turn turn) {
        if (attempt.state == WriteAttempt.State.WAITING) {
            attempt.state = WriteAttempt.State.SILENT;
            if (!late) {
                standIn(attempt, turn);
            } else if (!attempt.stoodFor) {
                attempt.entry.tells().forEach(owner -> keepHint(owner, turn));
            }
        } else if (attempt.state == WriteAttempt.State.NOT_YET && !answered && !late) {
            if (means.latency().hasRoom(attempt.node())) {
                turn.out().observed(Probe.PUT_ASKED_AGAIN);
                send(attempt, turn);
            } else {
                refused(attempt, turn);
            }
        }
    }

    @Override
    boolean isAnswered() {
        return answered;
    }

    @Override
    boolean isFinished() {
        return over || (answered && !ownPending && attempts.nextNanos(answered) == NEVER);
    }

    @Override
    long wakeNanos() {
        return Math.min(attempts.nextNanos(answered), task.deadlineNanos());
    }

    @Override
    void release() {
        attempts.release();
    }
}
