package dev.gramme.node;

import static dev.gramme.node.MiniCluster.options;
import static dev.gramme.node.MiniCluster.texts;
import static dev.gramme.node.MiniCluster.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.gramme.ring.Key;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.wire.Failure;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Disks so full that a put finds too few nodes: it is told that, and not that nodes are away. */
class FullDisksTest {
    private static final Key KEY = Key.of("b", "k");

    @Test
    void a_node_alone_whose_disk_is_full_says_so_and_is_read_from() {
        MiniCluster one = new MiniCluster(1, 1);
        NodeId self = one.ids.get(0);
        one.put(self, KEY, CausalContext.EMPTY, "v");
        fill(one, self);
        assertEquals(Failure.STORAGE_FULL, failure(one, self, one.command(KEY, CausalContext.EMPTY, "w")));
        assertEquals(List.of("v"), texts(one.get(self, KEY).versions()));
    }

    @Test
    void too_few_disks_with_room_are_full_disks_at_every_node() {
        MiniCluster three = new MiniCluster(3, 3);
        fill(three, three.ids.get(0));
        fill(three, three.ids.get(1));
        for (NodeId node : three.ids) {
            assertEquals(Failure.STORAGE_FULL, failure(three, node, three.command(KEY, CausalContext.EMPTY, "v")));
        }
        assertEquals(0, three.hints());
    }

    @Test
    void where_room_on_the_full_disks_would_not_be_enough_nodes_are_away() {
        MiniCluster three = new MiniCluster(3, 3);
        fill(three, three.ids.get(0));
        three.down(three.ids.get(1));
        NodeId asked = three.ids.get(2);
        PutCommand all = with(three.command(KEY, CausalContext.EMPTY, "v"), options(0, 3, false, 1_000));
        assertEquals(Failure.UNAVAILABLE, failure(three, asked, all));
        assertEquals(Failure.STORAGE_FULL, failure(three, asked, three.command(KEY, CausalContext.EMPTY, "v")));
    }

    @Test
    void a_strict_put_counts_the_owners_disks_only() {
        MiniCluster five = new MiniCluster(5, 3);
        NodeId owner = five.owners(KEY).get(0);
        five.ids.stream().filter(node -> !five.owners(KEY).contains(node)).forEach(node -> fill(five, node));
        five.down(five.owners(KEY).get(1));
        five.down(five.owners(KEY).get(2));
        PutCommand strict = with(five.command(KEY, CausalContext.EMPTY, "v"), options(0, 2, true, 1_000));
        assertEquals(Failure.UNAVAILABLE, failure(five, owner, strict));
        assertEquals(Failure.STORAGE_FULL, failure(five, owner, five.command(KEY, CausalContext.EMPTY, "v")));
    }

    private static void fill(MiniCluster cluster, NodeId node) {
        cluster.disks.get(node).writable = false;
        cluster.publish(node, new Liveness(Liveness.State.UP, false));
    }

    private static Failure failure(MiniCluster cluster, NodeId at, PutCommand command) {
        return assertInstanceOf(PutOutcome.Failed.class, cluster.put(at, command))
                .failure();
    }
}
