package dev.gramme.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Gossip;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.Message;
import dev.gramme.wire.Rumour;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One node, and what it says to others that a test plays. */
class SwimRulesTest {
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final long MILLI = 1_000_000L;

    private record Sent(NodeId to, Message message) {}

    private final List<Sent> sent = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final List<String> contacts = new ArrayList<>();
    private final Swim swim = new Swim(RosterTest.record("me", 1, 10), Timings.DEFAULT, 1, new Desk(), 0);
    private long millis;

    private final class Desk implements Post {
        @Override
        public void send(NodeId to, Message message) {
            sent.add(new Sent(to, message));
        }

        @Override
        public void exchange(NodeId to, boolean everything) {
            sent.add(new Sent(to, new Message.Exchange("c", 8, 3, 0, 2, swim.introduction(to), null, null)));
        }

        @Override
        public void contact(String address, boolean everything) {
            assertTrue(everything, "only who looks for seeds tells no more than who it is");
            contacts.add(address);
        }

        @Override
        public void refuse(NodeId id, long instance, String reason) {
            refusals.add(id + " " + instance);
        }
    }

    @Test
    void an_accusation_of_ourselves_is_refuted_in_a_higher_incarnation_and_told_at_once() {
        meet("a", 1, 5);
        run(1_200);
        hear(A, 1, new Rumour.Accused(new NodeId("me"), 12, true, B));
        assertEquals(13, swim.mine().incarnation());
        sent.clear();
        run(100);
        assertTrue(told().contains(new Rumour.Alive(swim.mine())));
    }

    @Test
    void who_comes_back_elsewhere_with_a_clock_behind_its_former_life_hears_of_that_where_it_is_now() {
        meet("a", 1, 5);
        MemberRecord again = RosterTest.record("a", 2, 3);
        assertEquals(Speaker.RIVAL, swim.introduced(again));
        run(5_000);
        assertEquals(List.of(again.bridge()), contacts);
    }

    @Test
    void an_old_accusation_of_ourselves_needs_no_refutation() {
        meet("a", 1, 5);
        hear(A, 1, new Rumour.Accused(new NodeId("me"), 9, true, B));
        assertEquals(10, swim.mine().incarnation());
    }

    @Test
    void a_suspect_is_told_so_with_every_message() {
        meet("a", 1, 5);
        meet("b", 1, 5);
        run(1_200);
        Rumour accused = new Rumour.Accused(A, 5, false, B);
        hear(B, 1, accused);
        for (int i = 0; i < 100; i++) {
            run(10);
            answerEverything();
        }
        swim.receive(A, new Message.Ping(77, gossip(1)), gossip(1));
        Message.Ack ack = (Message.Ack) last(Message.Ack.class).message();
        assertTrue(ack.gossip().rumours().contains(accused)
                || ack.gossip().rumours().stream()
                        .anyMatch(
                                r -> r instanceof Rumour.Accused c && c.member().equals(A)));
    }

    @Test
    void what_can_not_be_sent_is_not_routed_to_at_once_and_others_are_asked() {
        meet("a", 1, 5);
        meet("b", 1, 5);
        run(1_200);
        answerEverything();
        swim.undeliverable(A, new Message.Rumours(gossip(1)));
        assertFalse(swim.isReached(A));
        assertEquals(Verdict.ALIVE, swim.verdict(A), "nobody else is told: it may be our own network");
        Sent ping = last(Message.Ping.class);
        assertEquals(A, ping.to());
        swim.undeliverable(A, (Message.Control) ping.message());
        Sent request = last(Message.PingRequest.class);
        assertEquals(B, request.to());
        swim.receive(B, new Message.Nack(((Message.PingRequest) request.message()).sequence(), gossip(1)), gossip(1));
        assertEquals(Verdict.SUSPECT, swim.verdict(A), "and nobody else reaches it either");
    }

