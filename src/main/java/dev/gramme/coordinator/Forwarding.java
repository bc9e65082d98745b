package dev.gramme.coordinator;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Failure;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's put on its way to a coordinator: tries one candidate after the other.
 *
 * <p>Passing it on twice is safe: the versions that two coordinators make of it have one idempotency key and collapse. So a coordinator that can't say in time whether
 * it is written (the ring has gone on without it, say) is no reason to give up either. It is failed only if each candidate surely did nothing: refused, or was not
 * reached.
 */
final class Forwarding extends Operation {
    /** How {@link Coordinator} coordinates here, when this node's turn among the candidates comes. */
    interface Here {
        /** Null if it was taken on, else why it was refused; then nothing was done. */
        PutOutcome.@Nullable Failed coordinate(PutTask task, Turn turn);
    }

    private final PutTask task;
    private final List<NodeId> candidates;
    private final Means means;
    private final Here here;
    /** Asked, and nothing heard yet. */
    private final List<NodeId> silent = new ArrayList<>(2);

    private int next;
    private long patienceNanos = NEVER;
    private PutOutcome.Failed refusal;
    /** What the last coordinator said that could not say whether it is written; null if none was so. */
    private PutOutcome.@Nullable Indeterminate unsure;

    private boolean done;

    /**
     * @param stamp by which this node goes now
     * @param refusal what is to be said if no candidate can be reached
     */
    Forwarding(
            long id,
            PutTask task,
            long stamp,
            List<NodeId> candidates,
            PutOutcome.Failed refusal,
            Means means,
            Here here) {
        super(id, task.partition(), stamp);
        this.task = task;
        this.candidates = candidates;
        this.refusal = refusal;
        this.means = means;
        this.here = here;
    }

    void tryNext(Turn turn) {
        patienceNanos = NEVER;
        while (next < candidates.size()) {
            NodeId candidate = candidates.get(next++);
            if (candidate.equals(means.limits().self())) {
                PutOutcome.Failed refused = here.coordinate(task, turn);
                if (refused == null) {
                    done = true;
                    return;
                }
                refused(refused);
            } else if (means.latency().hasRoom(candidate)) {
                pass(candidate, turn);
                return;
            }
        }
        if (silent.isEmpty()) {
            giveUp(turn);
        }
    }

    private void giveUp(Turn turn) {
        finish(unsure == null ? refusal : unsure, turn);
    }

    private void pass(NodeId candidate, Turn turn) {
        turn.out().observed(silent.isEmpty() && next == 1 ? Probe.PUT_FORWARDED : Probe.PUT_FORWARD_RETRIED);
        long leftMillis = Math.max(1, (task.deadlineNanos() - turn.nanos()) / Turn.NANOS_PER_MILLI);
        if (next < candidates.size()) {
            // Longer than a coordinator needs to go over to a fallback itself, and never more than half of what is
            // left.
            patienceNanos =
                    turn.nanosIn(Math.min(leftMillis / 2, 3L * means.limits().replicaTimeoutMillis()));
        }
        silent.add(candidate);
        means.latency().asked(candidate);
        PutCommand command = task.command();
        PutCommand rest = new PutCommand(
                command.key(),
                command.seen(),
                command.seenTime(),
                command.content(),
                command.options().withTimeoutMillis((int) leftMillis));
        long life = turn.outlook().view().life(candidate);
        turn.out().send(candidate, new Message.CoordinatePut(id, rest, stamp, life));
    }

    void replied(NodeId from, PutOutcome outcome, Turn turn) {
        if (done || !silent.contains(from)) {
            return;
        }
        switch (outcome) {
            case PutOutcome.Written written -> finish(written, turn);
            case PutOutcome.Indeterminate indeterminate -> {
                unsure = indeterminate;
                isOver(from, turn);
            }
            case PutOutcome.Failed failed -> {
                refused(failed);
                isOver(from, turn);
            }
        }
    }

    private void refused(PutOutcome.Failed failed) {
        refusal = failed;
        if (failed.failure().isSameEverywhere()) {
            next = candidates.size();
        }
    }

    void undeliverable(NodeId to, Turn turn) {
        if (!done && silent.contains(to)) {
            refusal = new PutOutcome.Failed(Failure.UNAVAILABLE, to + " can't be reached");
            isOver(to, turn);
        }
    }

    /** Nothing more is to be expected of {@code node}: the next is asked, if there is one and time. */
    private void isOver(NodeId node, Turn turn) {
        silent.remove(node);
        means.latency().released(node);
        if (turn.nanos() < task.deadlineNanos()) {
            tryNext(turn);
        } else if (silent.isEmpty()) {
            giveUp(turn);
        }
    }

    private void finish(PutOutcome outcome, Turn turn) {
        done = true;
        task.asker().answer(outcome, turn.out());
    }

    @Override
    void wake(Turn turn) {
        if (done) {
            return;
        }
        if (turn.nanos() >= task.deadlineNanos()) {
            turn.out().observed(Probe.REQUEST_TIMED_OUT);
            turn.out().observed(Probe.PUT_INDETERMINATE);
            finish(
                    new PutOutcome.Indeterminate(
                            0,
                            task.needed(),
                            "no word from " + silent + " before the deadline; retry with the same idempotency key"),
                    turn);
        } else if (turn.nanos() >= patienceNanos) {
            tryNext(turn);
        }
    }

    @Override
    boolean isAnswered() {
        return done;
    }

    @Override
    boolean isFinished() {
        return done;
    }

    @Override
    long wakeNanos() {
        return Math.min(patienceNanos, task.deadlineNanos());
    }

    @Override
    void release() {
        for (NodeId node : silent) {
            means.latency().released(node);
        }
        silent.clear();
    }
}
