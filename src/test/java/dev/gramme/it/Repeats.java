package dev.gramme.it;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * When an ordinary client asks the next node: the connection was refused, or closed before an answer; no answer came; 503 or 504 (an indeterminate
 * write is a 503 too, and is repeated with its idempotency key).
 */
final class Repeats {
    /** Of one request. */
    static final int MOST = 40;

    private static final int FIRST_PAUSE_MILLIS = 1;
    private static final int LONGEST_PAUSE_MILLIS = 500;

    private Repeats() {}

    /** Why this answer is no answer; empty if it is one. */
    static String reason(HttpResponse<String> response) {
        return switch (response.statusCode()) {
            case 503, 504 -> response.statusCode() + " " + problem(response.body());
            default -> "";
        };
    }

    /** The last word of the problem's type, and its detail without names and numbers. */
    private static String problem(String body) {
        int at = body.indexOf("urn:gramme:problem:");
        if (at < 0) {
            return "of another kind";
        }
        String detail = Values.json(body).path("detail").asText();
        return body.substring(at + 19, body.indexOf('"', at)) + " (" + detail.replaceAll("\\bn?[0-9]+\\b", "_") + ")";
    }

    static String reason(IOException failure) {
        if (failure instanceof HttpTimeoutException) {
            return "no answer";
        }
        return failure instanceof ConnectException ? "connection refused" : "connection closed";
    }

    /** The first answer that is one, or the last that is none. */
    static HttpResponse<String> untilAnswered(Supplier<HttpResponse<String>> request) {
        for (int repeats = 1; ; repeats++) {
            HttpResponse<String> response = request.get();
            if (reason(response).isEmpty() || repeats == MOST) {
                return response;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis(repeats)));
        }
    }

    /** At once, then ever more slowly. */
    static long pauseMillis(int repeats) {
        return Math.min(LONGEST_PAUSE_MILLIS, (long) FIRST_PAUSE_MILLIS << Math.min(repeats - 1, 10));
    }
}