    @Test
    void who_answers_others_and_not_us_is_nobodys_alarm() {
        meet("a", 1, 5);
        meet("b", 1, 5);
        run(1_200);
        for (int i = 0; i < 300; i++) {
            run(10);
            for (Sent one : List.copyOf(sent)) {
                boolean toB = one.to().equals(B);
                if (one.message() instanceof Message.Ping ping && toB) {
                    swim.receive(B, new Message.Ack(ping.sequence(), gossip(1)), gossip(1));
                } else if (one.message() instanceof Message.PingRequest asked && toB) {
                    swim.receive(B, new Message.Ack(asked.sequence(), gossip(1)), gossip(1));
                }
            }
            sent.clear();
        }
        assertEquals(Verdict.ALIVE, swim.verdict(A));
        assertFalse(swim.isReached(A));
        assertTrue(swim.isReached(B));
    }

    @Test
    void silence_while_we_did_not_run_is_held_against_nobody() {
        meet("a", 1, 5);
        for (int i = 0; i < 200; i++) {
            run(10);
            answerEverything();
        }
        run(300);
        millis += 60_000;
        assertTrue(swim.awake(millis * MILLI));
        swim.tick();
        assertEquals(Verdict.ALIVE, swim.verdict(A));
        assertTrue(swim.isReached(A));
    }

    @Test
    void members_of_no_ring_that_are_down_for_long_are_forgotten_and_gossip_does_not_bring_them_back() {
        meet("a", 1, 5);
        meet("b", 1, 5);
        hear(B, 1, new Rumour.Accused(A, 5, true, B));
        millis += Timings.DEFAULT.forgetMillis() + 1_000;
        swim.awake(millis * MILLI);
        swim.forget(A::equals);
        assertTrue(swim.records().containsKey(A), "a member of the ring stays known for ever");
        millis += 2_000;
        swim.awake(millis * MILLI);
        swim.forget(id -> false);
        assertFalse(swim.records().containsKey(A));
        hear(B, 1, new Rumour.Alive(RosterTest.record("a", 1, 5)));
        assertFalse(swim.records().containsKey(A));
        hear(B, 1, new Rumour.Alive(RosterTest.record("a", 2, 6)));
        assertTrue(swim.records().containsKey(A), "its next life is another matter");
    }

    @Test
    void a_second_process_is_refused_if_the_first_answers_and_taken_if_nobody_does() {
        meet("a", 1, 5);
        MemberRecord second = RosterTest.record("a", 2, 9);
        sent.clear();
        assertEquals(Speaker.RIVAL, swim.introduced(second));
        Message.Ping question = (Message.Ping) last(Message.Ping.class).message();
        swim.receive(A, new Message.Ack(question.sequence(), gossip(1)), gossip(1));
        assertEquals(List.of("a 2"), refusals);
        assertEquals(1, swim.records().get(A).instance());
        assertEquals(Speaker.RIVAL, swim.introduced(second));
        run(1_500);
        assertEquals(2, swim.records().get(A).instance());
    }

    @Test
    void a_process_that_answers_at_the_known_address_is_the_member() {
        meet("a", 1, 5);
        sent.clear();
        swim.introduced(RosterTest.record("a", 2, 9));
        Message.Ping question = (Message.Ping) last(Message.Ping.class).message();
        swim.receive(A, new Message.Ack(question.sequence(), gossip(2)), gossip(2));
        assertEquals(2, swim.records().get(A).instance());
        assertEquals(List.of(), refusals);
    }

    @Test
    void records_that_can_not_be_are_not_taken_on() {
        assertEquals("", Admission.objection(RosterTest.record("a", 1, 5)));
        for (String address : List.of("", "nohost", "host:", "host:99999", "host:0", "a b:1", ":1", "::1:7", "[::1]")) {
            assertFalse(Admission.isAddress(address), address);
        }
        for (String address : List.of("host:1", "10.0.0.1:65535", "[::1]:7800", "n1.example.org:7800")) {
            assertTrue(Admission.isAddress(address), address);
        }
        MemberRecord far = RosterTest.record("a", 1, MemberRecord.MAX_INCARNATION);
        meet("b", 1, 5);
        hear(B, 1, new Rumour.Alive(far));
        assertFalse(swim.records().containsKey(A));
    }

