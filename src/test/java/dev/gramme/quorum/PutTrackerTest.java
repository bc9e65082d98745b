package dev.gramme.quorum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.quorum.PutTracker.Verdict;
import dev.gramme.ring.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PutTrackerTest {
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final NodeId C = new NodeId("c");
    private static final NodeId D = new NodeId("d");

    private final PutTracker three = asked(3, 2, List.of(List.of(A, B, C)));
    /** D takes the place of C. */
    private final PutTracker changing = asked(4, 2, List.of(List.of(A, B, C), List.of(A, D, B)));

    @Test
    void w_acknowledgements_make_it_written() {
        assertEquals(Verdict.UNDECIDED, three.withKept(List.of(A)).verdict());
        assertEquals(
                Verdict.WRITTEN, three.withKept(List.of(A)).withKept(List.of(C)).verdict());
        assertEquals(
                Verdict.WRITTEN,
                three.withRefusal().withKept(List.of(B)).withKept(List.of(C)).verdict());
    }

    @Test
    void nobody_asked_is_failed() {
        assertEquals(Verdict.FAILED, asked(0, 2, List.of(List.of(A, B, C))).verdict());
    }

    @Test
    void short_of_w_it_is_indeterminate_and_never_failed_once_somebody_was_asked() {
        assertEquals(
                Verdict.INDETERMINATE,
                three.withKept(List.of(A)).withRefusal().withRefusal().verdict());
        assertEquals(
                Verdict.INDETERMINATE,
                three.withRefusal().withRefusal().withRefusal().verdict());
        assertEquals(Verdict.INDETERMINATE, three.withKept(List.of(A)).verdictAtDeadline());
        assertEquals(Verdict.INDETERMINATE, three.verdictAtDeadline());
    }

    @Test
    void it_waits_while_an_answer_can_still_come() {
        assertTrue(three.withKept(List.of(A)).withRefusal().isWaiting());
        assertFalse(three.withKept(List.of(A)).withRefusal().withRefusal().isWaiting());
    }

    @Test
    void more_answers_than_questions_are_a_defect() {
        PutTracker nobodyAsked = asked(0, 1, List.of(List.of(A)));
        assertThrows(IllegalStateException.class, () -> nobodyAsked.withKept(List.of(A)));
    }

    @Test
    void a_place_kept_twice_is_one_copy() {
        PutTracker twice = three.withKept(List.of(A)).withKept(List.of(A));
        assertEquals(1, twice.copies());
        assertEquals(Verdict.UNDECIDED, twice.verdict());
        assertEquals(Verdict.INDETERMINATE, twice.withKept(List.of(A)).verdict());
    }

    @Test
    void a_copy_in_nobodys_place_is_none() {
        assertEquals(0, three.withKept(List.of(D)).acks());
    }

    @Test
    void while_the_ring_changes_w_of_the_old_and_w_of_the_new_owners_are_needed() {
        assertEquals(
                Verdict.WRITTEN,
                changing.withKept(List.of(A)).withKept(List.of(B)).verdict(),
                "owners by both");
        PutTracker old = changing.withKept(List.of(A)).withKept(List.of(C));
        assertEquals(Verdict.UNDECIDED, old.verdict(), "two of the old, one of the new");
        assertEquals(1, old.acks());
        assertEquals(2, old.copies());
        assertEquals(Verdict.WRITTEN, old.withKept(List.of(D)).verdict());
        assertEquals(Verdict.INDETERMINATE, old.withRefusal().withRefusal().verdict());
        assertEquals(
                Verdict.UNDECIDED,
                changing.withKept(List.of(A)).withKept(List.of(D)).verdict(),
                "two of the new, one of the old");
    }

    @Test
    void an_owner_by_one_ring_fills_a_place_of_each_set_and_not_two_of_one() {
        PutTracker old = changing.withKept(List.of(C, B));
        assertEquals(1, old.acks(), "C among the old owners, B's place among the new");
        assertEquals(1, old.copies());
        assertEquals(Verdict.UNDECIDED, old.verdict(), "one node is one copy, whatever it stands for");
        assertEquals(Verdict.WRITTEN, old.withKept(List.of(D, A)).verdict());
        assertEquals(Verdict.WRITTEN, old.withKept(List.of(D, B)).verdict(), "both tell B, each in another set");
        assertEquals(Verdict.UNDECIDED, old.withKept(List.of(B)).verdict(), "D and A are missing, by the new ring");
    }

    @Test
    void a_hint_and_its_owners_own_copy_are_one_also_by_one_ring() {
        PutTracker both = changing.withKept(List.of(D, A)).withKept(List.of(A));
        assertEquals(1, both.withKept(List.of(A)).acks(), "A alone by the old ring");
        assertEquals(2, both.copies());
        assertEquals(Verdict.WRITTEN, both.withKept(List.of(C)).verdict());
    }

    @Test
    void who_stands_for_a_leaver_and_its_successor_fills_both_their_places() {
        assertEquals(
                Verdict.WRITTEN,
                changing.withKept(List.of(A)).withKept(List.of(C, D)).verdict());
        assertEquals(
                Verdict.UNDECIDED,
                changing.withKept(List.of(C, D)).withKept(List.of(C)).verdict());
    }

    @Test
    void a_cluster_that_grows_needs_all_of_an_old_set_smaller_than_w() {
        PutTracker growing = asked(3, 2, List.of(List.of(A), List.of(A, B, C)));
        assertEquals(
                Verdict.UNDECIDED,
                growing.withKept(List.of(B)).withKept(List.of(C)).verdict(),
                "A alone has what was there before");
        assertEquals(
                Verdict.WRITTEN,
                growing.withKept(List.of(B)).withKept(List.of(A)).verdict());
    }

    @Test
    void one_set_smaller_than_w_is_never_enough() {
        PutTracker small = asked(2, 3, List.of(List.of(A, B)));
        assertEquals(
                Verdict.INDETERMINATE,
                small.withKept(List.of(A)).withKept(List.of(B)).verdict());
    }

    @Test
    void more_owners_than_can_be_counted_are_refused() {
        List<NodeId> many = new ArrayList<>();
        for (int i = 0; i <= PutTracker.MAX_PLACES; i++) {
            many.add(new NodeId("n" + i));
        }
        assertThrows(IllegalArgumentException.class, () -> PutTracker.waitingFor(2, List.of(many)));
    }

    @Test
    void the_requests_quorum_goes_before_the_buckets_and_neither_above_n() {
        assertEquals(2, QuorumRules.effective(0, 2));
        assertEquals(3, QuorumRules.effective(3, 2));
        assertTrue(QuorumRules.isPossible(3, 3));
        assertFalse(QuorumRules.isPossible(4, 3));
        assertFalse(QuorumRules.isPossible(-1, 3));
    }

    private static PutTracker asked(int nodes, int needed, List<List<NodeId>> quorums) {
        PutTracker tracker = PutTracker.waitingFor(needed, quorums);
        for (int i = 0; i < nodes; i++) {
            tracker = tracker.withAsked();
        }
        return tracker;
    }
}
