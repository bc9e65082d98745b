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
        assertEquals(Verdict.UNDECIDED, three.withKept(A).verdict());
        assertEquals(Verdict.WRITTEN, three.withKept(A).withKept(C).verdict());
        assertEquals(
                Verdict.WRITTEN, three.withRefusal().withKept(B).withKept(C).verdict());
    }

    @Test
    void nobody_asked_is_failed() {
        assertEquals(Verdict.FAILED, asked(0, 2, List.of(List.of(A, B, C))).verdict());
    }

    @Test
    void short_of_w_it_is_indeterminate_and_never_failed_once_somebody_was_asked() {
        assertEquals(
                Verdict.INDETERMINATE,
                three.withKept(A).withRefusal().withRefusal().verdict());
        assertEquals(
                Verdict.INDETERMINATE,
                three.withRefusal().withRefusal().withRefusal().verdict());
        assertEquals(Verdict.INDETERMINATE, three.withKept(A).verdictAtDeadline());
        assertEquals(Verdict.INDETERMINATE, three.verdictAtDeadline());
    }

    @Test
    void it_waits_while_an_answer_can_still_come() {
        assertTrue(three.withKept(A).withRefusal().isWaiting());
        assertFalse(three.withKept(A).withRefusal().withRefusal().isWaiting());
    }

    @Test
    void more_answers_than_questions_are_a_defect() {
        PutTracker nobodyAsked = asked(0, 1, List.of(List.of(A)));
        assertThrows(IllegalStateException.class, () -> nobodyAsked.withKept(A));
    }

    @Test
    void a_place_kept_twice_is_one_copy() {
        PutTracker twice = three.withKept(A).withKept(A);
        assertEquals(1, twice.places());
        assertEquals(Verdict.UNDECIDED, twice.verdict());
        assertEquals(Verdict.INDETERMINATE, twice.withKept(A).verdict());
    }

    @Test
    void a_copy_in_nobodys_place_is_none() {
        assertEquals(0, three.withKept(D).acks());
    }

    @Test
    void while_the_ring_changes_w_of_the_old_and_w_of_the_new_owners_are_needed() {
        assertEquals(Verdict.WRITTEN, changing.withKept(A).withKept(B).verdict(), "owners by both");
        PutTracker old = changing.withKept(A).withKept(C);
        assertEquals(Verdict.UNDECIDED, old.verdict(), "two of the old, one of the new");
        assertEquals(1, old.acks());
        assertEquals(2, old.places());
        assertEquals(Verdict.WRITTEN, old.withKept(D).verdict());
        assertEquals(Verdict.INDETERMINATE, old.withRefusal().withRefusal().verdict());
        assertEquals(Verdict.UNDECIDED, changing.withKept(A).withKept(D).verdict(), "two of the new, one of the old");
    }

    @Test
    void a_cluster_that_grows_needs_all_of_an_old_set_smaller_than_w() {
        PutTracker growing = asked(3, 2, List.of(List.of(A), List.of(A, B, C)));
        assertEquals(Verdict.UNDECIDED, growing.withKept(B).withKept(C).verdict(), "A alone has what was there before");
        assertEquals(Verdict.WRITTEN, growing.withKept(B).withKept(A).verdict());
    }

    @Test
    void one_set_smaller_than_w_is_never_enough() {
        PutTracker small = asked(2, 3, List.of(List.of(A, B)));
        assertEquals(Verdict.INDETERMINATE, small.withKept(A).withKept(B).verdict());
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
