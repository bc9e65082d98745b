package dev.gramme.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.GossipCodec;
import dev.gramme.wire.Rumour;
import java.util.List;
import org.junit.jupiter.api.Test;

class DisseminationTest {
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final NodeId C = new NodeId("c");

    private final Dissemination dissemination = new Dissemination();

    @Test
    void a_rumour_is_told_a_bounded_number_of_times_that_grows_with_the_logarithm() {
        assertEquals(List.of(4, 8, 12, 16), List.of(limit(5), limit(50), limit(500), limit(5_000)));
        dissemination.add(alive("a", 1));
        for (int i = 0; i < 8; i++) {
            assertEquals(List.of(alive("a", 1)), dissemination.next(50));
        }
        assertEquals(List.of(), dissemination.next(50));
        assertTrue(dissemination.isEmpty());
    }

    @Test
    void a_message_carries_no_more_than_its_bound_and_what_was_told_least_first() {
        for (int i = 0; i < 100; i++) {
            dissemination.add(alive("n" + i, 1));
        }
        List<Rumour> first = dissemination.next(100);
        assertTrue(first.stream().mapToInt(GossipCodec::size).sum() <= Dissemination.MAX_BYTES);
        assertTrue(first.size() > 10);
        List<Rumour> second = dissemination.next(100);
        assertTrue(second.stream().noneMatch(first::contains));
    }

    @Test
    void what_is_overtaken_is_not_told_any_more() {
        dissemination.add(alive("a", 1));
        dissemination.add(new Rumour.Accused(A, 1, false, B));
        dissemination.add(new Rumour.Accused(A, 1, false, C));
        assertEquals(3, dissemination.next(5).size(), "accusers confirm each other");
        dissemination.add(new Rumour.Accused(A, 1, true, B));
        assertEquals(2, dissemination.next(5).size(), "down says all that the suspicions said");
        dissemination.add(alive("a", 2));
        assertEquals(List.of(alive("a", 2)), dissemination.next(5));
    }

    @Test
    void who_is_forgotten_is_not_told_of() {
        dissemination.add(alive("a", 1));
        dissemination.add(alive("b", 1));
        dissemination.forget(A);
        assertEquals(List.of(alive("b", 1)), dissemination.next(5));
    }

    private static int limit(int members) {
        return Dissemination.limit(members);
    }

    private static Rumour alive(String name, long incarnation) {
        return new Rumour.Alive(RosterTest.record(name, 1, incarnation));
    }
}
