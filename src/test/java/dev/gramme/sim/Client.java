package dev.gramme.sim;

import dev.gramme.node.Explanation;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.sim.history.Bucket;
import dev.gramme.sim.history.Read;
import dev.gramme.sim.history.Seen;
import dev.gramme.sim.history.Write;
import dev.gramme.version.Bytes;
import dev.gramme.version.Content;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.RequestOptions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client of the cluster: one request at a time, through whatever node takes it; repeats with the same idempotency key what was not
 * acknowledged, or gives up; and passes contexts on, fresh, old, or joined.
 */
final class Client {
    private static final int MAX_ATTEMPTS = 4;
    private static final int REMEMBERED_CONTEXTS = 4;
    private static final long PATIENCE_NANOS = 300 * Timeline.MILLI;
    /** A pause before it, its deadline, patience. */
    private static final long LONGEST_ATTEMPT_NANOS = 3_800 * Timeline.MILLI;

    private final World world;
    private final Timeline timeline;
    private final Randomness random;
    private final Workload workload;
    private final String name;
    private final boolean strict;
    private final int strictR;
    private final int strictW;
    /** Apart from the other dice: a workload without times to live goes on as it was. */
    private final Randomness lives;

    private final SortedMap<Key, List<Seen>> seen = new TreeMap<>();
    private boolean finished;
    private boolean busy;

    Client(World world, int number) {
        this.world = world;
        this.timeline = world.timeline();
        this.name = "c" + number;
        this.random = world.random().fork("client " + name);
        this.lives = random.fork("lives");
        this.workload = world.workload();
        this.strict = random.chance(workload.strictShare());
        int replicas = world.scenario().replicas();
        this.strictR = random.chance(0.7) ? world.bucketQuorum() : 1 + random.below(replicas);
        this.strictW = replicas + 1 - strictR;
    }

    void begin() {
        timeline.after(random.exponential(workload.thinkMillis() * Timeline.MILLI), this::next);
    }

    /** Begins nothing new. */
    void finish() {
        finished = true;
    }

    boolean isBusy() {
        return busy;
    }

    private void next() {
        if (finished) {
            busy = false;
            return;
        }
        busy = true;
        Key key = pickKey();
        List<Seen> known = seen.getOrDefault(key, List.of());
        if (random.chance(0.02)) {
            explain(key);
        } else if (random.chance(workload.readShare())) {
            boolean thenWrites = random.chance(0.45);
            get(key, shown -> {
                if (thenWrites) {
                    write(key, random.chance(0.2 * workload.deletes()), shown);
                } else {
                    begin();
                }
            });
        } else if (known.isEmpty() || random.chance(0.4)) {
            write(key, random.chance(0.1 * workload.deletes()), Seen.NOTHING);
        } else if (random.chance(0.6)) {
            write(key, random.chance(0.25 * workload.deletes()), random.pick(known));
        } else {
            write(
                    key,
                    random.chance(0.1 * workload.deletes()),
                    random.pick(known).join(random.pick(known)));
        }
    }

    private Key pickKey() {
        String bucket = random.chance(0.7) ? Bucket.SIBLINGS : Bucket.LAST_WRITE_WINS;
        return random.chance(0.5)
                ? Key.of(bucket, "hot" + random.below(workload.hotKeys()))
                : Key.of(bucket, "cold" + random.below(workload.coldKeys()));
    }

    private void get(Key key, Consumer<Seen> then) {
        NodeProcess process = pickProcess();
        if (process == null) {
            begin();
            return;
        }
        NodeId asked = process.node();
        RequestOptions options = options(Seen.NOTHING);
        int r = options.r() == 0 ? world.bucketQuorum() : options.r();
        long invoked = timeline.nowNanos();
        long aheadAtFirst = world.node(asked).clock().aheadMillis();
        boolean owedAtFirst = world.reach().owes(asked, key, r, options.strict(), false, invoked);
        new Once<GetOutcome>(timeline, options.timeoutMillis() * Timeline.MILLI + PATIENCE_NANOS, outcome -> {
                    boolean owed = owedAtFirst && world.reach().owes(asked, key, r, options.strict(), false, invoked);
                    world.history()
                            .read(new Read(
                                    name,
                                    key,
                                    asked,
                                    r,
                                    options.strict(),
                                    invoked,
                                    timeline.nowNanos(),
                                    aheadAtFirst,
                                    world.node(asked).clock().aheadMillis(),
                                    owed,
                                    outcome));
                    if (outcome instanceof GetOutcome.Read read) {
                        Seen shown = world.history().shown(read.versions(), read.fastest());
                        remember(key, shown);
                        then.accept(shown);
                    } else {
                        begin();
                    }
                })
                .run(once -> process.get(new GetCommand(key, options), once));
    }

