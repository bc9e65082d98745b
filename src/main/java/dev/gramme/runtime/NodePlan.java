package dev.gramme.runtime;

import dev.gramme.membership.Member;
import dev.gramme.membership.StaticMembers;
import dev.gramme.ring.Claim;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.storage.Durability;
import dev.gramme.storage.StorageSettings;
import dev.gramme.transport.HostAndPort;
import dev.gramme.version.Bytes;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The configuration, checked and in the words of the rooms.
 *
 * @param bind where the bridge listens
 * @param http the REST front's address as told to others, host:port
 */
record NodePlan(
        NodeId self,
        String cluster,
        HostAndPort bind,
        String http,
        StaticMembers members,
        Ring ring,
        int loops,
        Bytes clusterKey,
        StorageSettings storage) {

    private static final int MAX_REPLICAS = 16;

    /** This node, as listed. */
    Member member() {
        return Objects.requireNonNull(members.byId().get(self));
    }

    /** Where the other members are. */
    SortedMap<NodeId, String> bridges() {
        SortedMap<NodeId, String> bridges = new TreeMap<>();
        members.peersOf(self)
                .forEach(id -> bridges.put(
                        id, Objects.requireNonNull(members.byId().get(id)).bridge()));
        return bridges;
    }

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
            StaticMembers members = members(config, self, bind);
            checkNumbers(config);
            Ring ring = Claim.claim(config.partitions(), config.replicas(), members.claims());
            int loops =
                    config.loops() > 0 ? config.loops() : Runtime.getRuntime().availableProcessors();
            return new NodePlan(
                    self,
                    config.cluster(),
                    bind,
                    config.advertiseHttp().orElse(http),
                    members,
                    ring,
                    loops,
                    ClusterKey.read(config.clusterKeyFile(), config.cluster()),
                    storage(config, self, loops));
        } catch (IllegalArgumentException e) {
            throw new StartRefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static StaticMembers members(NodeConfig config, NodeId self, HostAndPort bind) {
        String listed = config.members().orElse("");
        if (listed.isBlank()) {
            HostAndPort reached = config.advertise().map(HostAndPort::parse).orElse(bind);
            RingMember alone = new RingMember(self, config.zone(), RingMember.DEFAULT_WEIGHT);
            return StaticMembers.of(List.of(new Member(alone, reached.toString())));
        }
        StaticMembers members = MemberSyntax.parse(listed, config.zone());
        if (!members.byId().containsKey(self)) {
            throw new StartRefusedException("this node, " + self + ", is not among the members "
                    + members.byId().keySet() + ": --members must be the same on every node and name them all");
        }
        return members;
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
    }
}
