package dev.gramme.wire;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.version.VersionSet;
import org.jspecify.annotations.Nullable;

/**
 * Messages as bytes: the oldest format that can say the message, the message's type, its parts in the order of its record. Equal messages have equal
 * bytes.
 *
 * <p>Numbers of types, and of the constants of the enums inside messages (their ordinals), are part of the format. What may change, and what raises the
 * format: see the package.
 */
public final class MessageCodec {
    /** The newest format that this program understands. */
    public static final int FORMAT = 5;

    /** The first that says how old something is ({@link Stamps}). */
    public static final int FORMAT_OF_STAMPS = 4;

    /** The first that says for which life of its receiver a put is passed on. */
    public static final int FORMAT_OF_LIVES = 5;

    /** Whoever understands it begins stamps with a date ({@link StampDates}). */
    public static final int FORMAT_OF_STAMP_DATES = 5;

    /** The oldest format: what a node understands of which nothing is known yet. */
    public static final int OLDEST_FORMAT = 1;

    private static final int COORDINATE_PUT = 1;
    private static final int COORDINATE_PUT_REPLY = 2;
    private static final int REPLICA_PUT = 3;
    private static final int REPLICA_PUT_REPLY = 4;
    private static final int REPLICA_GET = 5;
    private static final int REPLICA_GET_REPLY = 6;
    // 7 was a heartbeat, before members gossiped.
    private static final int BUCKET_TABLE = 8;
    private static final int REFUSAL = 9;
    private static final int PULL_RANGE = 10;
    private static final int PULL_KEYS = 11;
    private static final int RANGE_PAGE = 12;
    private static final int PING = 13;
    private static final int ACK = 14;
    private static final int PING_REQUEST = 15;
    private static final int NACK = 16;
    private static final int RUMOURS = 17;
    private static final int EXCHANGE = 18;
    private static final int TREE_NODES = 19;
    private static final int TREE_HASHES = 20;
    private static final int LEAF_KEYS = 21;
    private static final int LEAF_DIGESTS = 22;
    private static final int REPAIR_STATES = 23;
    private static final int OUTDATED = 24;
    private static final int COLLECTION_ASK = 25;
    private static final int COLLECTION_KEYS = 26;
    private static final int COLLECTION_RAISE = 27;
    private static final int COLLECTION_COMMIT = 28;
    private static final int COLLECTION_DONE = 29;

    /** Room for a message without values: more than nearly all take. */
    private static final int SMALL_MESSAGE_BYTES = 192;

    private static final ReplicaStatus[] REPLICA_STATUSES = ReplicaStatus.values();

    private MessageCodec() {}

    public static Bytes encode(Message message) {
        ByteWriter out = new ByteWriter(sizeHint(message));
        encode(message, out);
        return out.toBytes();
    }

