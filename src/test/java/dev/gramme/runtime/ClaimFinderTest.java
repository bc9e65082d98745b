package dev.gramme.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gramme.node.ClaimQuestion;
import dev.gramme.ring.Claim;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Claims are found on another thread, a few at a time. */
class ClaimFinderTest {
    private static final RingMember ONE = new RingMember(new NodeId("n1"), "", 100);
    private static final RingMember TWO = new RingMember(new NodeId("n2"), "", 100);
    private static final ClaimQuestion QUESTION =
            new ClaimQuestion(Claim.first(16, 3, List.of(ONE)), List.of(ONE, TWO));

    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    @Test
    void an_answer_is_found_elsewhere_and_too_many_questions_are_refused() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Ring> answer = new CompletableFuture<>();
        try (ClaimFinder finder = new ClaimFinder(failure::complete)) {
            assertThat(finder.find(QUESTION, found -> {
                        await(go);
                        answer.complete(found);
                    }))
                    .isTrue();
            int taken = 0;
            while (finder.find(QUESTION, found -> {})) {
                taken++;
            }
            assertThat(taken).isBetween(15, 17);
            go.countDown();
            assertThat(answer.join()).isEqualTo(QUESTION.answer());
        }
    }

    @Test
    void what_a_claim_throws_is_told() {
        ClaimQuestion impossible = new ClaimQuestion(QUESTION.before(), List.of(ONE, ONE));
        try (ClaimFinder finder = new ClaimFinder(failure::complete)) {
            finder.find(impossible, found -> {});
            assertThat(failure.join()).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void await(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
