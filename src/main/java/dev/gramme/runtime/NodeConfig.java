package dev.gramme.runtime;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a node is told at its start: flags of {@code gramme server}, environment variables ({@code GRAMME_NODE_ID}, …) or system
 * properties, in this order.
 */
@ConfigMapping(prefix = "gramme")
public interface NodeConfig {
    int MAX_DRAIN_MILLIS = 600_000;
    int MAX_REPAIR_SECONDS = 31 * 86_400;
    int MAX_SCRUB_SECONDS = 366 * 86_400;
    int MAX_HINT_SECONDS = 366 * 86_400;
    int MAX_COLLECT_SECONDS = 366 * 86_400;

    /** This node's name; without one no node is started (client commands, tests of the front). */
    Optional<String> nodeId();

    /** Where the bridge listens, host:port; port 0 lets the system choose. */
    @WithDefault("127.0.0.1:7800")
    String bridge();

    /** The address that peers reach the bridge at, host:port; by default as it listens. */
    Optional<String> advertise();

    /** The REST front's address as told to others, host:port; by default as it listens. */
    Optional<String> advertiseHttp();

    @WithDefault("data")
    Path data();

    @WithDefault("gramme")
    String cluster();

    /**
     * Every member of a new cluster's first ring as id=host:port[/zone[/weight]], by comma: the same on all of them. A ring kept in the data directory
     * wins over it, and a node that it does not name joins by {@link #seeds}. Empty, and without seeds: a cluster of one.
     */
    Optional<String> members();

    /** Bridges of nodes to ask for the cluster, host:port by comma; a name may stand for many nodes, and for others later. */
    Optional<String> seeds();

    @WithDefault("default")
    String zone();

    /** Capacity relative to the other members; 100 if not given. */
    Optional<Integer> weight();

    /** Q: fixed for the cluster's life. */
    @WithDefault("256")
    int partitions();

    /** N: the cluster's. */
    @WithDefault("3")
    int replicas();

    /** {@code sync}: acknowledged means forced to disk. {@code interval}: forced within {@link #durabilityInterval}. */
    @WithDefault("sync")
    String durability();

    /** Milliseconds. */
    @WithDefault("10")
    int durabilityInterval();

    /** A file whose bytes every node of the cluster shares: authenticates clients' contexts and nodes' messages. */
    Optional<Path> clusterKeyFile();

    /** K, the serial loops for per-key work; 0 for one per core. */
    @WithDefault("0")
    int loops();

    /** Seconds within which each partition is compared with each of its other owners. */
    @WithDefault("3600")
    int repairInterval();

    /** Seconds for which a delete, and a value that has expired, is kept at least; then it is forgotten when all members can agree on that. 0: never. The same on all nodes. */
    @WithDefault("86400")
    int collectAfter();

    /** {@code adaptive}: background work goes on as fast as clients do not feel it. {@code unlimited}: as fast as it can. */
    @WithDefault("adaptive")
    String backgroundPace();

    /** MiB of hints kept for an owner that is away, about; beyond, the other owners are told instead. */
    @WithDefault("1024")
    int hintMebibytes();

    /** Seconds for which hints wait for an owner that is away; then the other owners are told instead. */
    @WithDefault("86400")
    int hintAge();

    /** Seconds within which everything on the disk is read once; 0: only when asked. */
    @WithDefault("604800")
    int scrubInterval();

    /** How long a node that is told to stop may take to hand over before it closes its stores, in milliseconds. */
    @WithDefault("10000")
    int drainTimeout();
}