    /** Appends {@code message} to {@code out}, without a copy. */
    public static void encode(Message message, ByteWriter out) {
        int format = formatOf(message);
        out.u8(format);
        switch (message) {
            case Message.CoordinatePut m -> {
                CommandCodec.writePut(begin(out, COORDINATE_PUT, m.id()), format, m.command());
                stamps(out, format, m.stamp());
                if (format >= FORMAT_OF_LIVES) {
                    out.int64(m.life());
                }
            }
            case Message.CoordinatePutReply m ->
                CommandCodec.writeOutcome(begin(out, COORDINATE_PUT_REPLY, m.id()), format, m.outcome());
            case Message.ReplicaPut m -> {
                writeKey(begin(out, REPLICA_PUT, m.id()), m.key());
                StateCodec.write(out, m.state());
                writeNodeOrNone(out, m.hintFor());
                stamps(out, format, m.stamp());
            }
            case Message.ReplicaPutReply m ->
                begin(out, REPLICA_PUT_REPLY, m.id()).u8(m.status().ordinal());
            case Message.Outdated m -> CollectionCodec.writeOutdated(begin(out, OUTDATED, m.id()), m);
            case Message.ReplicaGet m ->
                writeKey(begin(out, REPLICA_GET, m.id()), m.key()).int64(m.knownDigest());
            case Message.ReplicaGetReply m -> {
                begin(out, REPLICA_GET_REPLY, m.id()).u8(m.status().ordinal());
                StateCodec.write(out.flag(m.same()).flag(m.hinted()), m.state());
                stamps(out, format, m.stamp(), m.epoch());
            }
            case Message.PullRange m -> {
                RangeCodec.writePullRange(begin(out, PULL_RANGE, m.id()), m);
                stamps(out, format, m.epoch());
            }
            case Message.PullKeys m -> RangeCodec.writePullKeys(begin(out, PULL_KEYS, m.id()), m);
            case Message.RangePage m -> {
                RangeCodec.writePage(begin(out, RANGE_PAGE, m.id()), m);
                stamps(out, format, m.stamp(), m.epoch());
            }
            case Message.TreeNodes m -> {
                RepairCodec.writeTreeNodes(begin(out, TREE_NODES, m.id()), m);
                stamps(out, format, m.epoch());
            }
            case Message.TreeHashes m -> {
                RepairCodec.writeTreeHashes(begin(out, TREE_HASHES, m.id()), m);
                stamps(out, format, m.epoch());
            }
            case Message.LeafKeys m -> RepairCodec.writeLeafKeys(begin(out, LEAF_KEYS, m.id()), m);
            case Message.LeafDigests m -> RepairCodec.writeLeafDigests(begin(out, LEAF_DIGESTS, m.id()), m);
            case Message.RepairStates m -> RepairCodec.writeRepairStates(begin(out, REPAIR_STATES, m.id()), m);
            case Message.CollectionAsk m -> CollectionCodec.writeAsk(begin(out, COLLECTION_ASK, m.id()), m);
            case Message.CollectionKeys m -> CollectionCodec.writeKeys(begin(out, COLLECTION_KEYS, m.id()), m);
            case Message.CollectionRaise m -> CollectionCodec.writeRaise(begin(out, COLLECTION_RAISE, m.id()), m);
            case Message.CollectionCommit m -> CollectionCodec.writeCommit(begin(out, COLLECTION_COMMIT, m.id()), m);
            case Message.CollectionDone m -> CollectionCodec.writeDone(begin(out, COLLECTION_DONE, m.id()), m);
            case Message.Ping m -> GossipCodec.write(begin(out, PING, m.sequence()), m.gossip());
            case Message.Ack m -> GossipCodec.write(begin(out, ACK, m.sequence()), m.gossip());
            case Message.PingRequest m ->
                GossipCodec.write(writeNode(begin(out, PING_REQUEST, m.sequence()), m.target()), m.gossip());
            case Message.Nack m -> GossipCodec.write(begin(out, NACK, m.sequence()), m.gossip());
            case Message.Rumours m -> GossipCodec.write(out.u8(RUMOURS), m.gossip());
            case Message.Exchange m -> GossipCodec.writeExchange(out.u8(EXCHANGE), format, m);
            case Message.BucketTable m -> ControlCodec.writeBuckets(out.u8(BUCKET_TABLE), format, m);
            case Message.Refusal m -> ControlCodec.writeRefusal(out.u8(REFUSAL), m);
        }
    }

    /**
     * The oldest format that can say {@code message}: who understands none so new must not be sent it. A type, a part or a constant that comes with a later
     * format is told apart here, and all else stays as it was.
     */
    public static int formatOf(Message message) {
        if (message instanceof Message.CoordinatePut put && put.life() != 0) {
            return FORMAT_OF_LIVES;
        }
        if (needsFormatFour(message)) {
            return 4;
        }
        if (needsFormatThree(message)) {
            return 3;
        }
        boolean saysLineage = message instanceof Message.Exchange exchange && exchange.lineage() != 0;
        return saysLineage || needsFormatTwo(message) ? 2 : 1;
    }

    /** The parts that came with format 4. */
    private static void stamps(ByteWriter out, int format, long... stamps) {
        if (format > 3) {
            for (long stamp : stamps) {
                out.varint(stamp);
            }
        }
    }

    static long readStamp(ByteReader in, int format) {
        return format > 3 ? in.varint("a stamp") : 0;
    }

    /** Whether it says how old something is by the count of collections, or is about one. */
    private static boolean needsFormatFour(Message message) {
        return switch (message) {
            case Message.CoordinatePut m -> m.stamp() != 0;
            case Message.ReplicaPut m -> m.stamp() != 0;
            case Message.ReplicaPutReply m -> m.status() == ReplicaStatus.OUTDATED;
            case Message.ReplicaGetReply m -> (m.stamp() | m.epoch()) != 0 || m.status() == ReplicaStatus.OUTDATED;
            case Message.PullRange m -> m.epoch() != 0;
            case Message.RangePage m -> (m.stamp() | m.epoch()) != 0 || m.status() == ReplicaStatus.OUTDATED;
            case Message.TreeNodes m -> m.epoch() != 0;
            case Message.TreeHashes m -> m.epoch() != 0 || m.status() == ReplicaStatus.OUTDATED;
            case Message.LeafDigests m -> m.status() == ReplicaStatus.OUTDATED;
            case Message.Outdated m -> true;
            case Message.CollectionReply m -> true;
            case Message.CollectionRequest m -> true;
            case Message.KeyRequest m -> false;
            case Message.KeyReply m -> false;
            case Message.RepairRequest m -> false;
            case Message.RangeRequest m -> false;
            case Message.Control m -> false;
        };
    }

