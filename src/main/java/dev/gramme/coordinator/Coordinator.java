package dev.gramme.coordinator;

import dev.gramme.quorum.QuorumRules;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.PreferenceList;
import dev.gramme.ring.Ring;
import dev.gramme.wire.Failure;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.RequestOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The requests under way in one loop: takes them on, finds the one that a reply or a tick is for. Not thread-safe. */
public final class Coordinator {
    private final Limits limits;
    private final Means means;
    private final PutAdmission admission;
    private final GetAdmission getAdmission;
    private final Deadlines deadlines = new Deadlines();
    private final PassedOnPuts passedOn;
    private final Map<Long, Operation> operations = new HashMap<>();
    private final Map<Long, PutCoordination> putsByToken = new HashMap<>();
    private final Unanswered unanswered;

    /** @param epoch of the topology that requests begin under: see {@link #goesBy} */
    public Coordinator(Limits limits, LocalReplica local, long epoch) {
        this.unanswered = new Unanswered(epoch);
        this.limits = limits;
        this.passedOn = new PassedOnPuts(limits.self());
        this.means = new Means(limits, new PeerLatency(limits.maxInFlightPerPeer()), new LackingPeers(), local);
        this.admission = new PutAdmission(means);
        this.getAdmission = new GetAdmission(means);
    }

    /** The outlook has another topology from now on; {@link #isCaughtUp} says when nothing of an earlier one is left. */
    public void goesBy(long epoch) {
        unanswered.goesBy(epoch);
    }

    /** Whether each request that is coordinated here and not answered began under the present topology. */
    public boolean isCaughtUp() {
        return unanswered.isCaughtUp();
    }

    /** A client of this node puts. */
    public void put(long request, PutCommand command, Turn turn) {
        PutTask task = task(new Asker.Client(request), command, turn);
        PutOutcome.Failed refusal = isFull() ? overloaded(turn) : admission.quorumRefusal(task, turn.outlook());
        if (refusal != null) {
            task.asker().answer(refusal, turn.out());
            return;
        }
        RequestOptions options = command.options();
        PreferenceList list = turn.outlook().forWrites(task.partition());
        Ring settled = turn.outlook().view().topology().settled();
        List<NodeId> candidates =
                Candidates.forPut(list, settled, limits.self(), options.preferred(), options.strict());
        refusal = candidates.isEmpty()
                ? admission.tooFew(task, 0, turn)
                : new PutOutcome.Failed(Failure.UNAVAILABLE, "no node that can coordinate the put can be reached");
        if (!candidates.isEmpty() && candidates.get(0).equals(limits.self())) {
            refusal = coordinate(task, turn);
            if (refusal == null) {
                return;
            }
            if (refusal.failure().isSameEverywhere()) {
                task.asker().answer(refusal, turn.out());
                return;
            }
            candidates.remove(0);
        }
        Forwarding forwarding = new Forwarding(
                turn.out().nextId(),
                task,
                turn.outlook().stamps().stamp(task.partition()),
                candidates,
                refusal,
                means,
                this::coordinate);
        begin(forwarding);
        forwarding.tryNext(turn);
        after(forwarding);
    }

    private static PutTask task(Asker asker, PutCommand command, Turn turn) {
        int partition = turn.outlook().partitionOf(command.key());
        int bucketW = turn.outlook().bucket(command.key().bucket()).w();
        int needed = QuorumRules.effective(command.options().w(), bucketW);
        return new PutTask(
                asker,
                command,
                partition,
                needed,
                turn.nanosIn(command.options().timeoutMillis()));
    }

    /** See {@link PassedOnPuts#isCopy}. */
    public boolean isCopy(NodeId from, Message.KeyRequest request) {
        return request instanceof Message.CoordinatePut put && passedOn.isCopy(from, put);
    }

    /** A peer asks this node to coordinate its client's put: done as an owner, or in an owner's place; never passed on. It is no {@linkplain #isCopy copy}. */
    public void coordinatePut(NodeId from, Message.CoordinatePut message, Turn turn) {
        if (passedOn.turnsAway(from, message, turn)) {
            return;
        }
        PutTask task = task(new Asker.Peer(from, message.id()), message.command(), turn);
        PutOutcome.Failed refusal = admission.quorumRefusal(task, turn.outlook());
        if (refusal == null) {
            refusal = coordinate(task, turn);
        }
        if (refusal != null) {
            task.asker().answer(refusal, turn.out());
        }
    }

    /** Whether anything of the partition is under way that began under an older stamp. */
    public boolean isAnyOlderThan(int partition, long stamp) {
        for (Operation operation : operations.values()) {
            if (operation.partition == partition && operation.stamp < stamp) {
                return true;
            }
        }
        return false;
    }

