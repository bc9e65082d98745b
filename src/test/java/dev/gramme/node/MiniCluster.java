package dev.gramme.node;

import dev.gramme.ring.Claim;
import dev.gramme.ring.Key;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.Content;
import dev.gramme.version.Now;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.RequestOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A few data planes on one message queue, with a hand-driven clock: for tests of one decision each. The full simulator, with faults by seed, is
 * {@code dev.gramme.sim}.
 */
final class MiniCluster {
    /** A message on its way. */
    record Flight(NodeId from, NodeId to, Message message) {}

    private record Happening(NodeId at, Event event) {}

    final List<NodeId> ids = new ArrayList<>();
    final Map<NodeId, MemoryDisk> disks = new HashMap<>();
    final Map<NodeId, DataPlane> planes = new HashMap<>();
    final Map<Long, PutOutcome> puts = new HashMap<>();
    final Map<Long, GetOutcome> gets = new HashMap<>();
    final Map<Long, Explanation> explanations = new HashMap<>();
    final Map<Long, BackupAnswer> backups = new HashMap<>();
    final Map<Long, RestoreOutcome> restores = new HashMap<>();
    final Map<Probe, Long> probes = new EnumMap<>(Probe.class);
    final Ring ring;
    private final NodeSettings like;
    /** Dropped without a word. */
    Predicate<Flight> lost = flight -> false;
    /** Given back to the sender. */
    Predicate<Flight> refused = flight -> false;
    /** Delivered twice. */
    boolean doubled;
    /** Writes that never become durable nor fail. */
    Predicate<NodeId> stuckDisk = node -> false;
    /** Writes that fail: no room. */
    Predicate<NodeId> refusingDisk = node -> false;

    /** If set, messages are delivered in an order drawn from it, and each send may be lost or doubled. */
    @Nullable
    Random chaos;

    /** Of background work, for a node that starts. */
    Function<NodeId, BackgroundControl> control = node -> new BackgroundController(BackgroundPace.UNLIMITED);

    private final ArrayDeque<Happening> queue = new ArrayDeque<>();
    /** By which each node goes; who is missing goes by {@link #ring}, settled. */
    final SortedMap<NodeId, Topology> topologies = new TreeMap<>();
    /** What the planes told their control planes, by node. */
    final SortedMap<NodeId, List<Effect>> told = new TreeMap<>();

    private final SortedMap<NodeId, Liveness> liveness = new TreeMap<>();
    private final SortedMap<String, BucketProperties> buckets = new TreeMap<>();
    private long nanos = 1_000_000_000L;
    private long lastRequest;
    private long lastIdempotencyKey;

    MiniCluster(int nodes, int replicas) {
        this(nodes, replicas, 4_096);
    }

    MiniCluster(int nodes, int replicas, int maxRequests) {
        this(nodes, nodes, replicas, NodeSettings.defaults(new NodeId("n"), 1).withRequests(maxRequests, 4_096));
    }

    /** @param inRing how many of the nodes are in the ring */
    MiniCluster(int nodes, int inRing, int replicas, NodeSettings like) {
        List<RingMember> members = new ArrayList<>();
        for (int i = 1; i <= nodes; i++) {
            NodeId id = new NodeId("n" + i);
            ids.add(id);
            if (i <= inRing) {
                members.add(new RingMember(id, "z" + i, RingMember.DEFAULT_WEIGHT));
            }
            liveness.put(id, Liveness.UP);
            disks.put(id, new MemoryDisk(i));
        }
        ring = Claim.claim(8, replicas, members);
        this.like = like;
        ids.forEach(this::start);
    }

    /** A process of its own, with what is on its disk. */
    void start(NodeId id) {
        MemoryDisk disk = disks.get(id);
        planes.put(
                id,
                new DataPlane(
                        like.of(id),
                        0,
                        view(id),
                        disk,
                        disk.trees(ring.partitions()),
                        disk.book(),
                        disk,
                        disk.losses,
                        control.apply(id)));
    }

    View view() {
        return new View(ring, liveness);
    }

    View view(NodeId node) {
        return new View(topologies.getOrDefault(node, Topology.settled(ring)), liveness);
    }