    /** Whether it says that its sender lacks something. */
    private static boolean needsFormatThree(Message message) {
        return switch (message) {
            case Message.ReplicaGetReply m -> m.status() == ReplicaStatus.LACKING;
            case Message.ReplicaPutReply m -> m.status() == ReplicaStatus.LACKING;
            case Message.RangePage m -> m.status() == ReplicaStatus.LACKING;
            case Message.TreeReply m -> m.status() == ReplicaStatus.LACKING;
            case Message.KeyReply m -> false;
            case Message.KeyRequest m -> false;
            case Message.PartitionRequest m -> false;
            case Message.Control m -> false;
        };
    }

    /** Whether it says of a value, or of those of a bucket, that they expire; or is about trees. */
    private static boolean needsFormatTwo(Message message) {
        return switch (message) {
            case Message.CoordinatePut m ->
                m.command().options().ttlSeconds() != TimeToLive.OF_BUCKET
                        || m.command().content().expiresMillis() != 0;
            case Message.CoordinatePutReply m ->
                m.outcome() instanceof PutOutcome.Written written && written.expiresMillis() != 0;
            case Message.ReplicaPut m -> StateCodec.expires(m.state());
            case Message.ReplicaGetReply m -> StateCodec.expires(m.state());
            case Message.RangePage m -> m.entries().stream().anyMatch(entry -> StateCodec.expires(entry.state()));
            case Message.BucketTable m -> ControlCodec.expires(m);
            case Message.Exchange m -> m.buckets() != null && ControlCodec.expires(m.buckets());
            case Message.KeyRequest m -> false;
            case Message.TreeReply m -> true;
            case Message.RepairRequest m -> true;
            case Message.KeyReply m -> false;
            case Message.RangeRequest m -> false;
            case Message.CollectionRequest m -> false;
            case Message.Control m -> false;
        };
    }

    /** About how many bytes {@code message} takes. */
    public static int sizeHint(Message message) {
        return switch (message) {
            case Message.CoordinatePut m ->
                SMALL_MESSAGE_BYTES + m.command().content().value().size();
            case Message.ReplicaPut m -> SMALL_MESSAGE_BYTES + StateCodec.sizeHint(m.state());
            case Message.ReplicaGetReply m -> SMALL_MESSAGE_BYTES + StateCodec.sizeHint(m.state());
            case Message.RangePage m -> RangeCodec.sizeHint(m);
            case Message.TreeHashes m -> RepairCodec.sizeHint(m);
            case Message.LeafDigests m -> RepairCodec.sizeHint(m);
            case Message.CollectionAsk m -> CollectionCodec.sizeHint(m.keys());
            case Message.CollectionCommit m -> CollectionCodec.sizeHint(m.keys());
            case Message.KeyRequest m -> SMALL_MESSAGE_BYTES;
            case Message.PartitionRequest m -> SMALL_MESSAGE_BYTES;
            case Message.KeyReply m -> SMALL_MESSAGE_BYTES;
            case Message.Control m -> SMALL_MESSAGE_BYTES;
        };
    }

    /**
     * @throws UnsupportedMessageException if the message is newer than this program
     * @throws MalformedException if the bytes are no message
     */
    public static Message decode(Bytes bytes) {
        return decode(new ByteReader(bytes));
    }

