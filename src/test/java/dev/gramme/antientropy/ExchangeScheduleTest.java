package dev.gramme.antientropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Claim;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** When which partition is compared with whom. */
class ExchangeScheduleTest {
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final NodeId C = new NodeId("c");
    private static final int PARTITIONS = 256;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long BEGINNING = Long.MAX_VALUE - 1_000;

    private final Ring ring = Claim.first(PARTITIONS, 3, List.of(member(A), member(B), member(C)));
    private final ExchangeSchedule schedule = new ExchangeSchedule(A, 0, 1, HOUR_MILLIS);

    private static RingMember member(NodeId id) {
        return new RingMember(id, "z", 100);
    }

    private View view(NodeId... down) {
        return viewWhere(Liveness.DOWN, down);
    }

    private View viewWhere(Liveness these, NodeId... nodes) {
        SortedMap<NodeId, Liveness> liveness = new TreeMap<>();
        ring.members().keySet().forEach(id -> liveness.put(id, Liveness.UP));
        for (NodeId id : nodes) {
            liveness.put(id, these);
        }
        return new View(ring, liveness);
    }

    /** A clock that wraps around. */
    private static long at(long millis) {
        return BEGINNING + millis * Moment.NANOS_PER_MILLI;
    }

    private List<Pair> due(long millis) {
        List<Pair> due = new ArrayList<>();
        for (Pair pair = schedule.takeDue(at(millis)); pair != null; pair = schedule.takeDue(at(millis))) {
            due.add(pair);
        }
        return due;
    }

    @Test
    void each_pair_of_owners_has_one_that_begins_each_about_as_often() {
        int begun = 0;
        for (int p = 0; p < PARTITIONS; p++) {
            assertNotEquals(new Pair(p, B).isBegunBy(A), new Pair(p, A).isBegunBy(B));
            begun += new Pair(p, B).isBegunBy(A) ? 1 : 0;
        }
        assertTrue(begun > PARTITIONS / 3 && begun < PARTITIONS * 2 / 3, "of " + PARTITIONS + " a begins " + begun);
    }

    @Test
    void after_a_start_all_come_soon_and_spread() {
        schedule.goesBy(view(), at(0));
        assertTrue(due(0).size() < 10);
        Set<Pair> first = new HashSet<>(due(ExchangeSchedule.SOON_MILLIS / 2));
        Set<Pair> second = new HashSet<>(due(ExchangeSchedule.SOON_MILLIS));
        int all = first.size() + second.size();
        assertTrue(all > PARTITIONS * 2 / 3 && first.size() > all / 3 && second.size() > all / 3);
    }

    @Test
    void each_comes_again_an_interval_after_it_ended_well() {
        schedule.goesBy(view(), at(0));
        Pair pair = due(ExchangeSchedule.SOON_MILLIS).getFirst();
        schedule.ended(pair, Outcome.REPAIRED, at(40_000));
        assertEquals(List.of(), due(40_000 + HOUR_MILLIS - 1));
        assertEquals(List.of(pair), due(40_000 + HOUR_MILLIS));
    }

    @Test
    void what_failed_is_tried_again_sooner_and_then_ever_later() {
        schedule.goesBy(view(), at(0));
        Pair pair = due(ExchangeSchedule.SOON_MILLIS).getFirst();
        long now = 40_000;
        long before = 0;
        for (int i = 0; i < 12; i++) {
            schedule.ended(pair, Outcome.BUSY, at(now));
            long wait = 0;
            while (due(now + wait).isEmpty()) {
                wait += 50;
            }
            assertTrue(wait >= before / 2 && wait <= 2 * ExchangeSchedule.MAX_BACKOFF_MILLIS, "waited " + wait);
            before = wait;
            now += wait;
        }
        assertTrue(before >= ExchangeSchedule.MAX_BACKOFF_MILLIS);
    }

    @Test
    void who_is_away_is_passed_over_and_compared_soon_after_it_came_back() {
        schedule.goesBy(view(B), at(0));
        List<Pair> due = due(ExchangeSchedule.SOON_MILLIS);
        assertTrue(due.stream().noneMatch(pair -> pair.peer().equals(B)));
        due.forEach(pair -> schedule.ended(pair, Outcome.EQUAL, at(ExchangeSchedule.SOON_MILLIS)));
        long back = 600_000;
        schedule.goesBy(view(), at(back));
        List<Pair> returned = due(back + ExchangeSchedule.SOON_MILLIS);
        assertTrue(!returned.isEmpty()
                && returned.stream().allMatch(pair -> pair.peer().equals(B)));
    }

    @Test
    void whose_disk_was_full_is_compared_soon_after_it_takes_writes_again() {
        Liveness full = new Liveness(Liveness.State.UP, false);
        schedule.goesBy(viewWhere(full, B), at(0));
        List<Pair> due = due(ExchangeSchedule.SOON_MILLIS);
        assertTrue(due.stream().anyMatch(pair -> pair.peer().equals(B)), "it may know what is not known here");
        due.forEach(pair -> schedule.ended(pair, Outcome.EQUAL, at(ExchangeSchedule.SOON_MILLIS)));
        long room = 600_000;
        schedule.goesBy(view(), at(room));
        List<Pair> again = due(room + ExchangeSchedule.SOON_MILLIS);
        assertTrue(
                !again.isEmpty() && again.stream().allMatch(pair -> pair.peer().equals(B)));
    }

    @Test
    void who_had_a_full_disk_itself_compares_soon_with_all() {
        Liveness full = new Liveness(Liveness.State.UP, false);
        schedule.goesBy(viewWhere(full, A), at(0));
        List<Pair> due = due(ExchangeSchedule.SOON_MILLIS);
        due.forEach(pair -> schedule.ended(pair, Outcome.EQUAL, at(ExchangeSchedule.SOON_MILLIS)));
        long room = 600_000;
        schedule.goesBy(view(), at(room));
        assertEquals(due.size(), due(room + ExchangeSchedule.SOON_MILLIS).size());
    }

    @Test
    void what_is_asked_for_covers_all_pairs_whosever_they_are_to_begin() {
        schedule.goesBy(view(), at(0));
        schedule.askNow("b", view().topology());
        assertEquals(2 * PARTITIONS, schedule.asked());
        ExchangeSchedule.Asked first = schedule.takeAsked(at(0));
        assertNotNull(first);
        assertEquals("b", first.bucket());
        schedule.askNow(null, view().topology());
        assertEquals(2 * PARTITIONS, schedule.asked());
    }

    @Test
    void who_owns_nothing_compares_nothing() {
        ExchangeSchedule stranger = new ExchangeSchedule(new NodeId("x"), 0, 1, HOUR_MILLIS);
        stranger.goesBy(view(), at(0));
        assertNull(stranger.takeDue(at(HOUR_MILLIS)));
        stranger.askNow(null, view().topology());
        assertEquals(0, stranger.asked());
    }
}
