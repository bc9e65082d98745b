package dev.gramme.wire;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One ring in bytes. Owners are numbers in the list of members, so that 256 partitions of three owners take little more than 768 bytes.
 *
 * <p>What is read keeps the rules of a ring: members in order, distinct owners, min(N, members) of each partition. What does not is malformed, and nothing is
 * allocated for owners that are not there.
 */
final class RingCodec {
    /** An id of one letter, an empty zone, a weight. */
    private static final int LEAST_MEMBER_BYTES = 4;

    private static final int LEAST_NODE_BYTES = 2;

    private RingCodec() {}

    /** With version, N and Q. */
    static void write(ByteWriter out, Ring ring) {
        out.varint(ring.version()).count(ring.replicas()).count(ring.partitions());
        writeBody(out, ring);
    }

    static Ring read(ByteReader in) {
        long version = RingTableCodec.readNumber(in, "version of a ring");
        int replicas = in.count("replicas", Integer.MAX_VALUE);
        int partitions = in.count("partitions", Ring.MAX_PARTITIONS);
        if (replicas < 1 || partitions < 1) {
            throw in.malformed("a ring of " + partitions + " partitions and " + replicas + " replicas");
        }
        return readBody(in, version, replicas, partitions);
    }

    /** Members and owners: what may change from one ring of a cluster to the next. */
    static void writeBody(ByteWriter out, Ring ring) {
        SortedMap<NodeId, Integer> index = new TreeMap<>();
        out.count(ring.members().size());
        for (RingMember member : ring.members().values()) {
            index.put(member.id(), index.size());
            MessageCodec.writeNode(out, member.id()).text(member.zone()).count(member.weight());
        }
        int width = Math.min(ring.replicas(), index.size());
        for (List<NodeId> owners : ring.owners()) {
            if (owners.size() != width) {
                throw new IllegalArgumentException(
                        "a partition has " + owners.size() + " owners, not " + width + ": " + ring);
            }
            for (NodeId owner : owners) {
                out.count(index.getOrDefault(owner, -1));
            }
        }
    }

    static Ring readBody(ByteReader in, long version, int replicas, int partitions) {
        List<NodeId> ids = new ArrayList<>();
        SortedMap<NodeId, RingMember> members = readMembers(in, ids);
        if ((version == 0) != members.isEmpty()) {
            throw in.malformed("ring " + version + " of " + members.size() + " members");
        }
        if (version == 0) {
            return Ring.nobodys(partitions, replicas);
        }
        int width = Math.min(replicas, ids.size());
        if ((long) partitions * width > in.remaining()) {
            throw in.malformed("cut short: " + partitions + " partitions of " + width
                    + " owners each cannot fit in the " + in.remaining() + " bytes that are left");
        }
        List<List<NodeId>> owners = new ArrayList<>(partitions);
        for (int p = 0; p < partitions; p++) {
            owners.add(readOwners(in, ids, width));
        }
        return new Ring(version, replicas, members, owners);
    }

    private static SortedMap<NodeId, RingMember> readMembers(ByteReader in, List<NodeId> ids) {
        int size = in.items("members of a ring", LEAST_MEMBER_BYTES);
        if (size > Ring.MAX_MEMBERS) {
            throw in.malformed("a ring of " + size + " members, which may have " + Ring.MAX_MEMBERS);
        }
        TreeMap<NodeId, RingMember> members = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            NodeId id = readNext(in, i == 0 ? null : ids.get(i - 1));
            String zone = in.text("zone");
            int weight = in.count("weight", RingMember.MAX_WEIGHT);
            if (weight < 1) {
                throw in.malformed("a weight of 0 for " + id);
            }
            ids.add(id);
            members.put(id, new RingMember(id, zone, weight));
        }
        return members;
    }

    private static List<NodeId> readOwners(ByteReader in, List<NodeId> ids, int width) {
        List<NodeId> owners = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            NodeId owner = ids.get(in.count("owner", ids.size() - 1));
            if (owners.contains(owner)) {
                throw in.malformed(owner + " twice among the owners of a partition");
            }
            owners.add(owner);
        }
        return owners;
    }

    static void writeNodes(ByteWriter out, Collection<NodeId> nodes) {
        out.count(nodes.size());
        nodes.forEach(node -> MessageCodec.writeNode(out, node));
    }

    static SortedSet<NodeId> readNodes(ByteReader in, String what) {
        int size = in.items(what, LEAST_NODE_BYTES);
        TreeSet<NodeId> nodes = new TreeSet<>();
        for (int i = 0; i < size; i++) {
            nodes.add(readNext(in, i == 0 ? null : nodes.last()));
        }
        return nodes;
    }

    /** A node that comes after {@code before}: lists of nodes are in order, so that equal lists have equal bytes and nobody is there twice. */
    static NodeId readNext(ByteReader in, @Nullable NodeId before) {
        NodeId node = MessageCodec.readNode(in);
        if (before != null && before.compareTo(node) >= 0) {
            throw in.malformed(node + " after " + before + ": out of order");
        }
        return node;
    }
}
