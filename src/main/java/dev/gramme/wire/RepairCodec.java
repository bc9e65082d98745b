package dev.gramme.wire;

import dev.gramme.ring.Key;
import dev.gramme.ring.Ring;
import java.util.ArrayList;
import java.util.List;

/** What owners say of their trees, as parts of messages. */
final class RepairCodec {
    /** Deeper than any tree. */
    private static final int MAX_LEVEL = 15;

    private static final int MAX_NODE = 1 << 24;
    private static final int HASH_BYTES = 8;
    /** Its number of entries, and whether it is complete. */
    private static final int LEAST_LEAF_BYTES = 2;
    /** An empty bucket and name, a digest. */
    private static final int LEAST_ENTRY_BYTES = 10;

    private static final int LEAST_KEY_BYTES = 2;
    private static final int SMALL_BYTES = 64;

    private RepairCodec() {}

    static int sizeHint(Message.LeafDigests m) {
        int size = SMALL_BYTES;
        for (Message.Leaf leaf : m.leaves()) {
            for (KeyDigest entry : leaf.entries()) {
                size += LEAST_ENTRY_BYTES
                        + entry.key().bucket().length()
                        + entry.key().name().size();
            }
        }
        return size;
    }

    static int sizeHint(Message.TreeHashes m) {
        return SMALL_BYTES + m.hashes().size() * HASH_BYTES;
    }

    static void writeTreeNodes(ByteWriter out, Message.TreeNodes m) {
        out.count(m.partition()).int64(m.ring()).count(m.level());
        writeNumbers(out, m.nodes()).int64(m.known());
    }

    static Message.TreeNodes readTreeNodes(long id, ByteReader in, int format) {
        int partition = readPartition(in);
        long ring = in.int64("hash of the ring");
        int level = in.count("level", MAX_LEVEL);
        return new Message.TreeNodes(
                id,
                partition,
                ring,
                level,
                readNumbers(in),
                in.int64("known hash"),
                MessageCodec.readStamp(in, format));
    }

    static void writeTreeHashes(ByteWriter out, Message.TreeHashes m) {
        out.u8(m.status().ordinal()).flag(m.same()).count(m.hashes().size());
        m.hashes().forEach(out::int64);
    }

    static Message.TreeHashes readTreeHashes(long id, ByteReader in, int format) {
        ReplicaStatus status = MessageCodec.readStatus(in);
        boolean same = in.flag("same");
        int size = in.items("hashes", HASH_BYTES);
        List<Long> hashes = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            hashes.add(in.int64("hash"));
        }
        return new Message.TreeHashes(id, status, same, hashes, MessageCodec.readStamp(in, format));
    }

    static void writeLeafKeys(ByteWriter out, Message.LeafKeys m) {
        writeNumbers(out.count(m.partition()).int64(m.ring()), m.leaves());
        Key after = m.after();
        out.flag(after != null);
        if (after != null) {
            MessageCodec.writeKey(out, after);
        }
        out.count(m.maxKeys());
    }

    static Message.LeafKeys readLeafKeys(long id, ByteReader in) {
        int partition = readPartition(in);
        long ring = in.int64("hash of the ring");
        List<Integer> leaves = readNumbers(in);
        Key after = in.flag("a key to go on after") ? MessageCodec.readKey(in) : null;
        return new Message.LeafKeys(id, partition, ring, leaves, after, in.count("keys", Integer.MAX_VALUE));
    }

    static void writeLeafDigests(ByteWriter out, Message.LeafDigests m) {
        out.u8(m.status().ordinal()).count(m.leaves().size());
        for (Message.Leaf leaf : m.leaves()) {
            out.count(leaf.entries().size());
            leaf.entries()
                    .forEach(entry -> MessageCodec.writeKey(out, entry.key()).int64(entry.digest()));
            out.flag(leaf.complete());
        }
    }

    static Message.LeafDigests readLeafDigests(long id, ByteReader in) {
        ReplicaStatus status = MessageCodec.readStatus(in);
        int size = in.items("leaves", LEAST_LEAF_BYTES);
        List<Message.Leaf> leaves = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            int keys = in.items("entries", LEAST_ENTRY_BYTES);
            List<KeyDigest> entries = new ArrayList<>(keys);
            for (int j = 0; j < keys; j++) {
                Key before = j == 0 ? null : entries.get(j - 1).key();
                entries.add(new KeyDigest(MessageCodec.readKeyAfter(in, before), in.int64("digest")));
            }
            leaves.add(new Message.Leaf(entries, in.flag("complete")));
        }
        return new Message.LeafDigests(id, status, leaves);
    }

    static void writeRepairStates(ByteWriter out, Message.RepairStates m) {
        out.count(m.partition()).int64(m.ring()).count(m.keys().size());
        m.keys().forEach(key -> MessageCodec.writeKey(out, key));
    }

    static Message.RepairStates readRepairStates(long id, ByteReader in) {
        int partition = readPartition(in);
        long ring = in.int64("hash of the ring");
        int size = in.items("keys", LEAST_KEY_BYTES);
        List<Key> keys = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            keys.add(MessageCodec.readKey(in));
        }
        return new Message.RepairStates(id, partition, ring, keys);
    }

    static ByteWriter writeNumbers(ByteWriter out, List<Integer> numbers) {
        out.count(numbers.size());
        numbers.forEach(out::count);
        return out;
    }

    static List<Integer> readNumbers(ByteReader in) {
        int size = in.items("nodes", 1);
        List<Integer> numbers = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            numbers.add(in.count("node", MAX_NODE));
        }
        return numbers;
    }

    static int readPartition(ByteReader in) {
        return in.count("partition", Ring.MAX_PARTITIONS - 1);
    }
}
