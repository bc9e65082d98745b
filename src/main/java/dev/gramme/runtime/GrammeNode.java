package dev.gramme.runtime;

import dev.gramme.node.BackupAnswer;
import dev.gramme.node.BackupPart;
import dev.gramme.node.ClusterAnswer;
import dev.gramme.node.ClusterCommand;
import dev.gramme.node.ClusterSnapshot;
import dev.gramme.node.Explanation;
import dev.gramme.node.RestoreOutcome;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.transport.HostAndPort;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.ContextToken;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** This process's node: started by {@link Server}, stopped with the application. Until it is started every request finds it not ready. */
@ApplicationScoped
public class GrammeNode implements LocalNode {
    private static final Logger LOG = Logger.getLogger("gramme");

    private final NodeConfig config;
    private final Vertx vertx;
    private final NodeMetrics metrics;
    private volatile @Nullable Assembly assembly;
    private volatile boolean draining;
    private volatile boolean closing;
    private long drainDeadlineNanos;
    private volatile String stopReason = "";

    @Inject
    public GrammeNode(NodeConfig config, Vertx vertx, NodeMetrics metrics) {
        this.config = config;
        this.vertx = vertx;
        this.metrics = metrics;
    }

    /**
     * Opens the data directory, replays the log, listens for peers, runs the loops.
     *
     * @throws StartRefusedException saying what is in the way and what to do
     */
    void start() {
        long began = System.nanoTime();
        Assembly started = Assembly.open(NodePlan.of(config, frontAddress()), vertx, metrics, this::stopBecause);
        begun(started);
        LOG.infof(
                "node %s is up: %s (%d ms)",
                started.plan().self(), started.describe(), (System.nanoTime() - began) / 1_000_000);
    }

    /** A node that was told to stop while it replayed its log learns that now. */
    private synchronized void begun(Assembly started) {
        assembly = started;
        if (draining) {
            started.beginDraining();
        }
    }

    /** Where Quarkus listens: known once it does, also where the system chose the port. */
    private static String frontAddress() {
        Config config = ConfigProvider.getConfig();
        return new HostAndPort(
                        config.getValue("quarkus.http.host", String.class),
                        config.getValue("quarkus.http.port", Integer.class))
                .toString();
    }

    /** SIGTERM, first: readiness goes down, every answer closes its connection, the others are told; what comes is still served. */
    void drain(@Observes ShutdownDelayInitiatedEvent event) {
        beginDraining();
    }

    /** SIGTERM, then: clients' requests have ended, or had their time. */
    void stop(@Observes ShutdownEvent event) {
        beginDraining();
        closing = true;
        Assembly running = assembly;
        if (running != null) {
            running.drainAndClose(drainDeadlineNanos);
        }
    }

    private synchronized void beginDraining() {
        if (!draining) {
            drainDeadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.drainTimeout());
            draining = true;
            Assembly running = assembly;
            if (running != null) {
                running.beginDraining();
            }
        }
    }

    /** Why the node stopped itself; empty if it did not. */
    String stopReason() {
        return stopReason;
    }

    private void stopBecause(String reason, @Nullable Throwable cause) {
        if (stopReason.isEmpty()) {
            stopReason = reason;
            LOG.errorf(cause, "the node stops: %s", reason);
            Quarkus.asyncExit(Server.REFUSED);
        }
    }

    private Assembly running() {
        Assembly running = assembly;
        if (running == null) {
            throw new NotReadyException("the node is starting: its log is being replayed");
        }
        if (closing) {
            throw new NotReadyException("the node is stopping");
        }
        return running;
    }

    @Override
    public NodeId id() {
        return running().plan().self();
    }

    @Override
    public String clusterName() {
        return config.cluster();
    }

    @Override
    public int replicas() {
        return config.replicas();
    }

    @Override
    public Uni<PutOutcome> put(PutCommand command) {
        return ask(done -> running().planeOf(command.key()).put(command, done));
    }

    @Override
    public Uni<GetOutcome> get(GetCommand command) {
        return ask(done -> running().planeOf(command.key()).get(command, done));
    }

    @Override
    public Uni<Explanation> explain(Key key) {
        return ask(done -> running().planeOf(key).explain(key, done));
    }

    @Override
    public Uni<BackupAnswer> backUp(int partition, BackupPart part, @Nullable Key after) {
        return ask(done -> running().planeOf(partition).backUp(partition, part, after, done));
    }

    @Override
    public Uni<RestoreOutcome> restore(long stamp, List<Message.RangeEntry> records) {
        return ask(done -> new RestoreBatch(running()).restore(stamp, records, done));
    }

    @Override
    public SortedMap<Integer, Long> promises() {
        return running().promises();
    }

    /** The answer comes on a loop's thread; it is handed back to the Vert.x context that asked, in one hop. */
    private static <T> Uni<T> ask(Consumer<Consumer<T>> question) {
        return Uni.createFrom().emitter(emitter -> {
            Context context = Vertx.currentContext();
            question.accept(answer -> {
                if (context == null) {
                    emitter.complete(answer);
                } else {
                    context.runOnContext(ignored -> emitter.complete(answer));
                }
            });
        });
    }

    @Override
    public View view() {
        return running().view();
    }

    @Override
    public ClusterSnapshot cluster() {
        return running().cluster();
    }

    @Override
    public List<String> problems() {
        return running().problems();
    }

    @Override
    public Uni<ClusterAnswer> administer(ClusterCommand command) {
        return ask(done -> running().control().administer(command, done));
    }

    @Override
    public BucketProperties bucket(String bucket) {
        BucketProperties known = running().buckets().get(bucket);
        return known == null ? BucketProperties.defaults(bucket, replicas()) : known;
    }

    @Override
    public SortedMap<String, BucketProperties> buckets() {
        return running().buckets();
    }

    @Override
    public Uni<BucketProperties> setBucket(BucketProperties properties) {
        Uni<BucketAnswer> asked = ask(done -> running().control().setBucket(properties, done));
        return asked.map(answer -> {
            if (!answer.error().isEmpty()) {
                throw new IllegalArgumentException(answer.error());
            }
            return answer.properties();
        });
    }

    @Override
    public int partitionsLacking() {
        return running().partitionsLacking();
    }

    @Override
    public SortedMap<NodeId, Long> hints() {
        return running().hints();
    }

    @Override
    public CollectionFigures collections() {
        return running().collections();
    }

    @Override
    public RepairFigures repairs() {
        return running().repairs();
    }

    @Override
    public void repairNow(@Nullable String bucket) {
        running().repairNow(bucket);
    }

    @Override
    public ScrubFigures scrub() {
        return ScrubFigures.of(running().scrub().status());
    }

    @Override
    public void scrubNow() {
        running().scrub().ask();
    }

    @Override
    public ContextToken tokens() {
        return running().tokens();
    }

    @Override
    public NodeState state() {
        Assembly running = assembly;
        if (running == null) {
            return new NodeState(false, true, draining, false, "starting: the log is being replayed");
        }
        return running.state();
    }
}
