package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.generators.Gate;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.version.CausalContext;
import dev.gramme.wire.BackgroundWork;
import dev.gramme.wire.Message;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What background work does while it is not admitted: it waits, and nothing is lost by that. */
class PacedWorkTest {
    private static final int KEYS = 200;
    private static final int PAGE_BYTES = 8 << 10;

    private final ChangingCluster four =
            ChangingCluster.of(4, 3, NodeSettings.defaults(new NodeId("n"), 1).withPulls(2, PAGE_BYTES, 0));
    private final MiniCluster nodes = four.nodes;
    private final NodeId newcomer = four.id(4);
    private final SortedMap<NodeId, Gates> gates = new TreeMap<>();
    private final List<Long> pulls = new ArrayList<>();

    PacedWorkTest() {
        nodes.control = id -> gates.computeIfAbsent(id, i -> new Gates());
        nodes.ids.forEach(nodes::start);
        for (int i = 0; i < KEYS; i++) {
            nodes.send(four.id(1), nodes.command(Key.of("b", "key" + i), CausalContext.EMPTY, "value" + i));
        }
        nodes.lost = f -> f.message() instanceof Message.PullRange && !pulls.add(0L);
    }

    private Gate gate(NodeId node, BackgroundWork work) {
        return gates.get(node).gate(work);
    }

    private void sources(boolean open) {
        nodes.ids.forEach(id -> gate(id, BackgroundWork.RANGES_GIVEN).open = open);
    }

    private BitSet received() {
        BitSet received = new BitSet();
        nodes.told(newcomer, Effect.RangeReceived.class).forEach(r -> received.set(r.partition()));
        return received;
    }

    private void beginToTransfer() {
        four.propose(nodes.ids);
        four.all(Phase.PREPARED, true);
    }

    @Test
    void who_takes_a_partition_over_is_told_to_ask_later_and_does_at_once_when_it_may() {
        sources(false);
        beginToTransfer();
        nodes.pass(60_000);
        assertTrue(received().isEmpty());
        assertTrue(pulls.size() > 30, "two at a time, each again after some three seconds: " + pulls.size());
        sources(true);
        nodes.pass(500);
        assertEquals(four.gains(newcomer), received());
        nodes.ids.forEach(id ->
                assertEquals(!id.equals(newcomer), gate(id, BackgroundWork.RANGES_GIVEN).took > 0, id.name()));
    }

    @Test
    void a_source_gives_smaller_pages_than_it_is_asked_for_where_little_is_let_through() {
        beginToTransfer();
        nodes.pass(500);
        int before = pulls.size();
        assertEquals(four.gains(newcomer), received());
        nodes.told.clear();
        pulls.clear();
        nodes.ids.forEach(id -> gate(id, BackgroundWork.RANGES_GIVEN).mostBytes = PAGE_BYTES / 8);
        four.withdraw();
        four.all(null, false);
        nodes.pass(2_000);
        beginToTransfer();
        nodes.pass(5_000);
        assertEquals(four.gains(newcomer), received());
        assertTrue(pulls.size() > 2 * before, pulls.size() + " instead of " + before);
    }

    @Test
    void a_receiver_asks_for_nothing_as_long_as_its_own_clients_need_the_time() {
        gate(newcomer, BackgroundWork.RANGES_TAKEN).open = false;
        beginToTransfer();
        nodes.pass(20_000);
        assertTrue(pulls.isEmpty());
        gate(newcomer, BackgroundWork.RANGES_TAKEN).open = true;
        nodes.pass(500);
        assertEquals(four.gains(newcomer), received());
        assertTrue(gate(newcomer, BackgroundWork.RANGES_TAKEN).took > 0);
    }

    @Test
    void hints_wait_and_are_all_delivered_then() {
        NodeId away = four.id(2);
        nodes.down(away);
        for (int i = 0; i < 50; i++) {
            nodes.put(four.id(1), Key.of("b", "missed" + i), CausalContext.EMPTY, "v");
        }
        nodes.ids.forEach(id -> gate(id, BackgroundWork.HINTS).open = false);
        nodes.heal();
        nodes.pass(5_000);
        long waiting = nodes.hints();
        assertTrue(waiting > 0);
        nodes.ids.forEach(id -> gate(id, BackgroundWork.HINTS).open = true);
        nodes.pass(5_000);
        assertEquals(0, nodes.hints());
        assertTrue(nodes.ids.stream().anyMatch(id -> gate(id, BackgroundWork.HINTS).took > 0));
    }

    @Test
    void a_backup_waits_for_its_pages() {
        Key key = Key.of("b", "key1");
        int partition = nodes.ring.partitionOf(key);
        NodeId owner = nodes.owners(key).getFirst();
        gate(owner, BackgroundWork.BACKUP).open = false;
        assertNull(nodes.backUp(owner, partition, BackupPart.STATES, null));
        gate(owner, BackgroundWork.BACKUP).open = true;
        nodes.pass(50);
        assertNotNull(nodes.backUp(owner, partition, BackupPart.STATES, null));
        assertTrue(gate(owner, BackgroundWork.BACKUP).took > 0);
    }
}