    @Test
    void what_nobody_could_be_above_counts_for_nothing() {
        meet("a", 1, 5);
        meet("b", 1, 5);
        NodeId me = new NodeId("me");
        for (long far : new long[] {MemberRecord.MAX_INCARNATION, MemberRecord.MAX_INCARNATION / 2}) {
            hear(B, 1, new Rumour.Accused(me, far, true, B), new Rumour.Accused(A, far, true, B));
            hear(B, 1, new Rumour.Alive(RosterTest.record("me", 7, far)));
            assertEquals("", Admission.objection(swim.mine()), "it could say nothing any more that others believe");
            assertEquals(10, swim.mine().incarnation());
            assertEquals(Verdict.ALIVE, swim.verdict(A));
        }
    }

    @Test
    void an_answer_that_is_too_late_for_the_verdict_still_says_that_it_is_reached() {
        meet("a", 1, 5);
        meet("b", 1, 5);
        run(1_200);
        answerEverything();
        swim.undeliverable(A, new Message.Rumours(gossip(1)));
        Message.Ping ping = (Message.Ping) last(Message.Ping.class).message();
        run(1_000);
        assertFalse(swim.isReached(A));
        swim.receive(B, new Message.Ack(ping.sequence(), gossip(1)), gossip(1));
        assertFalse(swim.isReached(A), "that was another's answer");
        swim.receive(A, new Message.Ack(ping.sequence(), gossip(1)), gossip(1));
        assertTrue(swim.isReached(A));
    }

    @Test
    void accusations_of_who_was_forgotten_or_never_came_are_forgotten_too() {
        NodeId nobody = new NodeId("nobody");
        meet("a", 1, 5);
        meet("b", 1, 5);
        hear(B, 1, new Rumour.Accused(A, 5, true, B), new Rumour.Accused(nobody, 5, true, B));
        for (int i = 0; i < 3; i++) {
            millis += Timings.DEFAULT.forgetMillis() / 2 + 1_000;
            swim.awake(millis * MILLI);
            swim.forget(id -> false);
            hear(B, 1, new Rumour.Accused(A, 5, true, B), new Rumour.Accused(nobody, 5, true, B));
        }
        assertEquals(
                List.of(),
                swim.everything().rumours().stream()
                        .filter(rumour ->
                                rumour.member().equals(A) || rumour.member().equals(nobody))
                        .toList());
    }

    private void meet(String name, long instance, long incarnation) {
        swim.awake(millis * MILLI);
        assertEquals(Speaker.MEMBER, swim.introduced(RosterTest.record(name, instance, incarnation)));
    }

    private void hear(NodeId from, long instance, Rumour... rumours) {
        Gossip gossip = new Gossip(instance, 0, 0, 0, List.of(rumours));
        swim.receive(from, new Message.Rumours(gossip), gossip);
    }

    private void answerEverything() {
        for (Sent one : List.copyOf(sent)) {
            if (one.message() instanceof Message.Ping ping) {
                swim.receive(one.to(), new Message.Ack(ping.sequence(), gossip(1)), gossip(1));
            }
        }
        sent.clear();
    }

    private void run(long forMillis) {
        for (long end = millis + forMillis; millis < end; millis += 10) {
            swim.awake(millis * MILLI);
            swim.tick();
        }
    }

    private static Gossip gossip(long instance) {
        return new Gossip(instance, 0, 0, 0, List.of());
    }

    private Sent last(Class<? extends Message> type) {
        return sent.stream()
                .filter(one -> type.isInstance(one.message()))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private List<Rumour> told() {
        List<Rumour> told = new ArrayList<>();
        for (Sent one : sent) {
            if (one.message() instanceof Message.Rumours rumours) {
                told.addAll(rumours.gossip().rumours());
            }
        }
        return told;
    }
}