    void goBy(NodeId node, Topology topology) {
        topologies.put(node, topology);
        queue.add(new Happening(node, new Event.ViewChanged(view(node))));
        run();
    }

    /** Of {@code type}, in order. */
    <T extends Effect> List<T> told(NodeId node, Class<T> type) {
        return told.getOrDefault(node, List.of()).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    List<NodeId> owners(Key key) {
        return ring.owners(ring.partitionOf(key));
    }

    NodeId outsider(Key key) {
        return ids.stream().filter(n -> !owners(key).contains(n)).findFirst().orElseThrow();
    }

    void down(NodeId node) {
        silentlyDown(node);
        publish(node, Liveness.DOWN);
    }

    /** Down, and nobody has noticed. */
    void silentlyDown(NodeId node) {
        Predicate<Flight> before = lost;
        lost = flight ->
                before.test(flight) || flight.to().equals(node) || flight.from().equals(node);
    }

    /** Every fault of the network ends, and all see all. */
    void heal() {
        lost = flight -> false;
        refused = flight -> false;
        ids.forEach(id -> liveness.put(id, Liveness.UP));
        ids.forEach(id -> queue.add(new Happening(id, new Event.ViewChanged(view(id)))));
        run();
    }

    void publish(NodeId node, Liveness now) {
        liveness.put(node, now);
        ids.forEach(id -> queue.add(new Happening(id, new Event.ViewChanged(view(id)))));
        run();
    }

    void bucket(String name, ConflictPolicy policy) {
        bucket(new BucketProperties(name, policy, 2, 2, 1));
    }

    void bucket(BucketProperties properties) {
        buckets.put(properties.bucket(), properties);
        ids.forEach(id -> queue.add(new Happening(id, new Event.BucketsChanged(new TreeMap<>(buckets)))));
        run();
    }

    PutCommand command(Key key, CausalContext seen, String value) {
        Content content = Content.value(Bytes.utf8(value), "text/plain")
                .withIdempotencyKey(Bytes.utf8("key" + ++lastIdempotencyKey));
        return new PutCommand(key, seen, 0, content, RequestOptions.DEFAULT);
    }

    static PutCommand with(PutCommand command, RequestOptions options) {
        return new PutCommand(command.key(), command.seen(), command.seenTime(), command.content(), options);
    }

    static RequestOptions options(int r, int w, boolean strict, int timeoutMillis) {
        return new RequestOptions(r, w, strict, timeoutMillis, null);
    }

    long send(NodeId at, PutCommand command) {
        queue.add(new Happening(at, new Event.Put(++lastRequest, command)));
        run();
        return lastRequest;
    }

    long send(NodeId at, GetCommand command) {
        queue.add(new Happening(at, new Event.Get(++lastRequest, command)));
        run();
        return lastRequest;
    }

    Explanation explain(NodeId at, Key key) {
        queue.add(new Happening(at, new Event.Explain(++lastRequest, key)));
        run();
        pass(1_100);
        return explanations.get(lastRequest);
    }

    BackupAnswer backUp(NodeId at, int partition, BackupPart part, @Nullable Key after) {
        queue.add(new Happening(at, new Event.BackUp(++lastRequest, partition, part, after)));
        run();
        return backups.get(lastRequest);
    }

    /** The answer is in {@link #restores} when all is durable. */
    long restore(NodeId at, List<Message.RangeEntry> records) {
        return restore(at, 0, records);
    }

    long restore(NodeId at, long stamp, List<Message.RangeEntry> records) {
        queue.add(new Happening(at, new Event.Restore(++lastRequest, stamp, records)));
        run();
        return lastRequest;
    }

    PutOutcome put(NodeId at, PutCommand command) {
        long request = send(at, command);
        pass(command.options().timeoutMillis() + 10);
        return puts.get(request);
    }

    PutOutcome.Written put(NodeId at, Key key, CausalContext seen, String value) {
        return (PutOutcome.Written) put(at, command(key, seen, value));
    }

    GetOutcome get(NodeId at, Key key, RequestOptions options) {
        long request = send(at, new GetCommand(key, options));
        pass(options.timeoutMillis() + 10);
        return gets.get(request);
    }

    GetOutcome.Read get(NodeId at, Key key) {
        return (GetOutcome.Read) get(at, key, options(0, 0, false, 1_000));
    }

    void deliver(NodeId from, NodeId to, Message message) {
        queue.add(new Happening(to, new Event.Received(from, message)));
        run();
    }

    /** Time passes, tick by tick. */
    void pass(long millis) {
        for (long passed = 0; passed < millis; passed += DataPlane.TICK_MILLIS) {
            nanos += DataPlane.TICK_MILLIS * 1_000_000L;
            ids.forEach(id -> queue.add(new Happening(id, new Event.Tick())));
            run();
        }
    }

    long wallMillis() {
        return 1_700_000_000_000L + nanos / 1_000_000;
    }

    private void run() {
        while (!queue.isEmpty()) {
            if (chaos != null) {
                // A few turns of the queue: whatever comes out next was overtaken by some and overtakes others.
                for (int turns = chaos.nextInt(4); turns > 0; turns--) {
                    queue.add(queue.remove());
                }
            }
            Happening next = queue.remove();
            Now now = new Now(nanos, wallMillis());
            for (Effect effect : planes.get(next.at()).handle(next.event(), now)) {
                carryOut(next.at(), effect);
            }
        }
    }

    private void carryOut(NodeId at, Effect effect) {
        switch (effect) {
            case Effect.Send send -> carry(new Flight(at, send.to(), send.message()));
            case Effect.Persist persist -> {
                MemoryDisk disk = disks.get(at);
                persist.mutations().forEach(disk::apply);
                if (refusingDisk.test(at)) {
                    queue.add(new Happening(at, new Event.PersistFailed(persist.token(), true)));
                } else if (!stuckDisk.test(at)) {
                    queue.add(new Happening(at, new Event.Persisted(persist.token())));
                }
            }
            case Effect.PutDone done -> once(puts.put(done.request(), done.outcome()));
            case Effect.GetDone done -> once(gets.put(done.request(), done.outcome()));
            case Effect.ExplainDone done -> explanations.put(done.request(), done.explanation());
            case Effect.BackedUp done -> backups.put(done.request(), done.answer());
            case Effect.RestoreDone done -> once(restores.put(done.request(), done.outcome()));
            case Effect.Observed observed -> probes.merge(observed.probe(), observed.amount(), Long::sum);
            case Effect.CaughtUp caughtUp -> tell(at, caughtUp);
            case Effect.RangeReceived received -> tell(at, received);
            case Effect.RangePulled pulled -> tell(at, pulled);
            case Effect.RangeRefused unreadable -> tell(at, unreadable);
            case Effect.ExchangeEnded ended -> tell(at, ended);
            case Effect.VersionAltered altered -> tell(at, altered);
            case Effect.RoundEnded ended -> tell(at, ended);
            case Effect.OfControl x -> throw new IllegalStateException("not a data plane's: " + x);
        }
    }

    private void tell(NodeId at, Effect effect) {
        told.computeIfAbsent(at, n -> new ArrayList<>()).add(effect);
    }

    private static void once(Object before) {
        if (before != null) {
            throw new IllegalStateException("answered twice, first: " + before);
        }
    }

    private void carry(Flight flight) {
        if (refused.test(flight)) {
            queue.add(new Happening(flight.from(), new Event.Undeliverable(flight.to(), flight.message())));
        } else if (!lost.test(flight) && (chaos == null || chaos.nextInt(20) > 0)) {
            Happening arrival = new Happening(flight.to(), new Event.Received(flight.from(), flight.message()));
            queue.add(arrival);
            if (doubled || (chaos != null && chaos.nextInt(20) == 0)) {
                queue.add(arrival);
            }
        }
    }

    long count(Probe probe) {
        return probes.getOrDefault(probe, 0L);
    }

    VersionSet held(NodeId node, Key key) {
        return disks.get(node).owned.getOrDefault(key, VersionSet.EMPTY);
    }

    long hints() {
        return disks.values().stream()
                .flatMap(d -> d.counts().values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    static List<String> texts(VersionSet state) {
        return state.values().stream()
                .map(v -> v.content().value().text())
                .sorted()
                .toList();
    }
}