    /** As {@link #decode(Bytes)}, of everything that {@code in} has left. */
    public static Message decode(ByteReader in) {
        int format = in.u8("the format's version");
        int type = in.u8("the message's type");
        if (format > FORMAT) {
            throw unsupported(format, type);
        }
        if (format < OLDEST_FORMAT) {
            throw in.malformed("a message of format " + format + ", which there never was");
        }
        Message message = switch (type) {
            case COORDINATE_PUT ->
                new Message.CoordinatePut(
                        readId(in),
                        CommandCodec.readPut(in, format),
                        readStamp(in, format),
                        format >= FORMAT_OF_LIVES ? in.int64("a life") : 0);
            case COORDINATE_PUT_REPLY ->
                new Message.CoordinatePutReply(readId(in), CommandCodec.readOutcome(in, format));
            case REPLICA_PUT ->
                new Message.ReplicaPut(
                        readId(in), readKey(in), StateCodec.read(in), readNodeOrNone(in), readStamp(in, format));
            case REPLICA_PUT_REPLY -> new Message.ReplicaPutReply(readId(in), readStatus(in));
            case REPLICA_GET -> new Message.ReplicaGet(readId(in), readKey(in), in.int64("known digest"));
            case OUTDATED -> CollectionCodec.readOutdated(readId(in), in);
            case REPLICA_GET_REPLY -> readGetReply(in, format);
            case PULL_RANGE -> RangeCodec.readPullRange(readId(in), in, format);
            case PULL_KEYS -> RangeCodec.readPullKeys(readId(in), in);
            case RANGE_PAGE -> RangeCodec.readPage(readId(in), in, format);
            case TREE_NODES -> RepairCodec.readTreeNodes(readId(in), in, format);
            case TREE_HASHES -> RepairCodec.readTreeHashes(readId(in), in, format);
            case LEAF_KEYS -> RepairCodec.readLeafKeys(readId(in), in);
            case LEAF_DIGESTS -> RepairCodec.readLeafDigests(readId(in), in);
            case REPAIR_STATES -> RepairCodec.readRepairStates(readId(in), in);
            case COLLECTION_ASK -> CollectionCodec.readAsk(readId(in), in);
            case COLLECTION_KEYS -> CollectionCodec.readKeys(readId(in), in);
            case COLLECTION_RAISE -> CollectionCodec.readRaise(readId(in), in);
            case COLLECTION_COMMIT -> CollectionCodec.readCommit(readId(in), in);
            case COLLECTION_DONE -> CollectionCodec.readDone(readId(in), in);
            case PING -> new Message.Ping(readSequence(in), GossipCodec.read(in));
            case ACK -> new Message.Ack(readSequence(in), GossipCodec.read(in));
            case PING_REQUEST -> new Message.PingRequest(readSequence(in), readNode(in), GossipCodec.read(in));
            case NACK -> new Message.Nack(readSequence(in), GossipCodec.read(in));
            case RUMOURS -> new Message.Rumours(GossipCodec.read(in));
            case EXCHANGE -> GossipCodec.readExchange(in, format);
            case BUCKET_TABLE -> ControlCodec.readBuckets(in, format);
            case REFUSAL -> ControlCodec.readRefusal(in);
            default -> throw unsupported(format, type);
        };
        in.end("a message of type " + type);
        if (formatOf(message) != format) {
            throw in.malformed("a message of type " + type + " in format " + format + ", which says what format "
                    + formatOf(message) + " is for");
        }
        return message;
    }

    private static UnsupportedMessageException unsupported(int format, int type) {
        return new UnsupportedMessageException("a message of type " + type + " of format " + format
                + ", this program knows format " + FORMAT + (format > FORMAT ? "" : ", which has no such type"));
    }

    private static ByteWriter begin(ByteWriter out, int type, long id) {
        return out.u8(type).varint(id);
    }

    static long readId(ByteReader in) {
        return in.varint("request id");
    }

    private static long readSequence(ByteReader in) {
        return in.varint("sequence");
    }

    private static Message readGetReply(ByteReader in, int format) {
        long id = readId(in);
        ReplicaStatus status = readStatus(in);
        boolean same = in.flag("same");
        boolean hinted = in.flag("hinted");
        VersionSet state = StateCodec.read(in);
        return new Message.ReplicaGetReply(
                id, status, same, hinted, state, readStamp(in, format), readStamp(in, format));
    }

    static ReplicaStatus readStatus(ByteReader in) {
        return readConstant(in, "replica status", REPLICA_STATUSES);
    }

    static <E extends Enum<E>> E readConstant(ByteReader in, String what, E[] constants) {
        int ordinal = in.u8(what);
        if (ordinal >= constants.length) {
            throw in.malformed("unknown " + what + " " + ordinal);
        }
        return constants[ordinal];
    }

    static ByteWriter writeKey(ByteWriter out, Key key) {
        return out.text(key.bucket()).bytes(key.name());
    }

    static Key readKey(ByteReader in) {
        return new Key(in.text("bucket"), in.bytes("key"));
    }

    /**
     * The next of keys that are told in their order, each once.
     *
     * @param before the one that came before it; null for the first
     */
    static Key readKeyAfter(ByteReader in, @Nullable Key before) {
        Key key = readKey(in);
        if (before != null && before.compareTo(key) >= 0) {
            throw in.malformed(key + " comes after " + before + ", out of the order of keys");
        }
        return key;
    }

    static ByteWriter writeNode(ByteWriter out, NodeId node) {
        return out.text(node.name());
    }

    static NodeId readNode(ByteReader in) {
        String name = in.text("node id");
        try {
            return new NodeId(name);
        } catch (IllegalArgumentException e) {
            throw in.malformed("not a node id: " + name);
        }
    }

    /** No node has an empty name. */
    static ByteWriter writeNodeOrNone(ByteWriter out, @Nullable NodeId node) {
        return out.text(node == null ? "" : node.name());
    }

    static @Nullable NodeId readNodeOrNone(ByteReader in) {
        if (in.peek("node id") == 0) {
            in.u8("node id");
            return null;
        }
        return readNode(in);
    }
}
