package dev.gramme.rest;

import dev.gramme.runtime.LocalNode.NotReadyException;
import dev.gramme.wire.Failure;
import io.vertx.core.json.JsonObject;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Problems as answers. */
final class ProblemReply {
    static final String TYPE = "application/problem+json";
    static final String RETRY_AFTER = "Retry-After";

    private static final Logger LOG = Logger.getLogger(ProblemReply.class);
    private static final int MAX_INSTANCE_CHARACTERS = 256;

    private ProblemReply() {}

    /** @param uri of the request: its path becomes the problem's instance */
    static Reply of(Problem problem, String uri) {
        ProblemKind kind = problem.kind();
        JsonObject json = new JsonObject()
                .put("type", kind.type())
                .put("title", kind.title())
                .put("status", kind.status())
                .put("detail", problem.detail())
                .put("instance", instance(uri))
                .put("hint", problem.hint());
        if (problem.outcome() != null) {
            json.put("outcome", problem.outcome());
        }
        Reply reply = Reply.of(kind.status(), ending(problem))
                .body(TYPE, json.toBuffer().getBytes());
        problem.headers().forEach(reply::header);
        if (kind.status() == 503 && !problem.headers().containsKey(RETRY_AFTER)) {
            reply.header(RETRY_AFTER, "1");
        }
        return reply;
    }

    /** Any failure on the way of a request, as an answer. What is a fault of ours is logged with its trace, and not shown to the client. */
    static Reply of(Throwable failure, String uri) {
        return of(problemOf(failure, uri), uri);
    }

    private static Problem problemOf(Throwable failure, String uri) {
        if (failure instanceof ProblemException known) {
            return known.problem();
        }
        if (failure instanceof NotReadyException) {
            return Problem.of(ProblemKind.NOT_READY, String.valueOf(failure.getMessage()))
                    .withOutcome(Problem.FAILED);
        }
        LOG.errorf(failure, "unexpected failure in answering %s", instance(uri));
        return Problem.of(ProblemKind.INTERNAL, "an unexpected failure; the node's log has it");
    }

    /** A request that surely had no effect. */
    static Problem of(Failure failure, String detail) {
        ProblemKind kind = switch (failure) {
            case UNAVAILABLE -> ProblemKind.UNAVAILABLE;
            case TIMEOUT -> ProblemKind.TIMEOUT;
            case OVERLOADED -> ProblemKind.OVERLOADED;
            case IMPOSSIBLE_QUORUM -> ProblemKind.BAD_PARAMETER;
            case STORAGE_FULL -> ProblemKind.STORAGE_FULL;
            case STORAGE_BROKEN -> ProblemKind.STORAGE_BROKEN;
            case TOO_MANY_SIBLINGS -> ProblemKind.TOO_MANY_SIBLINGS;
        };
        return Problem.of(kind, detail).withOutcome(Problem.FAILED);
    }

    private static Reply.Ending ending(Problem problem) {
        if (Problem.INDETERMINATE.equals(problem.outcome())) {
            return Reply.Ending.INDETERMINATE;
        }
        if (problem.kind() == ProblemKind.KEY_NOT_FOUND) {
            return Reply.Ending.NOT_FOUND;
        }
        return problem.kind().status() < 500 ? Reply.Ending.REJECTED : Reply.Ending.FAILED;
    }

    private static String instance(@Nullable String uri) {
        if (uri == null) {
            return "/";
        }
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        return path.length() <= MAX_INSTANCE_CHARACTERS ? path : path.substring(0, MAX_INSTANCE_CHARACTERS) + "…";
    }
}
