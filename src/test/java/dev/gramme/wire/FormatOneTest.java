package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.ReplacedWrite;
import dev.gramme.version.ReplacedWrites;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Bytes of format 1, written down: nodes that run now, tokens that clients hold and stores on disk depend on them. A change needs a format 2. */
class FormatOneTest {
    private static final Key KEY = Key.of("b", "k");
    private static final Dot DOT = new Dot(0x0102030405060708L, 300);
    private static final CausalContext SEEN = CausalContext.of(DOT);
    private static final Content CONTENT = new Content(
            false, Bytes.utf8("v"), "text/plain", new TreeMap<>(java.util.Map.of("name", "value")), Bytes.utf8("id"));
    private static final VersionSet STATE = new VersionSet(
            SEEN,
            List.of(new Version(DOT, 5, CONTENT)),
            new ReplacedWrites(List.of(new ReplacedWrite(0xaabbccddeeff0011L, 4, new Dot(DOT.actor(), 7)))));

    private static final String SEEN_BYTES = "01 0102030405060708 ac02";
    private static final String CONTENT_BYTES = "00 0176 0a746578742f706c61696e 01 046e616d65 0576616c7565 026964";
    private static final String STATE_BYTES =
            SEEN_BYTES + "01 00 ac02 0000000000000005" + CONTENT_BYTES + "01 aabbccddeeff0011 0000000000000004 00 07";

    @Test
    void a_state() {
        assertEquals(hex(STATE_BYTES), StateCodec.encode(STATE));
        assertEquals(STATE, StateCodec.decode(hex(STATE_BYTES)));
        assertEquals(hex("00 00 00"), StateCodec.encode(VersionSet.EMPTY));
    }

    @Test
    void pulls_and_pages_of_a_range() {
        Proposal.Id proposal = new Proposal.Id(300, new NodeId("n1"), 0x0102030405060708L);
        String proposalBytes = "ac02 026e31 0102030405060708";
        assertBytes(
                "01 0a 07 80 01" + proposalBytes + "00 01 e807",
                new Message.PullRange(7, 128, proposal, null, true, 1_000));
        assertBytes(
                "01 0a 07 03" + proposalBytes + "01 0162 016b 00 e807",
                new Message.PullRange(7, 3, proposal, KEY, false, 1_000));
        assertBytes("01 0b 07 03" + proposalBytes + "01 0162 016b", new Message.PullKeys(7, 3, proposal, List.of(KEY)));
        Message.RangeEntry offered = new Message.RangeEntry(KEY, 255, VersionSet.EMPTY);
        Message.RangeEntry sent = new Message.RangeEntry(KEY, 255, STATE);
        String entry = "0162 016b 00000000000000ff";
        assertBytes(
                "01 0c 07 00 01" + entry + "00 00 00" + "00",
                new Message.RangePage(7, ReplicaStatus.OK, List.of(offered), false));
        assertBytes(
                "01 0c 07 00 01" + entry + STATE_BYTES + "01",
                new Message.RangePage(7, ReplicaStatus.OK, List.of(sent), true));
        assertBytes("01 0c 07 04 00 00", new Message.RangePage(7, ReplicaStatus.NOT_OWNER, List.of(), false));
    }

    @Test
    void constants_of_the_ring_keep_their_numbers() {
        assertEquals(List.of("PREPARED", "RECEIVED", "LOCKED", "READY"), names(Phase.values()));
        assertEquals(
                List.of("NONE", "JOIN", "LEAVE", "REPLACE", "REMOVE", "WEIGHT"), names(StagedChange.Kind.values()));
    }

    @Test
    void coordinate_put() {
        RequestOptions options = new RequestOptions(0, 2, true, 5_000, new NodeId("n1"));
        assertBytes(
                "01 01 07 0162 016b" + SEEN_BYTES + "0000000000000009" + CONTENT_BYTES + "00 02 01 8827 026e31",
                new Message.CoordinatePut(7, new PutCommand(KEY, SEEN, 9, CONTENT, options)));
    }

    @Test
    void coordinate_put_reply() {
        assertBytes(
                "01 02 07 00 0102030405060708 ac02 0000000000000005" + SEEN_BYTES + "026e31 02 01 03",
                new Message.CoordinatePutReply(7, new PutOutcome.Written(DOT, 5, SEEN, new NodeId("n1"), 2, 1, 3)));
        assertBytes(
                "01 02 07 01 04 0178",
                new Message.CoordinatePutReply(7, new PutOutcome.Failed(Failure.STORAGE_FULL, "x")));
        assertBytes(
                "01 02 07 02 01 02 0178", new Message.CoordinatePutReply(7, new PutOutcome.Indeterminate(1, 2, "x")));
    }

