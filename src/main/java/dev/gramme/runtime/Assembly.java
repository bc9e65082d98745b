package dev.gramme.runtime;

import dev.gramme.membership.Timings;
import dev.gramme.node.ControlSettings;
import dev.gramme.node.DataPlane;
import dev.gramme.node.Event;
import dev.gramme.node.NodeSettings;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.View;
import dev.gramme.storage.DataDirectoryException;
import dev.gramme.storage.NodeStorage;
import dev.gramme.storage.PersistCallback;
import dev.gramme.storage.StorageStatus;
import dev.gramme.transport.HostAndPort;
import dev.gramme.transport.PeerTransport;
import dev.gramme.transport.TransportSettings;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.ContextToken;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Probe;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A node put together: storage, bridge, control loop, data loops, and the routes between them. */
final class Assembly implements Surroundings {
    private static final Logger LOG = Logger.getLogger("gramme");
    private static final long OPEN_TIMEOUT_SECONDS = 30;
    private static final String PROGRAM = ConfigProvider.getConfig()
            .getOptionalValue("quarkus.application.version", String.class)
            .orElse("unknown");

    private final NodePlan plan;
    private final NodeStorage storage;
    private final NodeMetrics metrics;
    private final ContextToken tokens;
    private final BiConsumer<String, @Nullable Throwable> onStop;
    private final List<PlaneLoop> planes = new ArrayList<>();
    private final ControlLoop control;
    private final Ring ring;
    private volatile @Nullable PeerTransport transport;
    private volatile View view;
    private volatile boolean draining;
    private volatile SortedMap<String, BucketProperties> buckets = new TreeMap<>();

    private Assembly(
            NodePlan plan, NodeStorage storage, NodeMetrics metrics, BiConsumer<String, @Nullable Throwable> onStop) {
        this.plan = plan;
        this.storage = storage;
        this.metrics = metrics;
        this.onStop = onStop;
        this.ring = plan.ring();
        this.tokens = new ContextToken(plan.clusterKey());
        this.control = new ControlLoop(controlSettings(plan), BucketBlob.decode(storage.loadBuckets()), this);
        this.view = control.firstView();
        NodeSettings settings = NodeSettings.defaults(plan.self(), plan.loops());
        for (int loop = 0; loop < plan.loops(); loop++) {
            planes.add(new PlaneLoop(
                    loop, new DataPlane(settings, loop, view, storage.store(), storage.hints(), storage.dots()), this));
        }
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
        TransportSettings settings = TransportSettings.of(plan.self(), plan.bind(), plan.clusterKey());
        try {
            transport = PeerTransport.open(vertx, settings, this::received, this::undeliverable)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(OPEN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefusedException("interrupted while opening the bridge", e);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartRefusedException(
                    cause.getMessage() + ". Choose another with --bridge, or stop what holds it", e);
        }
        SortedMap<NodeId, HostAndPort> peers = new TreeMap<>();
        plan.bridges().forEach((id, bridge) -> peers.put(id, HostAndPort.parse(bridge)));
        planes.forEach(PlaneLoop::start);
        control.start();
        storage.onStatusChange(this::storageChanged);
        transport.peers(peers);
        new AssemblyMetrics(this, storage, transport, metrics).register();
    }

    private void storageChanged() {
        StorageStatus disk = storage.status();
        control.selfChanged(!draining, disk.writable());
        if (!disk.broken().isEmpty()) {
            stop("the disk failed: " + disk.broken(), null);
        }
    }

    private static ControlSettings controlSettings(NodePlan plan) {
        return new ControlSettings(
                plan.self(),
                new SecureRandom().nextLong(),
                plan.cluster(),
                plan.ring().partitions(),
                plan.ring().replicas(),
                plan.member().claim().zone(),
                plan.member().claim().weight(),
                plan.member().bridge(),
                plan.http(),
                PROGRAM,
                plan.loops(),
                Timings.CONNECTED,
                plan.ring(),
                plan.bridges());
    }

    private void received(NodeId from, Message message) {
        switch (message) {
            case Message.KeyRequest request -> planeOf(request.key()).offer(new Event.Received(from, message));
            case Message.KeyReply reply -> planeOfId(reply.id()).offer(new Event.Received(from, message));
            case Message.PartitionRequest request ->
                planeOfPartition(request.partition()).offer(new Event.Received(from, message));
            case Message.Control ignored -> control.offer(new Event.Received(from, message));
        }
    }

    private void undeliverable(NodeId to, Message message) {
        switch (message) {
            case Message.KeyRequest request -> planeOfId(request.id()).offer(new Event.Undeliverable(to, message));
            case Message.PartitionRequest request ->
                planeOfId(request.id()).offer(new Event.Undeliverable(to, message));
            case Message.KeyReply ignored -> {
                // The asker is gone or will ask again: its own deadline tells it.
            }
            case Message.Control ignored -> control.offer(new Event.Undeliverable(to, message));
        }
    }

    PlaneLoop planeOf(Key key) {
        return planes.get(DataPlane.loopOf(ring.partitionOf(key), planes.size()));
    }

    private PlaneLoop planeOfPartition(int partition) {
        return planes.get(DataPlane.loopOf(partition, planes.size()));
    }

    private PlaneLoop planeOfId(long id) {
        return planes.get((int) Math.floorMod(id, (long) planes.size()));
    }

    @Override
    public void send(NodeId to, Message message) {
        PeerTransport open = transport;
        if (open == null) {
            undeliverable(to, message);
        } else {
            open.send(to, message);
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
    public void observed(Probe probe, long amount) {
        metrics.observed(probe, amount);
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

    SortedMap<NodeId, Long> hints() {
        return storage.hints().counts();
    }

    List<LocalNode.MemberStatus> members() {
        return control.members();
    }

    LocalNode.NodeState state(boolean draining) {
        StorageStatus disk = storage.status();
        boolean live = !control.isStuck() && planes.stream().noneMatch(PlaneLoop::isStuck);
        return new LocalNode.NodeState(
                control.snapshot().joined(), live, draining, disk.writable(), detail(disk, live, draining));
    }

    private String detail(StorageStatus disk, boolean live, boolean draining) {
        if (!live) {
            return "a serial loop has not come round for " + SerialLoop.STUCK_NANOS / 1_000_000_000L + " s";
        }
        if (draining) {
            return "stopping";
        }
        if (!disk.broken().isEmpty()) {
            return "the disk is broken: " + disk.broken();
        }
        if (disk.full()) {
            return "the disk is full: read-only until there is room";
        }
        return disk.damage().isEmpty()
                ? String.join("; ", control.snapshot().problems())
                : "damage found: " + disk.damage().getLast();
    }

    /** One line for the log. */
    String describe() {
        StorageStatus disk = storage.status();
        return "cluster " + plan.cluster() + ", bridge " + plan.bind() + ", "
                + plan.members().byId().size()
                + " members, " + ring.partitions() + " partitions, " + plan.loops() + " loops, " + disk.recovered()
                + " writes replayed" + (disk.cutBytes() > 0 ? ", " + disk.cutBytes() + " unfinished bytes cut" : "")
                + (disk.cleanStart() ? "" : ", new actor");
    }

    /** Tells the others, waits for what is under way, and closes everything in order. */
    void drainAndClose(int timeoutMillis) {
        draining = true;
        control.selfChanged(false, false);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        planes.forEach(plane -> plane.awaitIdle(deadline));
        control.close();
        planes.forEach(PlaneLoop::close);
        PeerTransport open = transport;
        if (open != null) {
            open.close();
        }
        storage.close();
    }
}
