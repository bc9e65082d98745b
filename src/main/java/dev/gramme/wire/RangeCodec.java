package dev.gramme.wire;

import dev.gramme.ring.Key;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.version.VersionSet;
import java.util.ArrayList;
import java.util.List;

/** What is said about ranges of keys, as parts of messages. */
final class RangeCodec {
    /** An empty bucket and name, a digest, an empty state. */
    private static final int LEAST_ENTRY_BYTES = 10;

    private static final int LEAST_KEY_BYTES = 2;
    private static final int SMALL_BYTES = 64;

    private RangeCodec() {}

    static int sizeHint(Message.RangePage page) {
        int size = SMALL_BYTES;
        for (Message.RangeEntry entry : page.entries()) {
            size += SMALL_BYTES + entry.key().name().size() + StateCodec.sizeHint(entry.state());
        }
        return size;
    }

    static void writePullRange(ByteWriter out, Message.PullRange m) {
        writeProposal(out.count(m.partition()), m.proposal());
        Key after = m.after();
        out.flag(after != null);
        if (after != null) {
            MessageCodec.writeKey(out, after);
        }
        out.flag(m.offers()).count(m.maxBytes());
    }

    static Message.PullRange readPullRange(long id, ByteReader in, int format) {
        int partition = readPartition(in);
        Proposal.Id proposal = readProposal(in);
        Key after = in.flag("a key to go on after") ? MessageCodec.readKey(in) : null;
        return new Message.PullRange(
                id,
                partition,
                proposal,
                after,
                in.flag("offers"),
                in.count("bytes", Integer.MAX_VALUE),
                MessageCodec.readStamp(in, format));
    }

    static void writePullKeys(ByteWriter out, Message.PullKeys m) {
        writeProposal(out.count(m.partition()), m.proposal()).count(m.keys().size());
        m.keys().forEach(key -> MessageCodec.writeKey(out, key));
    }

    static Message.PullKeys readPullKeys(long id, ByteReader in) {
        int partition = readPartition(in);
        Proposal.Id proposal = readProposal(in);
        int size = in.items("keys", LEAST_KEY_BYTES);
        List<Key> keys = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            keys.add(MessageCodec.readKey(in));
        }
        return new Message.PullKeys(id, partition, proposal, keys);
    }

    static void writePage(ByteWriter out, Message.RangePage m) {
        out.u8(m.status().ordinal()).count(m.entries().size());
        for (Message.RangeEntry entry : m.entries()) {
            StateCodec.write(MessageCodec.writeKey(out, entry.key()).int64(entry.digest()), entry.state());
        }
        out.flag(m.complete());
    }

    static Message.RangePage readPage(long id, ByteReader in, int format) {
        ReplicaStatus status = MessageCodec.readStatus(in);
        int size = in.items("entries", LEAST_ENTRY_BYTES);
        List<Message.RangeEntry> entries = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Key key = MessageCodec.readKeyAfter(
                    in, i == 0 ? null : entries.get(i - 1).key());
            long digest = in.int64("digest");
            VersionSet state = StateCodec.read(in);
            entries.add(new Message.RangeEntry(key, digest, state));
        }
        return new Message.RangePage(
                id,
                status,
                entries,
                in.flag("complete"),
                MessageCodec.readStamp(in, format),
                MessageCodec.readStamp(in, format));
    }

    static ByteWriter writeProposal(ByteWriter out, Proposal.Id proposal) {
        out.varint(proposal.number());
        return MessageCodec.writeNode(out, proposal.proposer()).int64(proposal.hash());
    }

    static Proposal.Id readProposal(ByteReader in) {
        return new Proposal.Id(
                in.varint("number of a proposal"), MessageCodec.readNode(in), in.int64("hash of the ring to come"));
    }

    private static int readPartition(ByteReader in) {
        return in.count("partition", Ring.MAX_PARTITIONS - 1);
    }
}