    @Test
    void replica_put_and_reply() {
        assertBytes("01 03 07 0162 016b" + STATE_BYTES + "00", new Message.ReplicaPut(7, KEY, STATE, null));
        assertBytes(
                "01 03 07 0162 016b" + STATE_BYTES + "026e31", new Message.ReplicaPut(7, KEY, STATE, new NodeId("n1")));
        assertBytes("01 04 07 01", new Message.ReplicaPutReply(7, ReplicaStatus.OVERLOADED));
    }

    @Test
    void replica_get_and_reply() {
        assertBytes("01 05 07 0162 016b 00000000000000ff", new Message.ReplicaGet(7, KEY, 255));
        assertBytes(
                "01 06 07 00 00 01" + STATE_BYTES,
                new Message.ReplicaGetReply(7, ReplicaStatus.OK, false, true, STATE));
    }

    @Test
    void gossip() {
        String hashes = "0000000000000001 0000000000000002 0000000000000003 0000000000000004";
        MemberRecord record = new MemberRecord(
                new NodeId("n1"),
                5,
                6,
                MemberRecord.Standing.SERVING,
                "b:1",
                "h:2",
                "z",
                100,
                true,
                1,
                "v",
                7,
                RingProgress.NONE);
        String alive = "00 026e31 0000000000000005 06 00 03623a31 03683a32 017a 64 01 01 0176 07 00 00 00 00 00 00";
        String down = "01 026e32 09 01 026e31";
        Gossip gossip = new Gossip(
                1,
                2,
                3,
                4,
                List.of(new Rumour.Alive(record), new Rumour.Accused(new NodeId("n2"), 9, true, new NodeId("n1"))));
        String carried = hashes + " 02 " + alive + down;
        assertBytes("01 0d 07" + carried, new Message.Ping(7, gossip));
        assertBytes("01 0e 07" + carried, new Message.Ack(7, gossip));
        assertBytes("01 0f 07 026e33" + carried, new Message.PingRequest(7, new NodeId("n3"), gossip));
        assertBytes("01 10 07" + carried, new Message.Nack(7, gossip));
        assertBytes("01 11" + carried, new Message.Rumours(gossip));
        assertBytes(
                "01 12 0163 8002 03 02" + carried + "00 00",
                new Message.Exchange("c", 256, 3, 0, 2, gossip, null, null));
        assertBytes(
                "01 12 0163 8002 03 00" + carried + "00 01 00",
                new Message.Exchange("c", 256, 3, 0, 0, gossip, null, new Message.BucketTable(List.of())));
        assertBytes(
                "02 12 0163 8002 03 02" + carried + "00 00 000000000000abcd",
                new Message.Exchange("c", 256, 3, 0xabcd, 2, gossip, null, null));
    }

    @Test
    void bucket_table_and_refusal() {
        assertBytes(
                "01 08 01 0162 01 01 02 0000000000000009",
                new Message.BucketTable(List.of(new BucketProperties("b", ConflictPolicy.LAST_WRITE_WINS, 1, 2, 9))));
        assertBytes("01 09 026e31 0000000000000006 01 0178", new Message.Refusal(new NodeId("n1"), 6, true, "x"));
    }

    @Test
    void constants_keep_their_numbers() {
        assertEquals(
                List.of(
                        "OK",
                        "OVERLOADED",
                        "STORAGE_FULL",
                        "STORAGE_BROKEN",
                        "NOT_OWNER",
                        "LACKING",
                        "OUTDATED",
                        "NOT_COLLECTING"),
                names(ReplicaStatus.values()));
        assertEquals(
                List.of(
                        "UNAVAILABLE",
                        "TIMEOUT",
                        "OVERLOADED",
                        "IMPOSSIBLE_QUORUM",
                        "STORAGE_FULL",
                        "STORAGE_BROKEN",
                        "TOO_MANY_SIBLINGS"),
                names(Failure.values()));
        assertEquals(List.of("SIBLINGS", "LAST_WRITE_WINS"), names(ConflictPolicy.values()));
        assertEquals(List.of("SERVING", "IDLE", "LEAVING_FOR_RESTART"), names(MemberRecord.Standing.values()));
    }

    @Test
    void a_context_token() {
        ContextToken tokens = new ContextToken(Bytes.utf8("key"));
        ClientContext context = new ClientContext(SEEN, 5, new NodeId("n1"));
        String token = "ARYBAQIDBAUGBwisAgAAAAAAAAAFAm4xdt2s2i_HDI79NUkTcmjZLcZYeHg";
        assertEquals(token, tokens.encode(KEY, context));
        assertEquals(context, tokens.decode(KEY, token));
    }

    private static void assertBytes(String expected, Message message) {
        byte[] encoded = MessageCodec.encode(message).array();
        assertArrayEquals(hex(expected).array(), encoded, HexFormat.of().formatHex(encoded));
        assertEquals(message, MessageCodec.decode(hex(expected)));
    }

    private static List<String> names(Enum<?>[] constants) {
        return java.util.Arrays.stream(constants).map(Enum::name).toList();
    }

    private static Bytes hex(String text) {
        return Bytes.of(HexFormat.of().parseHex(text.replace(" ", "")));
    }
}
