package dev.gramme.rest;

import dev.gramme.antientropy.Exchanged;
import dev.gramme.antientropy.Outcome;
import dev.gramme.node.BackupAnswer;
import dev.gramme.node.BackupPart;
import dev.gramme.node.ClusterAnswer;
import dev.gramme.node.ClusterCommand;
import dev.gramme.node.ClusterSnapshot;
import dev.gramme.node.Effect;
import dev.gramme.node.Explanation;
import dev.gramme.node.RestoreOutcome;
import dev.gramme.ring.Claim;
import dev.gramme.ring.Key;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.View;
import dev.gramme.runtime.CollectionFigures;
import dev.gramme.runtime.LocalNode;
import dev.gramme.runtime.RepairFigures;
import dev.gramme.runtime.ScrubFigures;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.HybridLogicalClock;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.BackupPage;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.ContextToken;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.StateDigest;
import dev.gramme.wire.TimeToLive;
import io.quarkus.test.Mock;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A node of one, in memory, on real version sets: enough of a cluster for its front. Tests set its faults. */
@Mock
@ApplicationScoped
public class MemoryNode implements LocalNode {
    private final CollectionFigures collections = new CollectionFigures();
    private static final long ACTOR = 0xACE0L;
    private static final int REPLICAS = 3;
    /** Records on a page of a backup. */
    private static final int PAGE = 2;
    /** Of all that it holds; and nothing older is restored. */
    static final long STAMP = 7;

    static final long EPOCH = 6;
    static final long DATED = 5;

    private final SortedMap<Key, VersionSet> store = new TreeMap<>();
    private final SortedMap<String, BucketProperties> buckets = new TreeMap<>();
    private final SortedMap<NodeId, Liveness> liveness = new TreeMap<>();
    private final HybridLogicalClock clock = new HybridLogicalClock();
    private final ContextToken tokens = new ContextToken(Bytes.utf8("a key of 32 bytes for the tests!"));
    private final Ring ring;
    private final MemoryRing cluster;
    private RepairFigures repairs = new RepairFigures(1);
    private ScrubFigures scrub = ScrubFigures.NONE;
    private long counter;
    private long aheadMillis;
    private @Nullable PutOutcome nextPut;
    private @Nullable GetOutcome nextGet;
    private @Nullable RuntimeException failure;
    private @Nullable RestoreOutcome nextRestore;
    private @Nullable PutCommand lastPut;
    private @Nullable GetCommand lastGet;
    private NodeState state = new NodeState(true, true, false, true, "serving");

    public MemoryNode() {
        List<RingMember> members = new ArrayList<>();
        for (String name : List.of("n1", "n2", "n3", "n4")) {
            members.add(new RingMember(new NodeId(name), "z" + name, RingMember.DEFAULT_WEIGHT));
        }
        ring = Claim.claim(16, REPLICAS, members);
        cluster = new MemoryRing(id(), ring);
        reset();
    }

    /** Forgets everything, faults too. */
    synchronized void reset() {
        store.clear();
        buckets.clear();
        ring.members().keySet().forEach(id -> liveness.put(id, Liveness.UP));
        nextPut = null;
        nextGet = null;
        failure = null;
        nextRestore = null;
        aheadMillis = 0;
        lastPut = null;
        lastGet = null;
        state = new NodeState(true, true, false, true, "serving");
        liveness.keySet().retainAll(ring.members().keySet());
        cluster.reset();
        repairs = new RepairFigures(1);
        scrub = ScrubFigures.NONE;
    }

    /** The ring, and what was asked of it. */
    MemoryRing ring() {
        return cluster;
    }

    synchronized void nextPutEndsAs(PutOutcome outcome) {
        nextPut = outcome;
    }

    synchronized void nextGetEndsAs(GetOutcome outcome) {
        nextGet = outcome;
    }

    synchronized void failWith(RuntimeException thrown) {
        failure = thrown;
    }

    synchronized void liveness(String node, Liveness seen) {
        liveness.put(new NodeId(node), seen);
    }

