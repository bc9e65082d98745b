package dev.gramme.wire;

import java.util.ArrayList;
import java.util.List;

/** What members say of collections of deletes, as parts of messages. All came with format 4. */
final class CollectionCodec {
    /** An empty bucket and name, a digest. */
    private static final int LEAST_ENTRY_BYTES = 10;

    private static final int SMALL_BYTES = 64;

    private CollectionCodec() {}

    static int sizeHint(List<KeyDigest> keys) {
        int size = SMALL_BYTES;
        for (KeyDigest each : keys) {
            size += LEAST_ENTRY_BYTES
                    + each.key().bucket().length()
                    + each.key().name().size();
        }
        return size;
    }

    static void writeOutdated(ByteWriter out, Message.Outdated m) {
        out.count(m.partition()).varint(m.stamp()).varint(m.epoch());
    }

    static Message.Outdated readOutdated(long id, ByteReader in) {
        return new Message.Outdated(id, RepairCodec.readPartition(in), in.varint("a stamp"), in.varint("an epoch"));
    }

    static void writeAsk(ByteWriter out, Message.CollectionAsk m) {
        writeKeys(out.count(m.partition()).int64(m.ring()), m.keys());
    }

    static Message.CollectionAsk readAsk(long id, ByteReader in) {
        return new Message.CollectionAsk(id, RepairCodec.readPartition(in), in.int64("hash of the ring"), readKeys(in));
    }

    static void writeKeys(ByteWriter out, Message.CollectionKeys m) {
        out.u8(m.status().ordinal()).varint(m.stamp()).varint(m.epoch()).int64(m.life());
        RepairCodec.writeNumbers(out, m.keys());
    }

    static Message.CollectionKeys readKeys(long id, ByteReader in) {
        return new Message.CollectionKeys(
                id,
                MessageCodec.readStatus(in),
                in.varint("a stamp"),
                in.varint("an epoch"),
                in.int64("a life"),
                RepairCodec.readNumbers(in));
    }

    static void writeRaise(ByteWriter out, Message.CollectionRaise m) {
        out.count(m.partition())
                .int64(m.ring())
                .varint(m.stamp())
                .varint(m.epoch())
                .int64(m.life());
    }

    static Message.CollectionRaise readRaise(long id, ByteReader in) {
        return new Message.CollectionRaise(
                id,
                RepairCodec.readPartition(in),
                in.int64("hash of the ring"),
                in.varint("a stamp"),
                in.varint("an epoch"),
                in.int64("a life"));
    }

    static void writeCommit(ByteWriter out, Message.CollectionCommit m) {
        writeKeys(out.count(m.partition()).int64(m.ring()).varint(m.stamp()), m.keys());
    }

    static Message.CollectionCommit readCommit(long id, ByteReader in) {
        return new Message.CollectionCommit(
                id, RepairCodec.readPartition(in), in.int64("hash of the ring"), in.varint("a stamp"), readKeys(in));
    }

    static void writeDone(ByteWriter out, Message.CollectionDone m) {
        out.u8(m.status().ordinal()).varint(m.stamp()).flag(m.committed());
    }

    static Message.CollectionDone readDone(long id, ByteReader in) {
        return new Message.CollectionDone(id, MessageCodec.readStatus(in), in.varint("a stamp"), in.flag("committed"));
    }

    private static void writeKeys(ByteWriter out, List<KeyDigest> keys) {
        out.count(keys.size());
        keys.forEach(each -> MessageCodec.writeKey(out, each.key()).int64(each.digest()));
    }

    private static List<KeyDigest> readKeys(ByteReader in) {
        int size = in.items("keys", LEAST_ENTRY_BYTES);
        List<KeyDigest> keys = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            keys.add(new KeyDigest(MessageCodec.readKey(in), in.int64("digest")));
        }
        return keys;
    }
}
