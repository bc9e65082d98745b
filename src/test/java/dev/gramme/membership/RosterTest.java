package dev.gramme.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.RingProgress;
import dev.gramme.wire.Rumour;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RosterTest {
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");

    private final Roster roster = new Roster();

    @Test
    void any_order_of_rumours_late_or_repeated_leads_to_the_same() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            List<Rumour> rumours = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                rumours.add(rumour(random));
            }
            Roster first = heard(rumours);
            rumours.addAll(rumours.subList(0, random.nextInt(rumours.size())));
            Collections.shuffle(rumours, random);
            Roster second = heard(rumours);
            assertEquals(first.everything(), second.everything());
            assertEquals(first.hash(), second.hash());
        }
    }

    @Test
    void what_one_roster_tells_of_itself_makes_another_equal() {
        Random random = new Random(6);
        for (int round = 0; round < 200; round++) {
            Roster one = heard(List.of(rumour(random), rumour(random), rumour(random), rumour(random)));
            Roster other = heard(List.of(rumour(random), rumour(random), rumour(random)));
            one.everything().forEach(rumour -> learn(other, rumour));
            other.everything().forEach(rumour -> learn(one, rumour));
            assertEquals(one.everything(), other.everything());
            assertEquals(one.hash(), other.hash());
        }
    }

    @Test
    void an_accusation_holds_until_the_member_speaks_in_a_higher_incarnation() {
        roster.learn(record("a", 1, 5));
        assertTrue(roster.learn(new Rumour.Accused(A, 5, false, B)));
        assertEquals(Verdict.SUSPECT, roster.verdict(A));
        assertTrue(roster.learn(new Rumour.Accused(A, 5, true, B)));
        assertEquals(Verdict.DOWN, roster.verdict(A));
        assertFalse(roster.learn(new Rumour.Accused(A, 5, false, B)), "down is above suspect");
        assertFalse(roster.learn(record("a", 1, 5)));
        assertTrue(roster.learn(record("a", 1, 6)));
        assertEquals(Verdict.ALIVE, roster.verdict(A));
        roster.learn(new Rumour.Accused(A, 5, true, B));
        assertEquals(Verdict.ALIVE, roster.verdict(A), "of a former incarnation");
    }

    @Test
    void an_accusation_that_comes_before_the_record_holds_as_if_it_came_after() {
        roster.learn(new Rumour.Accused(A, 5, true, B));
        assertEquals(5, roster.highest(A));
        roster.learn(record("a", 1, 5));
        assertEquals(Verdict.DOWN, roster.verdict(A));
    }

    @Test
    void of_two_processes_the_one_with_the_higher_incarnation_holds() {
        roster.learn(record("a", 9, 5));
        assertTrue(roster.learn(record("a", 1, 6)));
        assertFalse(roster.learn(record("a", 9, 5)));
        assertEquals(1, roster.record(A).instance());
    }

    @Test
    void different_rosters_have_different_hashes() {
        roster.learn(record("a", 1, 5));
        long alive = roster.hash();
        roster.learn(new Rumour.Accused(A, 5, false, B));
        long suspect = roster.hash();
        roster.learn(new Rumour.Accused(A, 5, true, B));
        assertNotEquals(alive, suspect);
        assertNotEquals(suspect, roster.hash());
        roster.forget(A);
        assertEquals(new Roster().hash(), roster.hash());
    }

    private static Roster heard(List<Rumour> rumours) {
        Roster roster = new Roster();
        rumours.forEach(rumour -> learn(roster, rumour));
        return roster;
    }

    private static void learn(Roster roster, Rumour rumour) {
        switch (rumour) {
            case Rumour.Alive alive -> roster.learn(alive.record());
            case Rumour.Accused accused -> roster.learn(accused);
        }
    }

    private static Rumour rumour(Random random) {
        String name = random.nextBoolean() ? "a" : "b";
        int incarnation = random.nextInt(4);
        // One process never says two things in one incarnation.
        return random.nextBoolean()
                ? new Rumour.Alive(record(name, random.nextInt(2), incarnation))
                : new Rumour.Accused(new NodeId(name), incarnation, random.nextBoolean(), A);
    }

    static MemberRecord record(String name, long instance, long incarnation) {
        return new MemberRecord(
                new NodeId(name),
                instance,
                incarnation,
                MemberRecord.Standing.SERVING,
                "127.0.0.1:7800",
                "127.0.0.1:8080",
                "z",
                100,
                true,
                1,
                "test",
                0,
                RingProgress.NONE);
    }
}
