package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** A server's {@code application/problem+json} (RFC 9457) as lines for people. */
final class Problems {
    private static final Set<String> ANOTHER_NODE =
            Set.of("urn:gramme:problem:not-ready", "urn:gramme:problem:overloaded");

    private Problems() {}

    static String describe(HttpResponse<byte[]> response) {
        if (!isProblem(response)) {
            String body = new String(response.body(), StandardCharsets.UTF_8);
            return "HTTP " + response.statusCode() + (body.isBlank() ? "" : ": " + body.strip());
        }
        JsonNode problem = Endpoint.parse(response.body());
        StringBuilder text = new StringBuilder(problem.path("title").asText("HTTP " + response.statusCode()));
        append(text, ": ", problem.path("detail"));
        append(text, "\n", problem.path("hint"));
        return text.toString();
    }

    /**
     * Whether a write that was answered with an error may have been made all the same: the server says so, or it is an error of somebody who does
     * not say how the write ended.
     */
    static boolean isIndeterminate(HttpResponse<byte[]> response) {
        return response.statusCode() >= 500 && !outcome(response).equals("failed");
    }

    /** Whether this node did nothing and another may do it: it is starting, stopping or too busy. */
    static boolean asksForAnotherNode(HttpResponse<byte[]> response) {
        return response.statusCode() == 503
                && ANOTHER_NODE.contains(text(response, "type"))
                && !outcome(response).equals("indeterminate");
    }

    private static String outcome(HttpResponse<byte[]> response) {
        return text(response, "outcome");
    }

    private static String text(HttpResponse<byte[]> response, String member) {
        return isProblem(response)
                ? Endpoint.parse(response.body()).path(member).asText("")
                : "";
    }

    private static boolean isProblem(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Content-Type").orElse("").startsWith("application/problem+json");
    }

    private static void append(StringBuilder text, String before, JsonNode part) {
        if (!part.asText("").isEmpty()) {
            text.append(before).append(part.asText());
        }
    }
}
