package dev.gramme.rest;

import dev.gramme.node.ClusterAnswer;
import io.vertx.core.json.JsonObject;

/** What became of commands to the ring, as answers. */
final class ClusterReplies {
    private ClusterReplies() {}

    /** The plan asked for, or made by a change that was staged before. */
    static Reply plan(ClusterAnswer answer) {
        return Reply.json(200, done(answer));
    }

    /** @throws ProblemException if it was refused, with the sentence that says why */
    static JsonObject done(ClusterAnswer answer) {
        if (!answer.error().isEmpty()) {
            throw Problem.of(ProblemKind.RING_REFUSED, answer.error())
                    .withOutcome(Problem.FAILED)
                    .thrown();
        }
        return answer.plan() == null ? new JsonObject() : RingJson.of(answer.plan());
    }
}
