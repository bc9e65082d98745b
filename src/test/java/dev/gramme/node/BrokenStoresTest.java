package dev.gramme.node;

import static dev.gramme.node.MiniCluster.options;
import static dev.gramme.node.MiniCluster.texts;
import static dev.gramme.node.MiniCluster.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.RequestOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Owners that find their own store of a partition broken: writes are taken all the same. */
class BrokenStoresTest {
    private static final Key KEY = Key.of("b", "k");

    private static PutOutcome.Written written(MiniCluster cluster, NodeId at, PutCommand command) {
        return assertInstanceOf(PutOutcome.Written.class, cluster.put(at, command));
    }

    @Test
    void a_put_at_an_owner_whose_store_is_broken_is_coordinated_by_another_owner() {
        for (int broken = 0; broken < 3; broken++) {
            MiniCluster three = new MiniCluster(3, 3);
            NodeId asked = three.owners(KEY).get(broken);
            three.disks.get(asked).broken = true;
            PutOutcome.Written written = written(three, asked, three.command(KEY, CausalContext.EMPTY, "v"));
            assertNotEquals(asked, written.coordinator());
            assertEquals(List.of("v"), texts(three.get(asked, KEY).versions()));
        }
    }

    @Test
    void a_put_passed_on_to_an_owner_whose_store_is_broken_goes_to_the_next() {
        MiniCluster five = new MiniCluster(5, 3);
        NodeId broken = five.owners(KEY).get(0);
        five.disks.get(broken).broken = true;
        PutCommand preferring =
                with(five.command(KEY, CausalContext.EMPTY, "v"), new RequestOptions(0, 0, false, 1_000, broken));
        assertNotEquals(broken, written(five, five.outsider(KEY), preferring).coordinator());
    }

    @Test
    void where_all_owners_stores_are_broken_fallbacks_take_the_put() {
        MiniCluster five = new MiniCluster(5, 3);
        five.owners(KEY).forEach(owner -> five.disks.get(owner).broken = true);
        for (NodeId asked : five.ids) {
            written(five, asked, five.command(KEY, CausalContext.EMPTY, "v"));
        }
    }

    @Test
    void a_strict_put_is_taken_while_w_owners_stores_are_whole() {
        MiniCluster three = new MiniCluster(3, 3);
        NodeId broken = three.owners(KEY).get(0);
        three.disks.get(broken).broken = true;
        for (NodeId asked : three.ids) {
            written(three, asked, with(three.command(KEY, CausalContext.EMPTY, "v"), options(0, 2, true, 1_000)));
        }
    }

    @Test
    void an_owner_whose_store_is_broken_is_told_when_it_is_whole() {
        MiniCluster three = new MiniCluster(3, 3);
        NodeId broken = three.owners(KEY).get(0);
        three.disks.get(broken).broken = true;
        written(three, broken, three.command(KEY, CausalContext.EMPTY, "v"));
        three.disks.get(broken).broken = false;
        three.pass(30_000);
        assertEquals(List.of("v"), texts(three.held(broken, KEY)));
        assertEquals(0, three.hints());
    }
}
