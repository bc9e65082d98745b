package dev.gramme.coordinator;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.PreferenceList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The replicas that one put has asked, each once; and what it holds of {@link PeerLatency} for them. */
final class WriteAttempts {
    private final PeerLatency latency;
    private final List<WriteAttempt> all = new ArrayList<>(4);

    WriteAttempts(PeerLatency latency) {
        this.latency = latency;
    }

    boolean isNew(NodeId node) {
        return at(node) == null;
    }

    /** To be {@linkplain #sent sent} next. */
    WriteAttempt add(PreferenceList.Entry entry, long timeoutNanos) {
        WriteAttempt attempt = new WriteAttempt(entry, timeoutNanos);
        all.add(attempt);
        return attempt;
    }

    void sent(WriteAttempt attempt) {
        attempt.state = WriteAttempt.State.WAITING;
        latency.asked(attempt.node());
    }

    private @Nullable WriteAttempt at(NodeId node) {
        for (WriteAttempt attempt : all) {
            if (attempt.node().equals(node)) {
                return attempt;
            }
        }
        return null;
    }

    /** {@code node} has answered: what it was asked. Null if it was not, or has said before what it will. */
    @Nullable
    WriteAttempt answered(NodeId node) {
        WriteAttempt attempt = at(node);
        if (attempt == null || attempt.isOver()) {
            return null;
        }
        release(attempt);
        return attempt;
    }

    /**
     * Those about which something is to be done now.
     *
     * @param late whatever they wait for
     */
    List<WriteAttempt> due(long nowNanos, boolean late) {
        return all.stream()
                .filter(attempt -> late || nowNanos >= attempt.dueNanos())
                .toList();
    }

    /** When something is to be done about one of them. An answered put asks nobody again. */
    long nextNanos(boolean answered) {
        long next = Operation.NEVER;
        for (WriteAttempt attempt : all) {
            if (!answered || attempt.state == WriteAttempt.State.WAITING) {
                next = Math.min(next, attempt.dueNanos());
            }
        }
        return next;
    }

    private void release(WriteAttempt attempt) {
        if (attempt.isUnderWay()) {
            latency.released(attempt.node());
        }
    }

    void release() {
        all.forEach(this::release);
    }
}
