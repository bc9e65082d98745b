package dev.gramme.runtime;

import dev.gramme.handoff.HintBounds;
import dev.gramme.node.BackgroundPace;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.storage.Durability;
import dev.gramme.storage.StorageSettings;
import dev.gramme.transport.HostAndPort;
import dev.gramme.version.Bytes;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The configuration, checked and in the words of the rooms.
 *
 * @param bind where the bridge listens
 * @param http the REST front's address as told to others, host:port
 * @param partitions Q
 * @param replicas N
 * @param repairMillis within which each partition is compared with each of its other owners
 * @param collectAfterMillis younger deletes are not collected; 0: none ever is
 * @param backgroundPace whether background work gives way to clients
 * @param hints what may be kept for an owner that is away
 * @param scrubMillis within which everything on the disk is read once; 0: only when asked
 */
record NodePlan(
        NodeId self,
        String cluster,
        HostAndPort bind,
        String http,
        Place place,
        int partitions,
        int replicas,
        int loops,
        long repairMillis,
        long collectAfterMillis,
        BackgroundPace backgroundPace,
        HintBounds hints,
        long scrubMillis,
        Bytes clusterKey,
        StorageSettings storage) {

    private static final int MAX_REPLICAS = 16;

    /**
     * @param http where the REST front listens, host:port, unless another address is to be told
     * @throws StartRefusedException naming the option that is wrong
     */
    static NodePlan of(NodeConfig config, String http) {
        try {
            NodeId self = new NodeId(config.nodeId()
                    .orElseThrow(
                            () -> new StartRefusedException("no node id: start with --node-id NAME (GRAMME_NODE_ID)")));
            HostAndPort bind = HostAndPort.parse(config.bridge());
            checkNumbers(config);
            Place place = Place.of(config, self, bind);
            int loops =
                    config.loops() > 0 ? config.loops() : Runtime.getRuntime().availableProcessors();
            return new NodePlan(
                    self,
                    config.cluster(),
                    bind,
                    config.advertiseHttp().orElse(reachable(http, place)),
                    place,
                    config.partitions(),
                    config.replicas(),
                    loops,
                    TimeUnit.SECONDS.toMillis(config.repairInterval()),
                    TimeUnit.SECONDS.toMillis(config.collectAfter()),
                    pace(config),
                    new HintBounds((long) config.hintMebibytes() << 20, TimeUnit.SECONDS.toMillis(config.hintAge())),
                    TimeUnit.SECONDS.toMillis(config.scrubInterval()),
                    ClusterKey.read(config.clusterKeyFile(), config.cluster()),
                    storage(config, self, loops));
        } catch (IllegalArgumentException e) {
            throw new StartRefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Every address of this machine is none that others could use: then that of the bridge is told, which they reach. */
    private static String reachable(String http, Place place) {
        HostAndPort front = HostAndPort.parse(http);
        boolean everywhere = front.host().equals("0.0.0.0") || front.host().equals("::");
        return everywhere ? new HostAndPort(HostAndPort.parse(place.bridge()).host(), front.port()).toString() : http;
    }

    private static StorageSettings storage(NodeConfig config, NodeId self, int loops) {
        Durability durability = switch (config.durability().toLowerCase(Locale.ROOT)) {
            case "sync" -> Durability.SYNC;
            case "interval" -> Durability.INTERVAL;
            default ->
                throw new StartRefusedException("--durability is sync or interval, not '" + config.durability() + "'");
        };
        return StorageSettings.defaults(
                        config.data(), self, config.cluster(), config.partitions(), config.replicas(), loops)
                .withDurability(durability, config.durabilityInterval());
    }

    private static BackgroundPace pace(NodeConfig config) {
        return switch (config.backgroundPace().toLowerCase(Locale.ROOT)) {
            case "adaptive" -> BackgroundPace.ADAPTIVE;
            case "unlimited" -> BackgroundPace.UNLIMITED;
            default ->
                throw new StartRefusedException(
                        "--background-pace is adaptive or unlimited, not '" + config.backgroundPace() + "'");
        };
    }

    private static void checkNumbers(NodeConfig config) {
        if (config.partitions() < 1 || config.partitions() > Ring.MAX_PARTITIONS) {
            throw new StartRefusedException(
                    "--partitions must be 1 to " + Ring.MAX_PARTITIONS + ", not " + config.partitions());
        }
        if (config.replicas() < 1 || config.replicas() > MAX_REPLICAS) {
            throw new StartRefusedException("--replicas must be 1 to " + MAX_REPLICAS + ", not " + config.replicas());
        }
        if (config.loops() < 0 || config.loops() > 256) {
            throw new StartRefusedException("--loops must be 0 to 256, not " + config.loops());
        }
        if (config.repairInterval() < 1 || config.repairInterval() > NodeConfig.MAX_REPAIR_SECONDS) {
            throw new StartRefusedException("--repair-interval must be 1 to " + NodeConfig.MAX_REPAIR_SECONDS
                    + " seconds, not " + config.repairInterval());
        }
        if (config.hintMebibytes() < 1) {
            throw new StartRefusedException("--hint-mebibytes must be 1 or more, not " + config.hintMebibytes());
        }
        if (config.hintAge() < 1 || config.hintAge() > NodeConfig.MAX_HINT_SECONDS) {
            throw new StartRefusedException(
                    "--hint-age must be 1 to " + NodeConfig.MAX_HINT_SECONDS + " seconds, not " + config.hintAge());
        }
        if (config.collectAfter() < 0 || config.collectAfter() > NodeConfig.MAX_COLLECT_SECONDS) {
            throw new StartRefusedException("--collect-after must be 0 (never) to " + NodeConfig.MAX_COLLECT_SECONDS
                    + " seconds, not " + config.collectAfter());
        }
        if (config.scrubInterval() < 0 || config.scrubInterval() > NodeConfig.MAX_SCRUB_SECONDS) {
            throw new StartRefusedException("--scrub-interval must be 0 (only when asked) to "
                    + NodeConfig.MAX_SCRUB_SECONDS + " seconds, not " + config.scrubInterval());
        }
        if (config.drainTimeout() < 0 || config.drainTimeout() > NodeConfig.MAX_DRAIN_MILLIS) {
            throw new StartRefusedException("--drain-timeout must be 0 to " + NodeConfig.MAX_DRAIN_MILLIS
                    + " milliseconds, not " + config.drainTimeout());
        }
    }
}
