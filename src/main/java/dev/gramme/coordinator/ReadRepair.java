package dev.gramme.coordinator;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import java.util.List;

/** Tells the replicas that a read found stale what it has found (DeCandia et al. 2007, 5). */
final class ReadRepair {
    private ReadRepair() {}

    /**
     * A fallback keeps what it was handed for its owner, nothing else: only owners are repaired.
     *
     * @param merged what all replies together say
     * @param stamp of the oldest of them
     */
    static void repair(
            List<ReadAttempt> attempts, int partition, Key key, VersionSet merged, long stamp, Means means, Turn turn) {
        for (ReadAttempt attempt : attempts) {
            if (attempt.hasAnswered()
                    && turn.outlook().owns(attempt.node, partition)
                    && !attempt.found.equals(merged)) {
                tell(attempt.node, partition, key, merged, stamp, means, turn);
            }
        }
    }

    private static void tell(
            NodeId node, int partition, Key key, VersionSet merged, long stamp, Means means, Turn turn) {
        turn.out().observed(Probe.READ_REPAIR);
        if (node.equals(means.limits().self())) {
            means.local().repair(partition, key, merged, stamp, turn);
        } else {
            // Nobody waits for the answer: the next read, or anti-entropy, repairs what this one did not.
            turn.out().send(node, new Message.ReplicaPut(turn.out().nextId(), key, merged, null, stamp));
        }
    }
}
