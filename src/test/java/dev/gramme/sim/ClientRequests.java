package dev.gramme.sim;

import dev.gramme.node.BackupAnswer;
import dev.gramme.node.ClusterAnswer;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.node.Explanation;
import dev.gramme.node.RestoreOutcome;
import dev.gramme.version.Bytes;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutOutcome;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What clients and operators have asked of one process, until it answers. */
final class ClientRequests {
    private final NodeProcess process;
    private final OpenRequests<PutOutcome> puts = new OpenRequests<>();
    private final OpenRequests<GetOutcome> gets = new OpenRequests<>();
    private final OpenRequests<Explanation> explanations = new OpenRequests<>();
    private final OpenRequests<ClusterAnswer> commands = new OpenRequests<>();
    private final OpenRequests<BackupAnswer> backups = new OpenRequests<>();
    private final OpenRequests<RestoreOutcome> restores = new OpenRequests<>();
    /** Idempotency keys of puts that other nodes were asked to coordinate: it is for those to have caught up. */
    private final SortedSet<Bytes> passedOn = new TreeSet<>();

    private final SortedMap<Long, Bytes> keys = new TreeMap<>();
    private long last;

    ClientRequests(NodeProcess process) {
        this.process = process;
    }

    long put(int loop, Consumer<PutOutcome> asker) {
        puts.asked(++last, loop, asker);
        return last;
    }

    long get(int loop, Consumer<GetOutcome> asker) {
        gets.asked(++last, loop, asker);
        return last;
    }

    long explain(int loop, Consumer<Explanation> asker) {
        explanations.asked(++last, loop, asker);
        return last;
    }

    long administer(Consumer<ClusterAnswer> asker) {
        commands.asked(++last, NodeProcess.CONTROL, asker);
        return last;
    }

    long backUp(int loop, Consumer<BackupAnswer> asker) {
        backups.asked(++last, loop, asker);
        return last;
    }

    long restore(int loop, Consumer<RestoreOutcome> asker) {
        restores.asked(++last, loop, asker);
        return last;
    }

    /** A plane that goes by the topology {@code epoch} is told this now. */
    void told(Event event, long epoch) {
        if (event instanceof Event.Put put) {
            puts.begun(put.request(), epoch);
            keys.put(put.request(), put.command().content().idempotencyKey());
        } else if (event instanceof Event.Get get) {
            gets.begun(get.request(), epoch);
        }
    }

    void passedOn(Message.CoordinatePut put) {
        passedOn.add(put.command().content().idempotencyKey());
    }

    void answer(Effect.PutDone done) {
        keys.remove(done.request());
        answer(done, puts.answered(done.request()), done.outcome());
    }

    void answer(Effect.GetDone done) {
        answer(done, gets.answered(done.request()), done.outcome());
    }

    void answer(Effect.ExplainDone done) {
        answer(done, explanations.answered(done.request()), done.explanation());
    }

    void answer(Effect.Administered done) {
        answer(done, commands.answered(done.request()), done.answer());
    }

    void answer(Effect.BackedUp done) {
        answer(done, backups.answered(done.request()), done.answer());
    }

    void answer(Effect.RestoreDone done) {
        answer(done, restores.answered(done.request()), done.outcome());
    }

    private <T> void answer(Effect done, @Nullable Consumer<T> asker, T outcome) {
        process.note(done);
        if (asker == null) {
            throw new IllegalStateException(process.node() + " answers a request nobody waits for: " + done);
        }
        asker.accept(outcome);
    }

    int unanswered() {
        return puts.count()
                + gets.count()
                + explanations.count()
                + commands.count()
                + backups.count()
                + restores.count();
    }

    /** Whether any that this plane coordinates itself and began under an older topology is unanswered. */
    boolean isAnyOlder(int loop, long epoch) {
        return puts.isAnyOlder(loop, epoch, put -> !passedOn.contains(keys.get(put)))
                || gets.isAnyOlder(loop, epoch, get -> true);
    }
}
