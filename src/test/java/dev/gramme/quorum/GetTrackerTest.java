package dev.gramme.quorum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gramme.quorum.GetTracker.Verdict;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import org.junit.jupiter.api.Test;

class GetTrackerTest {
    private final GetTracker two = GetTracker.waitingFor(2).withAsked().withAsked();

    private static VersionSet written(long actor) {
        Content content = Content.value(Bytes.utf8("v" + actor), "text/plain");
        return VersionSet.EMPTY.put(CausalContext.EMPTY, new Version(new Dot(actor, 1), 1, content));
    }

    @Test
    void r_replies_are_read_and_merged() {
        GetTracker one = two.withReply(written(1));
        assertEquals(Verdict.UNDECIDED, one.verdict());
        GetTracker both = one.withReply(written(2));
        assertEquals(Verdict.READ, both.verdict());
        assertEquals(written(1).merge(written(2)), both.merged());
    }

    @Test
    void when_all_have_answered_and_too_few_with_a_state_it_is_unavailable() {
        GetTracker refused = two.withReply(written(1)).withRefusal();
        assertEquals(Verdict.UNAVAILABLE, refused.verdict());
        assertEquals(Verdict.UNDECIDED, refused.withAsked().verdict());
    }

    @Test
    void an_empty_state_is_a_reply() {
        assertEquals(
                Verdict.READ,
                two.withReply(VersionSet.EMPTY).withReply(VersionSet.EMPTY).verdict());
    }

    @Test
    void more_answers_than_questions_are_a_defect() {
        assertThrows(IllegalStateException.class, () -> GetTracker.waitingFor(1).withReply(VersionSet.EMPTY));
    }
}
