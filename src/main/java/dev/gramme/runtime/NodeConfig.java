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

    /** Every member as id=host:port[/zone[/weight]], by comma, this node among them; empty for a cluster of one. */
    @WithDefault("")
    Optional<String> members();

    @WithDefault("default")
    String zone();

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

    /** How long a stopping node waits for requests under way, in milliseconds. */
    @WithDefault("10000")
    int drainTimeout();
}
