package dev.gramme.node;

import dev.gramme.ring.Ring;
import org.jspecify.annotations.Nullable;

/** The last claim that was made beforehand; any other is made here. Only the time differs. */
final class KnownClaim {
    private @Nullable ClaimQuestion question;
    private @Nullable Ring answer;

    void learn(ClaimQuestion asked, Ring answered) {
        question = asked;
        answer = answered;
    }

    Ring of(ClaimQuestion asked) {
        Ring known = answer;
        return known != null && asked.equals(question) ? known : asked.answer();
    }
}
