package dev.gramme.quorum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.quorum.PutTracker.Verdict;
import org.junit.jupiter.api.Test;

class PutTrackerTest {
    private final PutTracker three =
            PutTracker.waitingFor(2).withAsked().withAsked().withAsked();

    @Test
    void w_acknowledgements_make_it_written() {
        assertEquals(Verdict.UNDECIDED, three.withAck().verdict());
        assertEquals(Verdict.WRITTEN, three.withAck().withAck().verdict());
        assertEquals(Verdict.WRITTEN, three.withRefusal().withAck().withAck().verdict());
    }

    @Test
    void nobody_asked_is_failed() {
        assertEquals(Verdict.FAILED, PutTracker.waitingFor(2).verdict());
    }

    @Test
    void short_of_w_it_is_indeterminate_and_never_failed_once_somebody_was_asked() {
        assertEquals(
                Verdict.INDETERMINATE,
                three.withAck().withRefusal().withRefusal().verdict());
        assertEquals(
                Verdict.INDETERMINATE,
                three.withRefusal().withRefusal().withRefusal().verdict());
        assertEquals(Verdict.INDETERMINATE, three.withAck().verdictAtDeadline());
        assertEquals(Verdict.INDETERMINATE, three.verdictAtDeadline());
    }

    @Test
    void it_waits_while_an_answer_can_still_come() {
        assertTrue(three.withAck().withRefusal().isWaiting());
        assertFalse(three.withAck().withRefusal().withRefusal().isWaiting());
    }

    @Test
    void more_answers_than_questions_are_a_defect() {
        assertThrows(IllegalStateException.class, () -> PutTracker.waitingFor(1).withAck());
    }

    @Test
    void the_requests_quorum_goes_before_the_buckets_and_neither_above_n() {
        assertEquals(2, QuorumRules.effective(0, 2));
        assertEquals(3, QuorumRules.effective(3, 2));
        assertTrue(QuorumRules.isPossible(3, 3));
        assertFalse(QuorumRules.isPossible(4, 3));
        assertFalse(QuorumRules.isPossible(-1, 3));
    }
}
