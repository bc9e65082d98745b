package dev.gramme.runtime;

import dev.gramme.antientropy.Collected;
import dev.gramme.antientropy.CollectionBounds;
import dev.gramme.antientropy.ExchangeBounds;
import dev.gramme.membership.Timings;
import dev.gramme.node.BackgroundController;
import dev.gramme.node.ClusterSnapshot;
import dev.gramme.node.ControlPlane;
import dev.gramme.node.ControlSettings;
import dev.gramme.node.DataPlane;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.node.KeptTopology;
import dev.gramme.node.NodeSettings;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.View;
import dev.gramme.storage.DataDirectoryException;
import dev.gramme.storage.NodeStorage;
import dev.gramme.storage.PersistCallback;
import dev.gramme.storage.Scrub;
import dev.gramme.storage.StorageStatus;
import dev.gramme.transport.RareLog;
import dev.gramme.wire.BackgroundWork;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.ContextToken;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Probe;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A node put together: storage, bridge, control loop, data loops, seeds; and what its loops do to the world. */
final class Assembly implements Surroundings {
    private static final Logger LOG = Logger.getLogger("gramme");
    private final RareLog alterations = new RareLog(LOG, System::nanoTime);

    private final NodePlan plan;
    private final NodeStorage storage;
    private final NodeMetrics metrics;
    private final ContextToken tokens;
    private final BiConsumer<String, @Nullable Throwable> onStop;
    private final @Nullable KeptTopology kept;
    private final List<PlaneLoop> planes = new ArrayList<>();
    private final ControlLoop control;
    private final Routes routes;
    private final TopologyWriter topologies;
    private final Seeds seeds;
    private final RepairFigures repairs;
    private final SharedControl background;
    private final CollectionFigures collections = new CollectionFigures();
    private volatile @Nullable Bridge bridge;
    private volatile View view;
    private volatile boolean draining;
    private volatile SortedMap<String, BucketProperties> buckets = new TreeMap<>();

    private Assembly(
            NodePlan plan, NodeStorage storage, NodeMetrics metrics, BiConsumer<String, @Nullable Throwable> onStop) {
        this.plan = plan;
        this.storage = storage;
        this.metrics = metrics;
        this.onStop = onStop;
        this.tokens = new ContextToken(plan.clusterKey());
        this.kept = TopologyWriter.load(storage);
        this.control =
                new ControlLoop(new ControlPlane(settings(plan), BucketBlob.decode(storage.loadBuckets()), kept), this);
        this.topologies = new TopologyWriter(storage, control::execute);
        this.seeds = new Seeds(plan.place().seeds(), found -> control.execute(new Event.SeedsResolved(found)));
        this.repairs = new RepairFigures(plan.loops());
        this.view = control.firstView();
        NodeSettings settings = NodeSettings.defaults(plan.self(), plan.loops())
                .withExchanges(ExchangeBounds.DEFAULT.withInterval(plan.repairMillis()))
                .withHints(plan.hints())
                .withCollections(CollectionBounds.DEFAULT
                        .withAge(plan.collectAfterMillis())
                        .withQueue(storage.mostQueuedBytes()));
        this.background = new SharedControl(new BackgroundController(plan.backgroundPace()));
        for (int loop = 0; loop < plan.loops(); loop++) {
            planes.add(new PlaneLoop(
                    loop,
                    new DataPlane(
                            settings,
                            loop,
                            view,
                            storage.store(),
                            storage.trees(),
                            storage.hints(),
                            storage.dots(),
                            storage.losses(),
                            background),
                    this));
        }
        this.routes = new Routes(planes, control, plan.partitions());
    }

