package dev.gramme.coordinator;

import dev.gramme.quorum.GetTracker;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Probe;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the replicas that one get has asked have said, and which of it counts.
 *
 * <p>Who says that it may have lost something does not count for R; what it still has is merged all the same. What is older than a collection that this node or this get has heard of does not
 * count at all, not even if it was taken before that was heard.
 */
final class GetFindings {
    private final int partition;
    private final List<ReadAttempt> attempts = new ArrayList<>(3);

    private GetTracker tracker;
    /** Up to which somebody has collected, as far as this node and this get have heard. What is older does not count. */
    private long epoch;

    private @Nullable NodeId fastest;

    /**
     * @param epoch up to which this node has collected
     * @param needed R
     */
    GetFindings(int partition, long epoch, int needed) {
        this.partition = partition;
        this.epoch = epoch;
        this.tracker = GetTracker.waitingFor(needed);
    }

    /** In the order in which they were asked. */
    List<ReadAttempt> attempts() {
        return attempts;
    }

    /** How it stands. */
    GetTracker tracker() {
        return tracker;
    }

    /** The first owner whose answer counted; null if there is none. */
    @Nullable
    NodeId fastest() {
        return fastest;
    }

    /** Whether R can't come together from those that were asked, as far as is known. */
    boolean areTooFewAsked() {
        return tracker.replies() + tracker.waiting() < tracker.needed();
    }

    ReadAttempt asked(NodeId node, Turn turn) {
        ReadAttempt attempt = new ReadAttempt(node, turn.nanos());
        attempts.add(attempt);
        tracker = tracker.withAsked();
        return attempt;
    }

    /** Null if no answer of {@code node} is waited for. */
    @Nullable
    ReadAttempt waitingAt(NodeId node) {
        for (ReadAttempt attempt : attempts) {
            if (attempt.node.equals(node)) {
                return attempt.state == ReadAttempt.State.WAITING ? attempt : null;
            }
        }
        return null;
    }

    void accept(ReadAttempt attempt, VersionSet state, boolean hinted, boolean lacking, long stamp, Turn turn) {
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

    void refused(ReadAttempt attempt) {
        attempt.state = ReadAttempt.State.REFUSED;
        tracker = tracker.withRefusal();
    }

    private void passOver(ReadAttempt attempt, Turn turn) {
        turn.out().observed(Probe.OUTDATED_ANSWER_PASSED_OVER);
        refused(attempt);
    }

    /** Somebody has collected: what was taken from who does not know of it was too old. Gives whether any was. */
    boolean heard(long collected, Turn turn) {
        turn.outlook().stamps().heard(partition, 0, collected);
        if (collected <= epoch) {
            return false;
        }
        epoch = collected;
        if (attempts.stream().noneMatch(a -> a.hasAnswered() && a.stamp < epoch)) {
            return false;
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
        return true;
    }

    /**
     * Stamp of the oldest of what the merged state rests on.
     *
     * @param own by which this node went when the get began
     */
    long oldest(long own) {
        long oldest = own;
        for (ReadAttempt attempt : attempts) {
            oldest = attempt.hasAnswered() ? Math.min(oldest, attempt.stamp) : oldest;
        }
        return oldest;
    }
}
