package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Ring;
import dev.gramme.version.Bytes;
import dev.gramme.wire.ByteReader;
import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.MalformedException;
import dev.gramme.wire.RingTable;
import dev.gramme.wire.RingTableCodec;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@link KeptTopology} in bytes; the first says the format: the second has a lineage at its end. */
public final class KeptTopologyCodec {
    static final int FORMAT = 2;
    static final int WITHOUT_LINEAGE = 1;

    /** A node of one letter and an address of none. */
    private static final int LEAST_BRIDGE_BYTES = 3;

    private static final int TYPICAL_BYTES = 4_096;

    private KeptTopologyCodec() {}

    public static byte[] encode(KeptTopology topology) {
        ByteWriter out = new ByteWriter(TYPICAL_BYTES).u8(topology.lineage() == 0 ? WITHOUT_LINEAGE : FORMAT);
        RingTableCodec.write(out, topology.table());
        RingTableCodec.writePhase(out, topology.phase());
        out.bytes(Bytes.of(topology.received().toByteArray()));
        out.count(topology.bridges().size());
        topology.bridges().forEach((id, bridge) -> out.text(id.name()).text(bridge));
        if (topology.lineage() != 0) {
            out.int64(topology.lineage());
        }
        return out.toBytes().array();
    }

    /** @throws MalformedException if the bytes are none, or of a newer program */
    public static KeptTopology decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes, 0, bytes.length);
        int format = in.u8("the format's version");
        if (format != FORMAT && format != WITHOUT_LINEAGE) {
            throw in.malformed("a topology of format " + format + "; this program knows format " + FORMAT
                    + (format > FORMAT ? ": a newer program wrote it, run that one" : ""));
        }
        RingTable table = RingTableCodec.read(in);
        Phase phase = RingTableCodec.readPhase(in);
        BitSet received = readReceived(in, table.settled());
        if ((phase != null || !received.isEmpty())
                && (table.proposal() == null || table.proposal().isWithdrawal())) {
            throw in.malformed("a phase, or partitions received, of no change");
        }
        SortedMap<NodeId, String> bridges = readBridges(in);
        long lineage = format == WITHOUT_LINEAGE ? 0 : in.int64("lineage");
        if (lineage == 0 && format != WITHOUT_LINEAGE) {
            throw in.malformed("a topology of format " + format + " without a lineage");
        }
        in.end("a topology");
        return new KeptTopology(table, phase, received, bridges, lineage);
    }

    private static BitSet readReceived(ByteReader in, Ring settled) {
        Bytes set = in.bytes("received partitions");
        BitSet received = BitSet.valueOf(set.array());
        if (received.length() > settled.partitions() || received.toByteArray().length != set.size()) {
            throw in.malformed("received partitions of a ring of " + settled.partitions());
        }
        return received;
    }

    private static SortedMap<NodeId, String> readBridges(ByteReader in) {
        int size = in.items("addresses", LEAST_BRIDGE_BYTES);
        TreeMap<NodeId, String> bridges = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            NodeId id = readNode(in, bridges.isEmpty() ? null : bridges.lastKey());
            bridges.put(id, in.text("address"));
        }
        return bridges;
    }

    private static NodeId readNode(ByteReader in, @Nullable NodeId before) {
        String name = in.text("node id");
        try {
            NodeId id = new NodeId(name);
            if (before != null && before.compareTo(id) >= 0) {
                throw in.malformed(id + " after " + before + ": out of order");
            }
            return id;
        } catch (IllegalArgumentException e) {
            throw in.malformed("not a node id: " + name);
        }
    }
}
