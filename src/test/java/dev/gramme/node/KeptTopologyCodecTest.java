package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.generators.Clusters;
import dev.gramme.ring.Claim;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.wire.MalformedException;
import dev.gramme.wire.RingTable;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KeptTopologyCodecTest {
    @Test
    void what_was_kept_comes_back_as_it_was() {
        KeptTopology changing = changing();
        assertEquals(changing, KeptTopologyCodec.decode(KeptTopologyCodec.encode(changing)));
        KeptTopology fresh = new KeptTopology(
                new RingTable(Ring.nobodys(256, 3), null, List.of()), null, new BitSet(), new TreeMap<>(), 0);
        assertEquals(fresh, KeptTopologyCodec.decode(KeptTopologyCodec.encode(fresh)));
    }

    @Test
    void bytes_cut_short_or_changed_are_malformed_or_say_what_they_say() {
        byte[] whole = KeptTopologyCodec.encode(changing());
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(MalformedException.class, () -> KeptTopologyCodec.decode(cut));
        }
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            try {
                assertArrayEquals(changed, KeptTopologyCodec.encode(KeptTopologyCodec.decode(changed)));
            } catch (MalformedException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("at byte"), e::toString);
            }
        }
    }

    @Test
    void what_a_newer_program_kept_is_refused_with_what_to_do() {
        byte[] newer = KeptTopologyCodec.encode(changing());
        newer[0] = KeptTopologyCodec.FORMAT + 1;
        String message = String.valueOf(assertThrows(MalformedException.class, () -> KeptTopologyCodec.decode(newer))
                .getMessage());
        assertTrue(message.contains("a newer program wrote it, run that one"), message);
    }

    private static KeptTopology changing() {
        Clusters clusters = new Clusters(4, 4, 2, true);
        Ring ring = Claim.first(16, 3, clusters.members());
        clusters.change();
        Ring target = Claim.change(ring, clusters.members());
        Proposal proposal = new Proposal(7, new NodeId("n3"), 1, target, new TreeSet<>());
        BitSet received = new BitSet();
        received.set(3);
        received.set(15);
        TreeMap<NodeId, String> bridges = new TreeMap<>();
        bridges.put(new NodeId("n1"), "10.0.0.1:7800");
        bridges.put(new NodeId("n2"), "[::1]:7800");
        return new KeptTopology(
                new RingTable(ring, proposal, List.of()), Phase.RECEIVED, received, bridges, 0x1234_5678_9abc_def0L);
    }
}
