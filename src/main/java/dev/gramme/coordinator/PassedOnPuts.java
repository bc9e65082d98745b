package dev.gramme.coordinator;

import dev.gramme.quorum.QuorumRules;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.Stamps;

/**
 * Which of the puts that are passed on to this node it may take on: each of the last {@link RecentRequests#REMEMBERED} once, and none that is meant for a former life (only programs of a former wire
 * format do not say for which it is meant). Who passed it on may have told its client that it failed, because this node or another refused it; it may
 * be written by another node, replaced, deleted and forgotten by now.
 */
final class PassedOnPuts {
    private final NodeId self;
    private final RecentRequests recent = new RecentRequests();

    PassedOnPuts(NodeId self) {
        this.self = self;
    }

    /** Whether it came before. To be asked once of each, before it is answered in any way: one that was refused may not be carried out when its copy comes late. */
    boolean isCopy(NodeId from, Message.CoordinatePut message) {
        return !recent.isNew(from, message.id());
    }

    /** Whether it may not be taken on. Then it is answered. */
    boolean turnsAway(NodeId from, Message.CoordinatePut message, Turn turn) {
        return isOfFormerLife(from, message, turn) || isOutdated(from, message, turn);
    }

    /** Whether it is meant for a former life of this node, which may have carried it out, or have refused it: this one remembers nothing of that, so it says neither. */
    private boolean isOfFormerLife(NodeId from, Message.CoordinatePut message, Turn turn) {
        if (message.life() == 0 || message.life() == turn.outlook().view().life(self)) {
            return false;
        }
        turn.out().observed(Probe.FORMER_LIFE_REFUSED);
        int bucketW = turn.outlook().bucket(message.key().bucket()).w();
        PutOutcome.Indeterminate unknown = new PutOutcome.Indeterminate(
                0,
                QuorumRules.effective(message.command().options().w(), bucketW),
                self + " was started again since the put was sent to it; retry with the same idempotency key");
        turn.out().send(from, new Message.CoordinatePutReply(message.id(), unknown));
        return true;
    }

    /** Whether it is older than what this node takes: the message was on its way for long, and what it was to write may be written, deleted and forgotten since. */
    private boolean isOutdated(NodeId from, Message.CoordinatePut message, Turn turn) {
        int partition = turn.outlook().partitionOf(message.key());
        Stamps stamps = turn.outlook().stamps();
        stamps.heard(partition, message.stamp(), 0);
        boolean owner = turn.outlook().owns(self, partition);
        boolean outdated = message.stamp() < (owner ? stamps.takesFrom(partition) : stamps.keepsFrom(partition));
        if (outdated) {
            turn.out().observed(Probe.OUTDATED_REFUSED);
            long stamp = stamps.stamp(partition);
            turn.out().send(from, new Message.Outdated(message.id(), partition, stamp, stamps.epoch(partition)));
        }
        return outdated;
    }
}
