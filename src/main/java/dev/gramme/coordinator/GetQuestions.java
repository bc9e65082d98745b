package dev.gramme.coordinator;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.StateDigest;
import java.util.List;

/**
 * Whom one get asks, and when: the R likeliest-fastest replicas at once, one more after a short wait (Dean and Barroso 2013, "The Tail at Scale", hedged requests) or in place of one
 * that does not count, and the silent ones again after a longer one.
 */
final class GetQuestions {
    private final long id;
    private final Key key;
    private final int partition;
    private final List<NodeId> candidates;
    private final GetFindings findings;
    private final Means means;

    private int next;
    private long hedgeNanos = Operation.NEVER;
    /** When those that are silent are asked again: what they were asked, or their answer, may be lost, and nobody else may be left to be asked. */
    private long repeatNanos;

    private long repeatGapNanos;
    /**
     * When a node beyond the first N may be asked in place of one that is silent: as late as a put goes over to it. Earlier it has nothing, and its
     * "nothing" would count as an answer while all that have the key are merely slow.
     */
    private long spareNanos;

    private VersionSet own = VersionSet.EMPTY;
    private long ownDigest;

    /** @param candidates whom to ask, best first */
    GetQuestions(long id, Key key, int partition, List<NodeId> candidates, GetFindings findings, Means means) {
        this.id = id;
        this.key = key;
        this.partition = partition;
        this.candidates = candidates;
        this.findings = findings;
        this.means = means;
    }

    void begin(long deadlineNanos, Turn turn) {
        long timeoutNanos = means.limits().replicaTimeoutMillis() * Turn.NANOS_PER_MILLI;
        spareNanos = turn.nanos() + Math.min(timeoutNanos, (deadlineNanos - turn.nanos()) / 2);
        repeatGapNanos = timeoutNanos;
        repeatNanos = turn.nanos() + repeatGapNanos;
        askUntilEnough(turn);
        for (int i = next; i < candidates.size(); i++) {
            means.latency().passedOver(candidates.get(i));
        }
    }

    /** What this node itself holds, if it was asked: others that hold the same say only that. */
    VersionSet own() {
        return own;
    }

    boolean isAnybodyLeft() {
        return next < candidates.size();
    }

    /** Asks so many that R can come together, and sets the time after which one more is asked. */
    void askUntilEnough(Turn turn) {
        while (isAnybodyLeft() && findings.areTooFewAsked()) {
            askNext(turn);
        }
        armHedge(turn);
    }

    private void armHedge(Turn turn) {
        hedgeNanos = Operation.NEVER;
        if (isAnybodyLeft()) {
            long capNanos = means.limits().hedgeCapMillis() * Turn.NANOS_PER_MILLI;
            long patience = 0;
            for (ReadAttempt attempt : findings.attempts()) {
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

    /** Whether whoever is silent has had the time that it is given where there would be enough without it. If not, it is looked at again then. */
    boolean waitedLong(Turn turn) {
        if (turn.nanos() < spareNanos) {
            hedgeNanos = spareNanos;
            return false;
        }
        return true;
    }

    private void askNext(Turn turn) {
        NodeId node = candidates.get(next++);
        ReadAttempt attempt = findings.asked(node, turn);
        if (node.equals(means.limits().self())) {
            readHere(attempt, turn);
            return;
        }
        if (!turn.outlook().owns(node, partition)) {
            turn.out().observed(Probe.FALLBACK_ASKED);
        }
        means.latency().asked(node);
        turn.out().send(node, new Message.ReplicaGet(id, key, ownDigest));
    }

    private void readHere(ReadAttempt attempt, Turn turn) {
        LocalReplica.Reading reading = means.local().read(partition, key, turn);
        if (reading == null) {
            findings.refused(attempt);
            return;
        }
        own = reading.state();
        ownDigest = StateDigest.of(own);
        if (reading.lacking()) {
            turn.out().observed(Probe.READ_OF_LACKING);
        }
        findings.accept(attempt, own, reading.hinted(), reading.lacking(), reading.stamp(), turn);
    }

    /** A read may be asked twice and answered twice. Each wait is twice as long as the one before: who is slow is not made slower. */
    private void askAgain(Turn turn) {
        for (ReadAttempt attempt : findings.attempts()) {
            if (attempt.state == ReadAttempt.State.WAITING && turn.nanos() - attempt.askedNanos >= repeatGapNanos) {
                turn.out().observed(Probe.GET_ASKED_AGAIN);
                turn.out().send(attempt.node, new Message.ReplicaGet(id, key, ownDigest));
            }
        }
        repeatGapNanos *= 2;
        repeatNanos = turn.nanos() + repeatGapNanos;
    }

    /** Asks whoever is due. Gives whether the wait for one more was over: then it is to be looked at how the get stands. */
    boolean wake(Turn turn) {
        if (turn.nanos() >= repeatNanos) {
            askAgain(turn);
        }
        if (turn.nanos() < hedgeNanos) {
            return false;
        }
        turn.out().observed(Probe.GET_HEDGED);
        for (ReadAttempt attempt : findings.attempts()) {
            if (attempt.state == ReadAttempt.State.WAITING) {
                means.latency().took(attempt.node, turn.nanos() - attempt.askedNanos);
            }
        }
        if (isAnybodyLeft()) {
            askNext(turn);
        }
        armHedge(turn);
        return true;
    }

    long wakeNanos() {
        return Math.min(hedgeNanos, repeatNanos);
    }

    /** The get is answered: nobody is asked any more. */
    void stop() {
        hedgeNanos = Operation.NEVER;
        repeatNanos = Operation.NEVER;
    }
}