    synchronized void state(NodeState newState) {
        state = newState;
    }

    synchronized VersionSet stored(Key key) {
        return store.getOrDefault(key, VersionSet.EMPTY);
    }

    synchronized int keys() {
        return store.size();
    }

    synchronized PutCommand lastPut() {
        if (lastPut == null) {
            throw new AssertionError("nothing was put");
        }
        return lastPut;
    }

    synchronized GetCommand lastGet() {
        if (lastGet == null) {
            throw new AssertionError("nothing was read");
        }
        return lastGet;
    }

    @Override
    public synchronized Uni<PutOutcome> put(PutCommand command) {
        lastPut = command;
        if (failure != null) {
            return Uni.createFrom().failure(failure);
        }
        PutOutcome forced = nextPut;
        nextPut = null;
        return Uni.createFrom().item(forced != null ? forced : written(command));
    }

    /** Reads happen so much later than they do. */
    synchronized void readersAreAhead(long seconds) {
        aheadMillis = seconds * 1_000;
    }

    private long readAt() {
        return System.currentTimeMillis() + aheadMillis;
    }

    private PutOutcome written(PutCommand command) {
        Dot dot = new Dot(ACTOR, ++counter);
        clock.observe(command.seenTime(), System.currentTimeMillis());
        int bucketTtl = bucket(command.key().bucket()).ttlSeconds();
        Content content = command.content().tombstone()
                ? command.content()
                : command.content()
                        .expiringAt(TimeToLive.expiresMillis(
                                command.options().ttlSeconds(), bucketTtl, System.currentTimeMillis()));
        Version version = new Version(dot, clock.tick(System.currentTimeMillis()), content);
        VersionSet state = stored(command.key())
                .put(command.seen(), version)
                .resolve(bucket(command.key().bucket()).policy());
        store.put(command.key(), state);
        // A context that names the new dot would, with one actor for all, cover its siblings too.
        CausalContext context = state.siblings().size() == 1 ? state.context() : command.seen();
        return new PutOutcome.Written(
                dot, version.time(), context, id(), 2, 0, state.siblings().size(), content.expiresMillis());
    }

    @Override
    public synchronized Uni<GetOutcome> get(GetCommand command) {
        lastGet = command;
        if (failure != null) {
            return Uni.createFrom().failure(failure);
        }
        GetOutcome forced = nextGet;
        nextGet = null;
        return Uni.createFrom()
                .item(forced != null ? forced : new GetOutcome.Read(stored(command.key()), readAt(), id(), 2));
    }

    @Override
    public synchronized Uni<Explanation> explain(Key key) {
        if (failure != null) {
            return Uni.createFrom().failure(failure);
        }
        int partition = ring.partitionOf(key);
        List<Explanation.Replica> replicas = new ArrayList<>();
        for (NodeId node : ring.walk(partition)) {
            boolean owner = ring.owns(node, partition);
            boolean up = view().isReadable(node);
            replicas.add(new Explanation.Replica(
                    node, owner, up ? "up" : "down", up ? "ok" : "down", up ? stored(key) : null, false));
        }
        return Uni.createFrom().item(new Explanation(key, key.token(), partition, replicas, stored(key), readAt()));
    }

    @Override
    public synchronized Uni<BackupAnswer> backUp(int partition, BackupPart part, @Nullable Key after) {
        if (!ring.owns(id(), partition)) {
            return Uni.createFrom()
                    .item(new BackupAnswer(ReplicaStatus.NOT_OWNER, new BackupPage(false, List.of(), false), 0, 0, 0));
        }
        List<Message.RangeEntry> records = new ArrayList<>();
        boolean complete = true;
        for (Map.Entry<Key, VersionSet> entry : store.entrySet()) {
            boolean wanted = ring.partitionOf(entry.getKey()) == partition
                    && (after == null || entry.getKey().compareTo(after) > 0);
            if (wanted && records.size() == PAGE) {
                complete = false;
            } else if (wanted && part != BackupPart.HINTS) {
                VersionSet state = part == BackupPart.STATES ? entry.getValue() : VersionSet.EMPTY;
                records.add(new Message.RangeEntry(entry.getKey(), StateDigest.of(entry.getValue()), state));
            }
        }
        BackupPage page = new BackupPage(part != BackupPart.DIGESTS, records, complete);
        return Uni.createFrom().item(new BackupAnswer(ReplicaStatus.OK, page, STAMP, EPOCH, DATED));
    }