    private void explain(Key key) {
        NodeProcess process = pickProcess();
        if (process == null) {
            begin();
            return;
        }
        new Once<Explanation>(timeline, 5 * Timeline.SECOND, ignored -> begin())
                .run(once -> process.explain(key, once));
    }

    private void write(Key key, boolean delete, Seen basis) {
        boolean expires = !delete && workload.ttlShare() > 0 && lives.chance(workload.ttlShare());
        int ttlSeconds = expires ? 1 + lives.below(6) : 0;
        attempt(
                world.history().write(name, key, delete, basis, ttlSeconds),
                1,
                timeline.nowNanos() + world.retryNanos());
    }

    /** @param untilNanos when the last attempt must be over: later its write may be deleted and forgotten, and the retry would be a new write */
    private void attempt(Write write, int number, long untilNanos) {
        NodeProcess process = pickProcess();
        if (process == null) {
            begin();
            return;
        }
        NodeId asked = process.node();
        RequestOptions options = options(write.seen());
        int w = options.w() == 0 ? world.bucketQuorum() : options.w();
        Content content = write.delete() ? Content.delete() : Content.value(Bytes.utf8(write.name()), "text/plain");
        PutCommand command = new PutCommand(
                write.key(),
                write.seen().context(),
                write.seen().time(),
                content.withIdempotencyKey(Bytes.utf8(write.name())),
                options.withTtlSeconds(write.ttlSeconds()));
        long invoked = timeline.nowNanos();
        boolean owedAtFirst = world.reach().owes(asked, write.key(), w, options.strict(), true, invoked);
        new Once<PutOutcome>(timeline, options.timeoutMillis() * Timeline.MILLI + PATIENCE_NANOS, outcome -> {
                    boolean owed =
                            owedAtFirst && world.reach().owes(asked, write.key(), w, options.strict(), true, invoked);
                    write.ended(
                            new Write.Attempt(asked, w, options.strict(), invoked, timeline.nowNanos(), owed, outcome));
                    if (outcome instanceof PutOutcome.Written written) {
                        remember(write, written);
                        begin();
                    } else if (number < MAX_ATTEMPTS
                            && !finished
                            && timeline.nowNanos() < untilNanos - LONGEST_ATTEMPT_NANOS
                            && random.chance(0.8)) {
                        timeline.after(
                                random.between(10, 500) * Timeline.MILLI, () -> attempt(write, number + 1, untilNanos));
                    } else {
                        begin();
                    }
                })
                .run(once -> process.put(command, once));
    }

    /**
     * What the answer to a write lets its writer see: what it had seen, and its own version where the context says so (it can't where that
     * would cover a concurrent sibling).
     */
    private void remember(Write write, PutOutcome.Written written) {
        BitSet versions = (BitSet) write.seen().versions().clone();
        BitSet writes = (BitSet) write.seen().writes().clone();
        if (written.context().covers(written.dot())) {
            versions.set(world.history().ledger().get(written.dot()).number());
            writes.set(write.number());
        }
        Seen now = new Seen(written.context(), written.time(), written.coordinator(), versions, writes);
        remember(write.key(), now);
    }

    private void remember(Key key, Seen now) {
        List<Seen> known = seen.computeIfAbsent(key, k -> new ArrayList<>());
        known.add(now);
        if (known.size() > REMEMBERED_CONTEXTS) {
            known.removeFirst();
        }
    }

    private RequestOptions options(Seen basis) {
        int timeoutMillis = List.of(700, 1_500, 3_000).get(random.below(3));
        if (strict) {
            return new RequestOptions(strictR, strictW, true, timeoutMillis, basis.fastest());
        }
        int r = quorum();
        return new RequestOptions(r, r == 1 ? 1 : quorum(), random.chance(0.1), timeoutMillis, basis.fastest());
    }

    /** 0 is the bucket's. */
    private int quorum() {
        if (random.chance(workload.looseShare())) {
            return 1;
        }
        return random.chance(0.5) ? 0 : 1 + random.below(world.scenario().replicas());
    }

    /** A node that takes connections; null if none does. One that stands still takes them too, and now and then one that is not in the ring is asked. */
    private @Nullable NodeProcess pickProcess() {
        List<NodeProcess> serving = world.serving();
        if (!serving.isEmpty() && random.chance(0.97)) {
            return random.pick(serving);
        }
        List<NodeProcess> up = world.nodes().stream()
                .map(SimNode::process)
                .filter(process -> process != null && !world.isAloneAgain(process))
                .toList();
        return up.isEmpty() ? null : random.pick(up);
    }
}
