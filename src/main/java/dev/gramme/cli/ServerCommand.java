package dev.gramme.cli;

import dev.gramme.runtime.Server;
import io.quarkus.runtime.Quarkus;
import java.net.BindException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gramme server}: one node of a cluster. Flags become the properties that {@link dev.gramme.runtime.NodeConfig} reads. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description = "Runs one node of a cluster.",
        sortOptions = false)
final class ServerCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--node-id",
            required = true,
            defaultValue = "${env:GRAMME_NODE_ID}",
            description = "This node's name, unique in the cluster.")
    private String nodeId = "";

    @Option(
            names = "--http",
            defaultValue = "${env:GRAMME_HTTP:-127.0.0.1:8080}",
            description = "Where the REST front listens (default: ${DEFAULT-VALUE}).")
    private String http = "";

    @Option(
            names = "--bridge",
            defaultValue = "${env:GRAMME_BRIDGE:-127.0.0.1:7800}",
            description = "Where the bridge to the other nodes listens (default: ${DEFAULT-VALUE}).")
    private String bridge = "";

    @Option(
            names = "--advertise",
            defaultValue = "${env:GRAMME_ADVERTISE}",
            description = "The bridge's address as the others reach it (default: as it listens).")
    private @Nullable String advertise;

    @Option(
            names = "--advertise-http",
            defaultValue = "${env:GRAMME_ADVERTISE_HTTP}",
            description = "The REST front's address as told to others (default: as it listens).")
    private @Nullable String advertiseHttp;

    @Option(
            names = "--data",
            defaultValue = "${env:GRAMME_DATA:-data}",
            description = "The data directory (default: ${DEFAULT-VALUE}).")
    private String data = "";

    @Option(
            names = "--cluster",
            defaultValue = "${env:GRAMME_CLUSTER:-gramme}",
            description = "The cluster's name (default: ${DEFAULT-VALUE}).")
    private String cluster = "";

    @Option(
            names = "--members",
            defaultValue = "${env:GRAMME_MEMBERS}",
            description =
                    "The first ring of a new cluster: every member as id=host:port[/zone[/weight]], by comma, the same on all of them. A ring kept in --data wins over it (default: this node alone, or with --seeds none).")
    private @Nullable String members;

    @Option(
            names = "--seeds",
            defaultValue = "${env:GRAMME_SEEDS}",
            description =
                    "Bridges of any nodes of the cluster, host:port by comma; a DNS name may stand for many. A node that --members does not name joins by them: see gramme cluster.")
    private @Nullable String seeds;

    @Option(
            names = "--zone",
            defaultValue = "${env:GRAMME_ZONE:-default}",
            description = "Failure domain of this node, and of --members that name none (default: ${DEFAULT-VALUE}).")
    private String zone = "";

    @Option(
            names = "--weight",
            defaultValue = "${env:GRAMME_WEIGHT}",
            description = "Capacity relative to the other nodes, 1 to 1000, when it joins (default: 100).")
    private @Nullable Integer weight;

    @Option(
            names = "--partitions",
            defaultValue = "${env:GRAMME_PARTITIONS:-256}",
            description = "Q, fixed for the cluster's life (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--replicas",
            defaultValue = "${env:GRAMME_REPLICAS:-3}",
            description = "N, copies of each key (default: ${DEFAULT-VALUE}).")
    private int replicas;

    @Option(
            names = "--durability",
            defaultValue = "${env:GRAMME_DURABILITY:-sync}",
            description =
                    "sync: acknowledged means forced to disk; interval: forced within --durability-interval (default: ${DEFAULT-VALUE}).")
    private String durability = "";

    @Option(
            names = "--durability-interval",
            defaultValue = "${env:GRAMME_DURABILITY_INTERVAL:-10}",
            description = "Milliseconds between forces with --durability interval (default: ${DEFAULT-VALUE}).")
    private int durabilityInterval;

    @Option(
            names = "--cluster-key-file",
            defaultValue = "${env:GRAMME_CLUSTER_KEY_FILE}",
            description =
                    "A file with at least 16 secret bytes, the same on every node; without one a key anybody could know is derived from the cluster's name.")
    private @Nullable String clusterKeyFile;

    @Option(
            names = "--loops",
            defaultValue = "${env:GRAMME_LOOPS:-0}",
            description = "Serial loops for per-key work; 0 is one per core (default: ${DEFAULT-VALUE}).")
    private int loops;

    @Option(
            names = "--repair-interval",
            defaultValue = "${env:GRAMME_REPAIR_INTERVAL:-3600}",
            description =
                    "Seconds within which each partition is compared with each of its other owners (default: ${DEFAULT-VALUE}).")
    private int repairInterval;

    @Option(
            names = "--collect-after",
            defaultValue = "${env:GRAMME_COLLECT_AFTER:-86400}",
            description =
                    "Seconds for which a delete is kept at least; then it is forgotten once all members have agreed on that; 0: never. The same on all nodes. A client's retry of an older write may bring it back (default: ${DEFAULT-VALUE}).")
    private int collectAfter;

    @Option(
            names = "--background-pace",
            defaultValue = "${env:GRAMME_BACKGROUND_PACE:-adaptive}",
            description =
                    "adaptive: transfers, repair, hints and other background work go on as fast as clients do not feel it; unlimited: as fast as they can (default: ${DEFAULT-VALUE}).")
    private String backgroundPace = "";

    @Option(
            names = "--hint-mebibytes",
            defaultValue = "${env:GRAMME_HINT_MEBIBYTES:-1024}",
            description =
                    "Hints kept for an owner that is away, in MiB, about; beyond, the other owners are told, and the absent one hears of it from them when it is back (default: ${DEFAULT-VALUE}).")
    private int hintMebibytes;

    @Option(
            names = "--hint-age",
            defaultValue = "${env:GRAMME_HINT_AGE:-86400}",
            description =
                    "Seconds for which hints wait for an owner that is away; then as with --hint-mebibytes (default: ${DEFAULT-VALUE}).")
    private int hintAge;

    @Option(
            names = "--scrub-interval",
            defaultValue = "${env:GRAMME_SCRUB_INTERVAL:-604800}",
            description =
                    "Seconds within which everything on this node's disk is read once and verified; 0: only when asked (default: ${DEFAULT-VALUE}).")
    private int scrubInterval;

    @Option(
            names = "--drain-timeout",
            defaultValue = "${env:GRAMME_DRAIN_TIMEOUT:-10000}",
            description =
                    "Milliseconds that a node told to stop may take to finish requests and hand hints over (default: ${DEFAULT-VALUE}).")
    private int drainTimeout;

    @Override
    public Integer call() {
        properties().set();
        return serve();
    }

    /** Runs the node that the system properties describe, until it is told to stop. Answers the exit status. */
    static int serve() {
        AtomicInteger status = new AtomicInteger();
        Quarkus.run(Server.class, (code, failure) -> {
            if (failure != null) {
                System.err.println("gramme: the node could not be started: " + reason(failure));
            }
            status.set(code);
        });
        return status.get();
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof BindException) {
            return root.getMessage() + ". Choose another port with --http, or stop the program that holds it";
        }
        return root.toString();
    }

    ServerProperties properties() {
        ServerProperties properties = new ServerProperties()
                .with(ServerProperties.NODE_ID, nodeId)
                .with("gramme.bridge", bridge)
                .with("gramme.advertise", advertise)
                .with("gramme.advertise-http", advertiseHttp)
                .with("gramme.data", data)
                .with("gramme.cluster", cluster)
                .with("gramme.members", members)
                .with("gramme.seeds", seeds)
                .with("gramme.zone", zone)
                .with("gramme.weight", weight)
                .with("gramme.partitions", partitions)
                .with("gramme.replicas", replicas)
                .with("gramme.durability", durability)
                .with("gramme.durability-interval", durabilityInterval)
                .with("gramme.cluster-key-file", clusterKeyFile)
                .with("gramme.loops", loops)
                .with("gramme.repair-interval", repairInterval)
                .with("gramme.collect-after", collectAfter)
                .with("gramme.background-pace", backgroundPace)
                .with("gramme.hint-mebibytes", hintMebibytes)
                .with("gramme.hint-age", hintAge)
                .with("gramme.scrub-interval", scrubInterval)
                .withDrain(drainTimeout)
                // The front reads keys from the raw request line and answers bad ones with a problem; Quarkus would
                // answer a bare 400, at a cost per request.
                .with("vertx.disableURIValidation", true);
        try {
            return properties.withFront(http);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
