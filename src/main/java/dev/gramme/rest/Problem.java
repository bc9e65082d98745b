package dev.gramme.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One error, as RFC 9457 shapes it.
 *
 * @param detail what happened, to what
 * @param hint what the user can do
 * @param outcome of a write: "failed" or "indeterminate"; null where nothing was asked of the store
 * @param headers further headers of the answer, such as Retry-After
 */
public record Problem(
        ProblemKind kind,
        String detail,
        String hint,
        @Nullable String outcome,
        Map<String, String> headers) {
    static final String FAILED = "failed";
    static final String INDETERMINATE = "indeterminate";

    static Problem of(ProblemKind kind, String detail) {
        return new Problem(kind, detail, kind.hint(), null, Map.of());
    }

    Problem withHint(String newHint) {
        return new Problem(kind, detail, newHint, outcome, headers);
    }

    Problem withOutcome(String newOutcome) {
        return new Problem(kind, detail, hint, newOutcome, headers);
    }

    Problem withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(kind, detail, hint, outcome, more);
    }

    /** To be thrown while a request is read. */
    ProblemException thrown() {
        return new ProblemException(this);
    }
}