    /** Null if it was taken on. */
    private PutOutcome.@Nullable Failed coordinate(PutTask task, Turn turn) {
        if (isFull()) {
            return overloaded(turn);
        }
        return switch (admission.admit(task, turn)) {
            case PutAdmission.Refused refused -> refused.failed();
            case PutAdmission.Admitted admitted -> {
                PutCoordination put = admitted.put();
                begin(put);
                putsByToken.put(admitted.token(), put);
                after(put);
                yield null;
            }
        };
    }

    public void get(long request, GetCommand command, Turn turn) {
        if (isFull()) {
            PutOutcome.Failed full = overloaded(turn);
            turn.out().getDone(request, new GetOutcome.Failed(full.failure(), full.detail()));
            return;
        }
        switch (getAdmission.admit(request, command, turn)) {
            case GetAdmission.Refused refused -> turn.out().getDone(request, refused.failed());
            case GetAdmission.Admitted admitted -> {
                GetCoordination get = admitted.get();
                begin(get);
                get.begin(turn);
                after(get);
            }
        }
    }

    public void replied(NodeId from, Message.KeyReply reply, Turn turn) {
        Operation operation = operations.get(reply.id());
        // A reply to nobody is late, doubled, or for a life of this node before the last start.
        switch (reply) {
            case Message.CoordinatePutReply put
            when operation instanceof Forwarding forwarding -> forwarding.replied(from, put.outcome(), turn);
            case Message.ReplicaPutReply put
            when operation instanceof PutCoordination coordination -> coordination.replied(from, put.status(), turn);
            case Message.ReplicaGetReply get
            when operation instanceof GetCoordination coordination -> coordination.replied(from, get, turn);
            case Message.CoordinatePutReply put -> {}
            case Message.ReplicaPutReply put -> {}
            case Message.ReplicaGetReply get -> {}
            case Message.Outdated outdated -> outdated(from, operation, outdated, turn);
            case Message.RangePage page -> {}
            case Message.TreeReply tree -> {}
            case Message.CollectionReply collection -> {}
        }
        if (operation != null) {
            after(operation);
        }
    }

    /** Who did not take it has done nothing: another is asked, as for one that can't be reached. */
    private static void outdated(NodeId from, @Nullable Operation operation, Message.Outdated reply, Turn turn) {
        turn.outlook().stamps().heard(reply.partition(), reply.stamp(), reply.epoch());
        switch (operation) {
            case null -> {}
            case Forwarding forwarding ->
                forwarding.replied(
                        from,
                        new PutOutcome.Failed(
                                Failure.UNAVAILABLE, from + " has collected deletes since this put began: try again"),
                        turn);
            case PutCoordination put -> put.outdated(from, reply, turn);
            case GetCoordination get -> {}
        }
    }

    public void undeliverable(NodeId to, Message.KeyRequest request, Turn turn) {
        Operation operation = operations.get(request.id());
        switch (operation) {
            case null -> {}
            case Forwarding forwarding -> forwarding.undeliverable(to, turn);
            case PutCoordination put -> put.replied(to, ReplicaStatus.OVERLOADED, turn);
            case GetCoordination get -> get.undeliverable(to, turn);
        }
        if (operation != null) {
            after(operation);
        }
    }

    public void persisted(long token, Turn turn) {
        PutCoordination put = putsByToken.remove(token);
        if (put != null) {
            put.persisted(turn);
            after(put);
        }
    }

    public void persistFailed(long token, Turn turn) {
        PutCoordination put = putsByToken.remove(token);
        if (put != null) {
            put.persistFailed(turn);
            after(put);
        }
    }

    public void tick(Turn turn) {
        while (deadlines.isDue(turn.nanos())) {
            Operation operation = operations.get(deadlines.poll());
            if (operation != null) {
                operation.armedNanos = Operation.NEVER;
                operation.wake(turn);
                after(operation);
            }
        }
    }

    /** Requests under way, answered ones that still wait for a replica among them. */
    public int underWay() {
        return operations.size();
    }

    private boolean isFull() {
        return unanswered.all() >= limits.maxRequests()
                || operations.size() >= limits.maxRequests() * (1 + Limits.LINGERING_PER_REQUEST);
    }

    private static PutOutcome.Failed overloaded(Turn turn) {
        turn.out().observed(Probe.REQUEST_REFUSED_OVERLOADED);
        return new PutOutcome.Failed(Failure.OVERLOADED, "too many requests are under way at this node");
    }

    private void begin(Operation operation) {
        operations.put(operation.id, operation);
        unanswered.began(operation);
    }

    /** What each step of an operation is followed by: it is let go, or armed for its next time. */
    private void after(Operation operation) {
        if (operation.counted && operation.isAnswered()) {
            operation.counted = false;
            unanswered.answered(operation);
        }
        if (operation.isFinished()) {
            if (operations.remove(operation.id) != null) {
                operation.release();
            }
        } else if (operation.wakeNanos() < operation.armedNanos) {
            operation.armedNanos = operation.wakeNanos();
            deadlines.add(operation.armedNanos, operation.id);
        }
    }
}
