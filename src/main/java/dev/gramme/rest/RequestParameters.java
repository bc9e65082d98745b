package dev.gramme.rest;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.RequestOptions;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a request on a key: {@code r}, {@code w}, {@code timeout} in milliseconds, {@code quorum}. An unknown one is refused
 * rather than ignored: a mistyped {@code w} would quietly be less durable than meant.
 */
final class RequestParameters {
    private RequestParameters() {}

    /**
     * @param query of the request line, not decoded; null if there is none
     * @param replicas N
     * @param preferred goes into the options as it is
     * @throws ProblemException if a parameter is unknown, doubled or out of its range
     */
    static RequestOptions parse(@Nullable String query, int replicas, @Nullable NodeId preferred) {
        if (query == null || query.isEmpty()) {
            return preferred == null
                    ? RequestOptions.DEFAULT
                    : new RequestOptions(0, 0, false, RequestOptions.DEFAULT_TIMEOUT_MILLIS, preferred);
        }
        int r = 0;
        int w = 0;
        int timeout = 0;
        String quorum = null;
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            switch (name) {
                case "r" -> r = once(r == 0, name, number(name, value, 1, replicas));
                case "w" -> w = once(w == 0, name, number(name, value, 1, replicas));
                case "timeout" ->
                    timeout = once(timeout == 0, name, number(name, value, 1, RequestOptions.MAX_TIMEOUT_MILLIS));
                case "quorum" -> quorum = once(quorum == null, name, value);
                case "" -> {}
                default -> throw wrong("there is no parameter '" + name + "'; known are r, w, timeout and quorum");
            }
        }
        return new RequestOptions(
                r, w, isStrict(quorum), timeout == 0 ? RequestOptions.DEFAULT_TIMEOUT_MILLIS : timeout, preferred);
    }

    private static boolean isStrict(@Nullable String quorum) {
        if (quorum == null || quorum.equals("sloppy")) {
            return false;
        }
        if (!quorum.equals("strict")) {
            throw wrong("quorum must be strict or sloppy, not '" + quorum + "'");
        }
        return true;
    }

    /** A whole number of {@code least} to {@code most}, in decimal digits. */
    static int number(String name, String text, int least, int most) {
        long value = text.isEmpty() || text.length() > 9 ? -1 : 0;
        for (int i = 0; i < text.length() && value >= 0; i++) {
            int digit = text.charAt(i) - '0';
            value = digit < 0 || digit > 9 ? -1 : value * 10 + digit;
        }
        if (value < least || value > most) {
            throw wrong(name + " must be a number from " + least + " to " + most + ", not '" + text + "'");
        }
        return (int) value;
    }

    private static <T> T once(boolean first, String name, T value) {
        if (!first) {
            throw wrong("the parameter " + name + " is given twice");
        }
        return value;
    }

    private static ProblemException wrong(String detail) {
        return Problem.of(ProblemKind.BAD_PARAMETER, detail).thrown();
    }
}
