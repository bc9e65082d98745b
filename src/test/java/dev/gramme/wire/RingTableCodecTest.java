package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.generators.Clusters;
import dev.gramme.ring.Claim;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.version.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RingTableCodecTest {
    private static final NodeId PROPOSER = new NodeId("n1");

    @Test
    void every_table_comes_back_as_it_was_and_equal_bytes_mean_equal_tables() {
        for (int seed = 0; seed < 300; seed++) {
            RingTable table = table(seed);
            Bytes bytes = encode(table);
            assertEquals(table, decode(bytes));
            assertEquals(bytes, encode(decode(bytes)));
        }
    }

    @Test
    void a_ring_of_256_partitions_of_three_takes_about_a_kilobyte() {
        Ring ring = Claim.first(256, 3, new Clusters(1, 12, 3, true).members());
        int size = encode(new RingTable(ring, null, List.of())).size();
        assertTrue(size < 1_100, "size " + size);
    }

    @Test
    void a_table_cut_short_anywhere_is_malformed() {
        for (int seed = 0; seed < 40; seed++) {
            byte[] whole = encode(table(seed)).array();
            for (int length = 0; length < whole.length; length++) {
                Bytes cut = Bytes.of(Arrays.copyOf(whole, length));
                assertThrows(MalformedException.class, () -> decode(cut));
            }
        }
    }

    @Test
    void a_mutated_table_is_malformed_or_says_exactly_what_its_bytes_say() {
        Random random = new Random(7);
        int faithful = 0;
        for (int i = 0; i < 30_000; i++) {
            byte[] bytes = encode(table(i % 50)).array().clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            RingTable table;
            try {
                table = decode(Bytes.of(bytes));
            } catch (MalformedException e) {
                continue;
            }
            faithful++;
            assertEquals(Bytes.of(bytes), encode(table));
        }
        assertTrue(faithful > 100, "only " + faithful + " mutations were taken at all");
    }

    @Test
    void more_owners_than_there_are_bytes_are_refused_before_anything_is_allocated_for_them() {
        ByteWriter out = new ByteWriter(64).varint(1).count(3).count(Ring.MAX_PARTITIONS);
        out.count(1).text("n1").text("z").count(100);
        assertTrue(complaint(out).contains("65536 partitions of 1 owners each cannot fit"), complaint(out));
    }

    @Test
    void a_ring_that_breaks_its_own_rules_is_malformed() {
        assertTrue(complaint(twoMembers("n1", "n1").flag(false).count(0)).contains("out of order"));
        assertTrue(complaint(twoMembers("n2", "n1").flag(false).count(0)).contains("out of order"));
        assertTrue(complaint(twoMembers("n1", "n2").count(1).count(1)).contains("n2 twice among the owners"));
        assertTrue(complaint(twoMembers("n1", "n2").count(0).count(2)).contains("owner must be 0 to 1"));
        ByteWriter memberless = new ByteWriter(64).varint(3).count(3).count(16).count(0);
        assertTrue(complaint(memberless).contains("ring 3 of 0 members"));
        ByteWriter weightless = new ByteWriter(64).varint(3).count(3).count(16).count(1);
        assertTrue(complaint(weightless.text("n1").text("").count(0)).contains("weight of 0"));
    }

    @Test
    void a_proposal_needs_a_ring_and_excludes_only_members() {
        ByteWriter out =
                new ByteWriter(64).varint(0).count(3).count(16).count(0).flag(true);
        assertTrue(complaint(out).contains("a change of a ring that is not known"));
        Ring ring = Claim.first(16, 3, new Clusters(1, 4, 1, false).members());
        Ring target = Claim.change(ring, ring.members().values());
        NodeId stranger = new NodeId("stranger");
        Proposal wrong = new Proposal(1, PROPOSER, 1, target, new TreeSet<>(List.of(stranger)));
        Bytes bytes = encode(new RingTable(ring, wrong, List.of()));
        assertTrue(message(() -> decode(bytes)).contains("stranger is excluded"));
    }

    @Test
    void a_number_that_cannot_be_counted_on_from_is_malformed() {
        ByteWriter out = new ByteWriter(64).varint(Long.MAX_VALUE);
        assertTrue(complaint(out).contains("version of a ring must be 0 to"));
    }

    @Test
    void every_progress_comes_back_as_it_was() {
        Random random = new Random(5);
        assertProgressComesBack(RingProgress.NONE);
        for (int i = 0; i < 2_000; i++) {
            boolean changing = random.nextBoolean();
            Phase[] phases = {null, Phase.PREPARED, Phase.RECEIVED, Phase.LOCKED, Phase.READY};
            int gained = random.nextInt(300);
            assertProgressComesBack(new RingProgress(
                    random.nextInt(1_000),
                    changing ? new Proposal.Id(random.nextInt(9), PROPOSER, random.nextLong()) : null,
                    changing ? phases[random.nextInt(5)] : null,
                    gained,
                    random.nextInt(gained + 1),
                    random.nextLong() >>> 1,
                    random.nextInt(1 << 30)));
        }
    }

    private static void assertProgressComesBack(RingProgress progress) {
        ByteWriter out = new ByteWriter(64);
        RingTableCodec.writeProgress(out, progress);
        ByteReader in = new ByteReader(out.toBytes());
        assertEquals(progress, RingTableCodec.readProgress(in));
        assertEquals(0, in.remaining());
        for (int length = 0; length < out.size(); length++) {
            ByteReader cut = new ByteReader(out.array(), 0, length);
            assertThrows(MalformedException.class, () -> RingTableCodec.readProgress(cut));
        }
    }

    /** Version 1, N=2, Q=1, two members; the owners and what follows are the caller's. */
    private static ByteWriter twoMembers(String one, String two) {
        ByteWriter out = new ByteWriter(64).varint(1).count(2).count(1).count(2);
        return out.text(one).text("z").count(100).text(two).text("z").count(100);
    }

    private static String complaint(ByteWriter out) {
        return message(() -> decode(out.toBytes()));
    }

    private static String message(Runnable reading) {
        return String.valueOf(
                assertThrows(MalformedException.class, reading::run).getMessage());
    }

    private static RingTable table(int seed) {
        Random random = new Random(seed);
        if (seed % 10 == 0) {
            return new RingTable(Ring.nobodys(16, 3), null, staged(random, new TreeMap<>()));
        }
        Clusters clusters = new Clusters(seed, 1 + random.nextInt(8), 1 + random.nextInt(3), random.nextBoolean());
        Ring settled = Claim.first(16 << random.nextInt(3), 1 + random.nextInt(4), clusters.members());
        for (int i = random.nextInt(3); i > 0; i--) {
            clusters.change();
            settled = Claim.change(settled, clusters.members());
        }
        TreeMap<NodeId, RingMember> members = new TreeMap<>(settled.members());
        clusters.change();
        return new RingTable(settled, proposal(random, settled, clusters), staged(random, members));
    }

    private static @Nullable Proposal proposal(Random random, Ring settled, Clusters clusters) {
        int kind = random.nextInt(3);
        if (kind == 0) {
            return null;
        }
        if (kind == 1) {
            return new Proposal(random.nextInt(99), PROPOSER, settled.version(), null, new TreeSet<>());
        }
        Ring target = Claim.change(settled, clusters.members());
        SortedSet<NodeId> gone = new TreeSet<>(settled.members().keySet());
        gone.removeAll(target.members().keySet());
        return new Proposal(random.nextInt(99), PROPOSER, settled.version(), target, gone);
    }

    private static List<StagedChange> staged(Random random, TreeMap<NodeId, RingMember> members) {
        List<StagedChange> staged = new ArrayList<>();
        for (NodeId node : members.keySet()) {
            StagedChange.Kind kind = StagedChange.Kind.values()[random.nextInt(6)];
            staged.add(new StagedChange(
                    node,
                    random.nextInt(1_000),
                    random.nextInt(9),
                    kind,
                    kind == StagedChange.Kind.WEIGHT ? 1 + random.nextInt(RingMember.MAX_WEIGHT) : 0,
                    kind == StagedChange.Kind.REPLACE ? new NodeId("new-" + node) : null));
        }
        return staged;
    }

    private static Bytes encode(RingTable table) {
        ByteWriter out = new ByteWriter(64);
        RingTableCodec.write(out, table);
        return out.toBytes();
    }

    private static RingTable decode(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        RingTable table = RingTableCodec.read(in);
        in.end("a table");
        return table;
    }
}
