package dev.gramme.runtime;

import dev.gramme.node.BackupAnswer;
import dev.gramme.node.BackupPart;
import dev.gramme.node.DataPlane;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.node.Explanation;
import dev.gramme.node.RestoreOutcome;
import dev.gramme.ring.Key;
import dev.gramme.version.Now;
import dev.gramme.wire.Failure;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A data plane on its serial loop: events in, effects carried out, answers handed to who asked. */
final class PlaneLoop implements AutoCloseable {
    /** Tasks waiting for one loop; beyond, clients are refused as overloaded and peers' messages dropped (they bear loss). */
    static final int MAX_QUEUED_TASKS = 16_384;

    private static final String OVERLOADED = "more than " + MAX_QUEUED_TASKS + " events wait for this key's loop";

    private final int number;
    private final DataPlane plane;
    private final Surroundings surroundings;
    private final SerialLoop loop;
    private final Map<Long, Consumer<Object>> waiting = new HashMap<>();
    private volatile long caughtUpWith;
    private long nextRequest = 1;
    private @Nullable Runnable onIdle;

    PlaneLoop(int number, DataPlane plane, Surroundings surroundings) {
        this.number = number;
        this.plane = plane;
        this.surroundings = surroundings;
        this.loop = new SerialLoop(
                "gramme-loop-" + number,
                MAX_QUEUED_TASKS,
                DataPlane.TICK_MILLIS * 1_000_000L,
                nanos -> handle(new Event.Tick(queued())),
                e -> surroundings.stop("a serial loop failed: " + e, e));
    }

    void start() {
        loop.start();
    }

    void put(PutCommand command, Consumer<PutOutcome> done) {
        if (!loop.offer(() -> handle(new Event.Put(register(o -> done.accept((PutOutcome) o)), command)))) {
            done.accept(new PutOutcome.Failed(Failure.OVERLOADED, OVERLOADED));
        }
    }

    void get(GetCommand command, Consumer<GetOutcome> done) {
        if (!loop.offer(() -> handle(new Event.Get(register(o -> done.accept((GetOutcome) o)), command)))) {
            done.accept(new GetOutcome.Failed(Failure.OVERLOADED, OVERLOADED));
        }
    }

    /** Never refused: bounded by the front's requests under way. */
    void explain(Key key, Consumer<Explanation> done) {
        loop.execute(() -> handle(new Event.Explain(register(o -> done.accept((Explanation) o)), key)));
    }

    /** Never refused: bounded by the front's requests under way. */
    void backUp(int partition, BackupPart part, @Nullable Key after, Consumer<BackupAnswer> done) {
        loop.execute(() ->
                handle(new Event.BackUp(register(o -> done.accept((BackupAnswer) o)), partition, part, after)));
    }

    void restore(long stamp, List<Message.RangeEntry> records, Consumer<RestoreOutcome> done) {
        if (!loop.offer(() ->
                handle(new Event.Restore(register(o -> done.accept((RestoreOutcome) o)), stamp, records)))) {
            done.accept(new RestoreOutcome(Failure.OVERLOADED, OVERLOADED));
        }
    }

    /** Something that may be lost without harm: a peer's message. */
    void offer(Event event) {
        loop.offer(() -> handle(event));
    }

    /** Something that must not be lost. */
    void execute(Event event) {
        loop.execute(() -> handle(event));
    }

    /** The topology before whose epoch nothing that it began is unanswered. */
    long caughtUpWith() {
        return caughtUpWith;
    }

    boolean isStuck() {
        return loop.isStuck();
    }

    int queued() {
        return loop.queued();
    }

    /** Waits until no client waits for an answer of this loop, or {@code deadlineNanos} has passed. Not to be called on a loop. */
    void awaitIdle(long deadlineNanos) {
        CountDownLatch idle = new CountDownLatch(1);
        loop.execute(() -> {
            onIdle = idle::countDown;
            tellIfIdle();
        });
        try {
            idle.await(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellIfIdle() {
        if (waiting.isEmpty() && onIdle != null) {
            onIdle.run();
        }
    }

    private long register(Consumer<Object> done) {
        long request = nextRequest++;
        waiting.put(request, done);
        return request;
    }

    private void handle(Event event) {
        List<Effect> effects = plane.handle(event, new Now(System.nanoTime(), System.currentTimeMillis()));
        for (int i = 0; i < effects.size(); i++) {
            carryOut(effects.get(i));
        }
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Send send -> surroundings.send(send.to(), send.message());
            case Effect.Persist persist -> persist(persist);
            case Effect.PutDone done -> answer(done.request(), done.outcome());
            case Effect.GetDone done -> answer(done.request(), done.outcome());
            case Effect.ExplainDone done -> answer(done.request(), done.explanation());
            case Effect.BackedUp done -> answer(done.request(), done.answer());
            case Effect.RestoreDone done -> answer(done.request(), done.outcome());
            case Effect.Observed observed -> surroundings.observed(observed.probe(), observed.amount());
            case Effect.CaughtUp caught -> {
                caughtUpWith = caught.epoch();
                surroundings.tellControl(new Event.LoopCaughtUp(number, caught.epoch()));
            }
            case Effect.RangeReceived range ->
                surroundings.tellControl(
                        new Event.RangeReceived(range.proposal(), range.partition(), range.keys(), range.bytes()));
            case Effect.RangePulled range ->
                surroundings.tellControl(new Event.RangePulled(range.proposal(), range.partition(), range.bytes()));
            case Effect.RangeRefused range ->
                surroundings.tellControl(
                        new Event.RangeRefused(range.proposal(), range.partition(), range.source(), range.why()));
            case Effect.ExchangeEnded ended -> surroundings.exchanged(ended);
            case Effect.VersionAltered altered -> surroundings.altered(altered.key());
            case Effect.RoundEnded ended -> surroundings.collected(ended.collected());
            case Effect.OfControl other -> throw new IllegalStateException("a data plane has no such effect: " + other);
        }
    }

    private void persist(Effect.Persist persist) {
        long token = persist.token();
        surroundings.persist(persist.mutations(), outcome -> {
            switch (outcome) {
                case DURABLE -> execute(new Event.Persisted(token));
                case FULL -> execute(new Event.PersistFailed(token, true));
                case BROKEN -> execute(new Event.PersistFailed(token, false));
            }
        });
    }

    private void answer(long request, Object outcome) {
        Consumer<Object> done = waiting.remove(request);
        if (done != null) {
            done.accept(outcome);
            tellIfIdle();
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