    synchronized void nextRestoreEndsAs(RestoreOutcome outcome) {
        nextRestore = outcome;
    }

    @Override
    public SortedMap<Integer, Long> promises() {
        SortedMap<Integer, Long> promises = new TreeMap<>();
        for (int partition = 0; partition < ring.partitions(); partition++) {
            promises.put(partition, STAMP);
        }
        return promises;
    }

    @Override
    public synchronized Uni<RestoreOutcome> restore(long stamp, List<Message.RangeEntry> records) {
        if (stamp < STAMP) {
            return Uni.createFrom().item(new RestoreOutcome(null, true, "deletes were forgotten since"));
        }
        RestoreOutcome forced = nextRestore;
        nextRestore = null;
        if (forced != null) {
            return Uni.createFrom().item(forced);
        }
        records.forEach(each -> store.merge(each.key(), each.state(), VersionSet::absorb));
        return Uni.createFrom().item(RestoreOutcome.KEPT);
    }

    @Override
    public synchronized SortedMap<String, BucketProperties> buckets() {
        return new TreeMap<>(buckets);
    }

    @Override
    public NodeId id() {
        return new NodeId("n1");
    }

    @Override
    public String clusterName() {
        return "test";
    }

    @Override
    public int replicas() {
        return REPLICAS;
    }

    @Override
    public synchronized View view() {
        cluster.topology().members().forEach(id -> liveness.putIfAbsent(id, Liveness.UP));
        return new View(cluster.topology(), liveness);
    }

    @Override
    public synchronized ClusterSnapshot cluster() {
        return cluster.snapshot(view().liveness());
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public synchronized Uni<ClusterAnswer> administer(ClusterCommand command) {
        return failure != null
                ? Uni.createFrom().failure(failure)
                : Uni.createFrom().item(cluster.administer(command));
    }

    @Override
    public synchronized BucketProperties bucket(String bucket) {
        return buckets.getOrDefault(bucket, BucketProperties.defaults(bucket, REPLICAS));
    }

    @Override
    public synchronized Uni<BucketProperties> setBucket(BucketProperties properties) {
        if (failure != null) {
            return Uni.createFrom().failure(failure);
        }
        buckets.put(properties.bucket(), properties);
        return Uni.createFrom().item(properties);
    }

    @Override
    public int partitionsLacking() {
        return 0;
    }

    @Override
    public SortedMap<NodeId, Long> hints() {
        return new TreeMap<>();
    }

    @Override
    public CollectionFigures collections() {
        return collections;
    }

    @Override
    public synchronized RepairFigures repairs() {
        return repairs;
    }

    @Override
    public synchronized void repairNow(@Nullable String bucket) {
        repairs.asked(0, 2);
        Exchanged over = new Exchanged(
                7, new NodeId("n2"), bucket, Outcome.REPAIRED, 1_700_000_000_000L, 30, 2, 1, 4_096, 12_000_000);
        repairs.add(new Effect.ExchangeEnded(0, over, 1));
    }

    @Override
    public synchronized ScrubFigures scrub() {
        return scrub;
    }

    @Override
    public synchronized void scrubNow() {
        ScrubFigures.Found found = new ScrubFigures.Found(
                "/data/partitions/0007.mv", 8_192, "a page fails its checksum", 1_700_000_000_000L);
        scrub = new ScrubFigures(2, 5, 30, 4_096, 1, List.of(found), 0);
    }

    @Override
    public ContextToken tokens() {
        return tokens;
    }

    @Override
    public synchronized NodeState state() {
        return state;
    }
}
