package dev.gramme.wire;

import java.util.ArrayList;
import java.util.List;

/** Gossip, and the messages that carry it, as parts of messages. */
public final class GossipCodec {
    /** A rumour's kind, a node of one letter, an incarnation, a flag, a node. */
    private static final int LEAST_RUMOUR_BYTES = 7;

    private static final int ALIVE = 0;
    private static final int ACCUSED = 1;

    private static final MemberRecord.Standing[] STANDINGS = MemberRecord.Standing.values();

    private GossipCodec() {}

    /** How many bytes {@code rumour} takes in a message. */
    public static int size(Rumour rumour) {
        ByteWriter out = new ByteWriter(128);
        write(out, rumour);
        return out.size();
    }

    static ByteWriter write(ByteWriter out, Gossip gossip) {
        out.int64(gossip.instance());
        out.int64(gossip.ringHash()).int64(gossip.bucketsHash()).int64(gossip.membersHash());
        out.count(gossip.rumours().size());
        gossip.rumours().forEach(rumour -> write(out, rumour));
        return out;
    }

    static Gossip read(ByteReader in) {
        long instance = in.int64("instance");
        long ringHash = in.int64("hash of the ring");
        long bucketsHash = in.int64("hash of the buckets");
        long membersHash = in.int64("hash of the members");
        int size = in.items("rumours", LEAST_RUMOUR_BYTES);
        List<Rumour> rumours = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            rumours.add(readRumour(in));
        }
        return new Gossip(instance, ringHash, bucketsHash, membersHash, rumours);
    }

    private static void write(ByteWriter out, Rumour rumour) {
        switch (rumour) {
            case Rumour.Alive alive -> writeRecord(out.u8(ALIVE), alive.record());
            case Rumour.Accused accused -> {
                MessageCodec.writeNode(out.u8(ACCUSED), accused.member());
                MessageCodec.writeNode(out.varint(accused.incarnation()).flag(accused.down()), accused.by());
            }
        }
    }

    private static Rumour readRumour(ByteReader in) {
        int kind = in.u8("kind of rumour");
        return switch (kind) {
            case ALIVE -> new Rumour.Alive(readRecord(in));
            case ACCUSED ->
                new Rumour.Accused(
                        MessageCodec.readNode(in), readIncarnation(in), in.flag("down"), MessageCodec.readNode(in));
            default -> throw in.malformed("unknown kind of rumour " + kind);
        };
    }

    private static void writeRecord(ByteWriter out, MemberRecord record) {
        MessageCodec.writeNode(out, record.id()).int64(record.instance()).varint(record.incarnation());
        out.u8(record.standing().ordinal()).text(record.bridge()).text(record.http());
        out.text(record.zone()).count(record.weight()).flag(record.writable());
        out.count(record.wireFormat()).text(record.program()).varint(record.storedBytes());
        RingTableCodec.writeProgress(out, record.ring());
    }

    private static MemberRecord readRecord(ByteReader in) {
        return new MemberRecord(
                MessageCodec.readNode(in),
                in.int64("instance"),
                readIncarnation(in),
                MessageCodec.readConstant(in, "standing", STANDINGS),
                in.text("address of a bridge"),
                in.text("address of a front"),
                in.text("zone"),
                in.count("weight", Integer.MAX_VALUE),
                in.flag("writable"),
                in.count("format", Integer.MAX_VALUE),
                in.text("program"),
                in.varint("stored bytes"),
                RingTableCodec.readProgress(in));
    }

    private static long readIncarnation(ByteReader in) {
        long incarnation = in.varint("incarnation");
        if (incarnation < 0 || incarnation > MemberRecord.MAX_INCARNATION) {
            throw in.malformed("incarnation must be 0 to " + MemberRecord.MAX_INCARNATION + ", not "
                    + Long.toUnsignedString(incarnation));
        }
        return incarnation;
    }

    static void writeExchange(ByteWriter out, int format, Message.Exchange m) {
        out.text(m.cluster()).count(m.partitions()).count(m.replicas()).u8(m.answers());
        write(out, m.gossip());
        RingTable ring = m.ring();
        out.flag(ring != null);
        if (ring != null) {
            RingTableCodec.write(out, ring);
        }
        Message.BucketTable buckets = m.buckets();
        out.flag(buckets != null);
        if (buckets != null) {
            ControlCodec.writeBuckets(out, format, buckets);
        }
        if (format >= 2) {
            out.int64(m.lineage());
        }
    }

    static Message.Exchange readExchange(ByteReader in, int format) {
        String cluster = in.text("cluster name");
        int partitions = in.count("partitions", Integer.MAX_VALUE);
        int replicas = in.count("replicas", Integer.MAX_VALUE);
        int answers = in.u8("answers to follow");
        Gossip gossip = read(in);
        RingTable ring = in.flag("a ring table") ? RingTableCodec.read(in) : null;
        Message.BucketTable buckets = in.flag("a bucket table") ? ControlCodec.readBuckets(in, format) : null;
        long lineage = format >= 2 ? in.int64("lineage") : 0;
        return new Message.Exchange(cluster, partitions, replicas, lineage, answers, gossip, ring, buckets);
    }
}
