package dev.gramme.node;

import static dev.gramme.node.MiniCluster.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.wire.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What delays the delivery of hints, and what must not. */
class HintDeliveryTest {
    private static final int MORE_THAN_A_BATCH = 40;

    private final MiniCluster three = new MiniCluster(3, 3);
    private final NodeId keeper = three.ids.get(0);
    private final NodeId absent = three.ids.get(2);

    @Test
    void a_partition_that_its_owner_cannot_write_keeps_no_other_partitions_hints_waiting() {
        List<Key> stuck = keysOf("a", 0, MORE_THAN_A_BATCH);
        Key free = keysOf("z", 7, 1).get(0);
        three.down(absent);
        stuck.forEach(key -> three.send(keeper, three.command(key, CausalContext.EMPTY, "v")));
        three.send(keeper, three.command(free, CausalContext.EMPTY, "v"));
        three.heal();
        three.refused = f -> f.to().equals(absent)
                && f.message() instanceof Message.ReplicaPut put
                && three.ring.partitionOf(put.key()) == 0;
        three.pass(2_000);
        assertEquals(List.of("v"), texts(three.held(absent, free)));
        three.refused = f -> false;
        three.pass(20_000);
        assertEquals(0, three.hints());
    }

    @Test
    void an_owner_that_answers_after_the_timeout_has_the_hint_all_the_same() {
        Key key = keysOf("k", 3, 1).get(0);
        three.down(absent);
        three.put(keeper, key, CausalContext.EMPTY, "v");
        three.heal();
        List<Message> late = new ArrayList<>();
        three.lost =
                f -> f.from().equals(absent) && f.message() instanceof Message.ReplicaPutReply && late.add(f.message());
        three.pass(500);
        assertEquals(1, late.size());
        assertTrue(three.hints() > 0);
        three.deliver(absent, keeper, late.get(0));
        assertEquals(0, three.hints());
    }

    @Test
    void large_hints_are_delivered_few_at_a_time_and_all_in_the_end() {
        String large = "x".repeat(200 << 10);
        three.down(absent);
        keysOf("k", 3, 12).forEach(key -> three.send(keeper, three.command(key, CausalContext.EMPTY, large)));
        three.heal();
        List<Key> sent = new ArrayList<>();
        three.lost = f -> f.to().equals(absent)
                && f.message() instanceof Message.ReplicaPut put
                && f.from().equals(keeper)
                && sent.add(put.key());
        three.pass(150);
        assertEquals(2, sent.size(), "a client's write finds room beside so much");
        three.lost = f -> false;
        three.pass(20_000);
        assertEquals(0, three.hints());
        keysOf("k", 3, 12).forEach(key -> assertEquals(List.of(large), texts(three.held(absent, key))));
    }

    private List<Key> keysOf(String prefix, int partition, int count) {
        List<Key> keys = new ArrayList<>();
        for (int i = 0; keys.size() < count; i++) {
            Key key = Key.of("b", prefix + i);
            if (three.ring.partitionOf(key) == partition) {
                keys.add(key);
            }
        }
        return keys;
    }
}