    /** @throws StartRefusedException if the data directory is not ours, or the bridge's port is taken */
    static Assembly open(
            NodePlan plan, Vertx vertx, NodeMetrics metrics, BiConsumer<String, @Nullable Throwable> onStop) {
        NodeStorage storage;
        try {
            storage = NodeStorage.open(plan.storage());
        } catch (DataDirectoryException e) {
            throw new StartRefusedException(String.valueOf(e.getMessage()), e);
        }
        try {
            Assembly assembly = new Assembly(plan, storage, metrics, onStop);
            assembly.connect(vertx);
            return assembly;
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    private void connect(Vertx vertx) {
        Bridge opened = Bridge.open(plan, vertx, routes);
        bridge = opened;
        opened.peers(new Effect.PublishPeers(plan.place().bridges()));
        planes.forEach(PlaneLoop::start);
        control.start();
        seeds.start();
        storage.onStatusChange(this::storageChanged);
        storage.scrub().admittedBy(background.of(BackgroundWork.SCRUB));
        storage.scrub().every(plan.scrubMillis());
        storage.pacedBy(background);
        new AssemblyMetrics(this, storage, opened, metrics).register();
        new RingMetrics(this, metrics).register();
        new RepairMetrics(repairs, metrics).register();
        new BackgroundMetrics(background, metrics).register();
        metrics.counter(
                "gramme.collection.keys",
                "Keys that were forgotten by the rounds that this node led: all had deleted them",
                collections,
                CollectionFigures::keys);
        metrics.gauge(
                "gramme.collection.held.up",
                "Partitions whose last round of collection, led here, was given up",
                collections,
                CollectionFigures::heldUp);
        metrics.gauge(
                "gramme.collection.held.up.since",
                "Wall-clock time in milliseconds since when the one of these that was held up first is; 0 if none is",
                collections,
                CollectionFigures::heldUpSinceMillis);
    }

    private void storageChanged() {
        StorageStatus disk = storage.status();
        tellControl(disk);
        if (!disk.broken().isEmpty()) {
            stop("the disk failed: " + disk.broken(), null);
        }
    }

    /** In one piece: or the disk's word that overtakes the farewell would take it back. */
    private synchronized void tellControl(StorageStatus disk) {
        control.selfChanged(!draining, disk.writable());
    }

    private static ControlSettings settings(NodePlan plan) {
        Place place = plan.place();
        return new ControlSettings(
                plan.self(),
                new SecureRandom().nextLong(),
                plan.cluster(),
                plan.partitions(),
                plan.replicas(),
                place.zone(),
                place.weight(),
                place.bridge(),
                plan.http(),
                ConfigProvider.getConfig()
                        .getOptionalValue("quarkus.application.version", String.class)
                        .orElse("unknown"),
                plan.loops(),
                Timings.CONNECTED,
                place.initial(),
                place.bridges());
    }

    @Override
    public void send(NodeId to, Message message) {
        Bridge open = bridge;
        if (open == null) {
            routes.undeliverable(to, message);
        } else {
            open.send(to, message);
        }
    }

    @Override
    public void contact(String address, Message message) {
        Bridge open = bridge;
        if (open != null) {
            open.contact(address, message);
        }
    }

    @Override
    public void publishPeers(Effect.PublishPeers peers) {
        Bridge open = bridge;
        if (open != null) {
            open.peers(peers);
        }
    }

    @Override
    public void persist(List<Mutation> mutations, Consumer<Durability> done) {
        storage.persist(mutations, result -> done.accept(durability(result)));
    }

    private static Durability durability(PersistCallback.Outcome outcome) {
        return switch (outcome) {
            case DURABLE -> Durability.DURABLE;
            case FULL -> Durability.FULL;
            case BROKEN -> Durability.BROKEN;
        };
    }

    @Override
    public void keepTopology(Effect.KeepTopology keep) {
        topologies.keep(keep);
    }

    @Override
    public void publishView(View published) {
        view = published;
        planes.forEach(plane -> plane.execute(new Event.ViewChanged(published)));
    }

    @Override
    public void publishBuckets(SortedMap<String, BucketProperties> published) {
        buckets = published;
        try {
            storage.saveBuckets(BucketBlob.encode(published));
        } catch (UncheckedIOException notKept) {
            // A full disk must not stop the node: it goes by them, and after a restart learns them from the others
            // again.
            LOG.warnf(notKept, "bucket properties could not be kept; they hold until this node is restarted");
        }
        planes.forEach(plane -> plane.execute(new Event.BucketsChanged(published)));
    }

    @Override
    public void tellControl(Event.ForControl event) {
        control.execute(event);
    }

    @Override
    public long storedBytes() {
        return storage.storedBytes();
    }

    /** Of this node's disk. */
    Scrub scrub() {
        return storage.scrub();
    }

    CollectionFigures collections() {
        return collections;
    }

    RepairFigures repairs() {
        return repairs;
    }

    /** Compare everything that this node owns with every other owner now. */
    void repairNow(@Nullable String bucket) {
        Ring settled = view.topology().settled();
        int[] exchanges = new int[planes.size()];
        for (int p = 0; p < settled.partitions(); p++) {
            if (settled.owns(plan.self(), p)) {
                exchanges[DataPlane.loopOf(p, planes.size())] +=
                        settled.owners(p).size() - 1;
            }
        }
        for (int loop = 0; loop < exchanges.length; loop++) {
            repairs.asked(loop, exchanges[loop]);
            planes.get(loop).execute(new Event.RepairNow(bucket));
        }
    }

    @Override
    public void exchanged(Effect.ExchangeEnded ended) {
        repairs.add(ended);
    }

    @Override
    public void collected(Collected collected) {
        if (collections.add(collected)) {
            LOG.infof(
                    "Deletes of partition %d wait to be forgotten: a round of collection was given up%s",
                    collected.partition(),
                    collected.waitedFor().isEmpty()
                            ? ", because a member refused"
                            : ", waiting for " + collected.waitedFor());
        }
    }

    @Override
    public void observed(Probe probe, long amount) {
        metrics.observed(probe, amount);
    }

    @Override
    public void altered(Key key) {
        alterations.warn("Damage found: two copies of one version of the key with the hash "
                + HexFormat.of().toHexDigits(key.token().high()) + ", in partition "
                + key.token().partition(plan.partitions())
                + ", say different things: one was altered in the memory of a node, or below a checksum that fits, or a disk was put"
                + " back and its node wrote on."
                + " All owners come to keep the same one; which one was written nobody can say.");
    }

    @Override
    public void stop(String reason, @Nullable Throwable cause) {
        onStop.accept(reason, cause);
    }

    NodePlan plan() {
        return plan;
    }

    View view() {
        return view;
    }

    SortedMap<String, BucketProperties> buckets() {
        return buckets;
    }

    ContextToken tokens() {
        return tokens;
    }

    ControlLoop control() {
        return control;
    }

    List<PlaneLoop> planes() {
        return planes;
    }

    PlaneLoop planeOf(Key key) {
        return routes.planeOf(key);
    }

    PlaneLoop planeOf(int partition) {
        return routes.planeOf(partition);
    }

    SortedMap<Integer, Long> promises() {
        SortedMap<Integer, Long> promises = new TreeMap<>();
        for (int p = 0; p < view.topology().settled().partitions(); p++) {
            long stamp = storage.store().promised(p);
            if (stamp > 0) {
                promises.put(p, stamp);
            }
        }
        return promises;
    }

    int partitionsLacking() {
        Ring settled = view.topology().settled();
        int lacking = 0;
        for (int p = 0; p < settled.partitions(); p++) {
            lacking += settled.owns(plan.self(), p) && storage.losses().isLacking(p) ? 1 : 0;
        }
        return lacking;
    }

    SortedMap<NodeId, Long> hints() {
        return storage.hints().counts();
    }

    ClusterSnapshot cluster() {
        return control.snapshot();
    }

    LocalNode.NodeState state() {
        return new Condition(storage.status(), partitionsLacking(), problems(), isLive(), draining).state();
    }

    /** Of the cluster as a whole; and, as long as this node knows no ring, what is in the way of finding it. */
    List<String> problems() {
        List<String> problems = new ArrayList<>(cluster().problems());
        problems.addAll(seeds.problems());
        Bridge open = bridge;
        if (open != null && cluster().ring().version() == 0) {
            open.status().lastContactErrors().forEach((seed, why) -> problems.add("the seed " + seed + ": " + why));
        }
        return problems;
    }

    /** Loops with something under way that began by an older topology than the one published last. */
    long loopsBehind() {
        long epoch = view.topology().epoch();
        return planes.stream().filter(plane -> plane.caughtUpWith() < epoch).count();
    }

    private boolean isLive() {
        return !control.isStuck() && planes.stream().noneMatch(PlaneLoop::isStuck);
    }

    /** One line for the log. */
    String describe() {
        return Condition.atStart(plan, kept, storage.status());
    }

    /** From now on this node's standing says that it stops to be started again: the others route around it at once. What comes is still served. */
    void beginDraining() {
        draining = true;
        tellControl(storage.status());
    }

    /** Waits for what is under way and for hints that can be delivered, until {@code deadlineNanos} at most; then closes everything in order. */
    void drainAndClose(long deadlineNanos) {
        beginDraining();
        planes.forEach(plane -> plane.awaitIdle(deadlineNanos));
        new LastHints(this::hints, () -> view, deadlineNanos).await();
        seeds.close();
        control.close();
        planes.forEach(PlaneLoop::close);
        topologies.close();
        Bridge open = bridge;
        if (open != null) {
            open.close();
        }
        storage.close();
    }
}
