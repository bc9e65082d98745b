package dev.gramme.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProbeOrderTest {
    private final ProbeOrder order = new ProbeOrder(new SplittableRandom(1));

    @Test
    void everybody_comes_once_a_round_and_each_round_is_shuffled_anew() {
        for (int i = 0; i < 20; i++) {
            order.add(node(i));
        }
        List<NodeId> first = round(20);
        List<NodeId> second = round(20);
        assertEquals(20, new TreeSet<>(first).size());
        assertEquals(20, new TreeSet<>(second).size());
        assertNotEquals(first, second);
    }

    @Test
    void who_comes_or_goes_in_the_middle_of_a_round_makes_nobody_be_left_out() {
        for (int round = 0; round < 50; round++) {
            ProbeOrder some = new ProbeOrder(new SplittableRandom(round));
            for (int i = 0; i < 10; i++) {
                some.add(node(i));
            }
            TreeSet<NodeId> seen = new TreeSet<>();
            for (int i = 0; i < 5; i++) {
                seen.add(some.next(id -> true));
            }
            some.add(node(10));
            some.remove(seen.first());
            while (seen.size() < 11) {
                NodeId next = some.next(id -> true);
                if (!seen.add(next)) {
                    break;
                }
            }
            assertTrue(seen.size() >= 10, "of eleven only the newcomer may wait for the next round: " + seen);
        }
    }

    @Test
    void only_who_is_wanted_comes() {
        for (int i = 0; i < 20; i++) {
            order.add(node(i));
        }
        assertEquals(node(7), order.next(node(7)::equals));
        assertEquals(List.of(node(7)), order.some(3, node(7)::equals));
        assertEquals(3, new TreeSet<>(order.some(3, id -> true)).size());
        assertNull(order.next(id -> false));
        assertEquals(List.of(), order.some(3, id -> false));
    }

    private List<NodeId> round(int size) {
        List<NodeId> round = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            round.add(order.next(id -> true));
        }
        return round;
    }

    private static NodeId node(int number) {
        return new NodeId("n" + number);
    }
}
