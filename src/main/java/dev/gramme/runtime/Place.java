package dev.gramme.runtime;

import dev.gramme.ring.Claim;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.transport.HostAndPort;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where this node stands among others before it has heard of any: as configured.
 *
 * @param zone its failure domain
 * @param weight its capacity
 * @param bridge address of its bridge as told to others, host:port
 * @param initial the ring that a new cluster starts with; null if this node joins one
 * @param bridges addresses of the other listed members, host:port; unmodifiable
 * @param seeds whom to ask for the cluster; each may be a name that stands for many nodes
 */
record Place(
        String zone,
        int weight,
        String bridge,
        @Nullable Ring initial,
        SortedMap<NodeId, String> bridges,
        List<HostAndPort> seeds) {
    Place {
        bridges = Collections.unmodifiableSortedMap(new TreeMap<>(bridges));
        seeds = List.copyOf(seeds);
    }

    /**
     * A list of members makes a first ring if this node is in it; a node that is in none joins by its seeds; with neither it is a cluster of one.
     *
     * @throws StartRefusedException if what is configured can't be meant
     * @throws IllegalArgumentException naming what can't be read
     */
    static Place of(NodeConfig config, NodeId self, HostAndPort bind) {
        String zone = MemberSyntax.zone(config.zone());
        HostAndPort reached = config.advertise().map(HostAndPort::parse).orElse(bind);
        List<HostAndPort> seeds = MemberSyntax.seeds(config.seeds().orElse(""));
        if (!seeds.isEmpty() && seeds.stream().allMatch(seed -> seed.equals(reached) || seed.equals(bind))) {
            throw new StartRefusedException("--seeds names nobody but this node itself (" + reached
                    + "): name other nodes of the cluster, or leave --seeds out to start one");
        }
        SortedMap<NodeId, ConfiguredMember> listed =
                MemberSyntax.parse(config.members().orElse(""), zone);
        int weight = config.weight().orElse(RingMember.DEFAULT_WEIGHT);
        ConfiguredMember alone = new ConfiguredMember(new RingMember(self, zone, weight), reached.toString());
        if (listed.isEmpty()) {
            SortedMap<NodeId, ConfiguredMember> one = new TreeMap<>();
            one.put(self, alone);
            return seeds.isEmpty() ? member(config, alone, one, seeds) : joining(alone, listed, seeds);
        }
        ConfiguredMember entry = listed.get(self);
        if (entry != null) {
            return member(config, checked(config, entry), listed, seeds);
        }
        if (seeds.isEmpty()) {
            throw new StartRefusedException("this node, " + self + ", is not among the members " + listed.keySet()
                    + ": a first ring's --members must be the same on every node and name them all; a node that is to join later is"
                    + " given --seeds");
        }
        return joining(alone, listed, seeds);
    }

    private static Place member(
            NodeConfig config,
            ConfiguredMember self,
            SortedMap<NodeId, ConfiguredMember> listed,
            List<HostAndPort> seeds) {
        Ring first = Claim.first(
                config.partitions(),
                config.replicas(),
                listed.values().stream().map(ConfiguredMember::claim).toList());
        return place(self, first, listed, seeds);
    }

    private static Place joining(
            ConfiguredMember self, SortedMap<NodeId, ConfiguredMember> listed, List<HostAndPort> seeds) {
        return place(self, null, listed, seeds);
    }

    private static Place place(
            ConfiguredMember self,
            @Nullable Ring initial,
            SortedMap<NodeId, ConfiguredMember> listed,
            List<HostAndPort> seeds) {
        SortedMap<NodeId, String> others = new TreeMap<>();
        listed.forEach((id, member) -> others.put(id, member.bridge()));
        others.remove(self.id());
        return new Place(self.claim().zone(), self.claim().weight(), self.bridge(), initial, others, seeds);
    }

    /** The list is the same everywhere, so it wins; a flag that says otherwise is a mistake. */
    private static ConfiguredMember checked(NodeConfig config, ConfiguredMember entry) {
        int listed = entry.claim().weight();
        if (config.weight().isPresent() && config.weight().get() != listed) {
            throw new StartRefusedException("--weight " + config.weight().get() + ", but --members gives " + entry.id()
                    + " a weight of " + listed + ": write it in the list, as " + entry.id() + "=" + entry.bridge() + "/"
                    + entry.claim().zone() + "/" + config.weight().get() + ", on every node");
        }
        String bridge = config.advertise()
                .map(HostAndPort::parse)
                .map(HostAndPort::toString)
                .orElse(entry.bridge());
        return new ConfiguredMember(entry.claim(), bridge);
    }
}
