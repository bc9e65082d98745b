package dev.gramme.coordinator;

import dev.gramme.quorum.QuorumRules;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.Failure;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.RequestOptions;
import java.util.List;

/** Decides whether a get is begun. */
final class GetAdmission {
    sealed interface Decision {}

    record Refused(GetOutcome.Failed failed) implements Decision {}

    record Admitted(GetCoordination get) implements Decision {}

    private final Means means;

    GetAdmission(Means means) {
        this.means = means;
    }

    Decision admit(long request, GetCommand command, Turn turn) {
        Outlook outlook = turn.outlook();
        RequestOptions options = command.options();
        int bucketR = outlook.bucket(command.key().bucket()).r();
        int needed = QuorumRules.effective(options.r(), bucketR);
        int replicas = outlook.view().ring().replicas();
        if (!QuorumRules.isPossible(needed, replicas)) {
            return refused(Failure.IMPOSSIBLE_QUORUM, "r=" + needed + " is not from 1 to " + replicas);
        }
        int partition = outlook.partitionOf(command.key());
        List<NodeId> candidates = Candidates.forGet(
                outlook.forReads(partition), means.limits().self(), options.strict(), means.latency());
        candidates = means.lacking().last(candidates, outlook, partition, turn.nanos());
        if (candidates.size() < needed) {
            turn.out().observed(Probe.GET_QUORUM_FAILED);
            return refused(
                    Failure.UNAVAILABLE, "r=" + needed + ", and " + candidates.size() + " replicas can be reached");
        }
        turn.out().observed(Probe.GET_COORDINATED);
        long deadlineNanos = turn.nanosIn(options.timeoutMillis());
        return new Admitted(new GetCoordination(
                turn.out().nextId(),
                request,
                command.key(),
                partition,
                outlook.stamps().stamp(partition),
                outlook.stamps().epoch(partition),
                needed,
                options.strict(),
                deadlineNanos,
                candidates,
                means));
    }

    private static Refused refused(Failure failure, String detail) {
        return new Refused(new GetOutcome.Failed(failure, detail));
    }
}
