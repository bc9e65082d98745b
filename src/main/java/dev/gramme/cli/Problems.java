package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** A server's {@code application/problem+json} (RFC 9457) as lines for people. */
final class Problems {
    private Problems() {}

    static String describe(HttpResponse<byte[]> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        if (!type.startsWith("application/problem+json")) {
            String body = new String(response.body(), StandardCharsets.UTF_8);
            return "HTTP " + response.statusCode() + (body.isBlank() ? "" : ": " + body.strip());
        }
        JsonNode problem = Endpoint.parse(response.body());
        StringBuilder text = new StringBuilder(problem.path("title").asText("HTTP " + response.statusCode()));
        append(text, ": ", problem.path("detail"));
        append(text, "\n", problem.path("hint"));
        return text.toString();
    }

    /** Whether the server says that the write may or may not have been made. */
    static boolean isIndeterminate(HttpResponse<byte[]> response) {
        return response.statusCode() >= 500
                && response.headers().firstValue("Content-Type").orElse("").startsWith("application/problem+json")
                && Endpoint.parse(response.body()).path("outcome").asText("").equals("indeterminate");
    }

    private static void append(StringBuilder text, String before, JsonNode part) {
        if (!part.asText("").isEmpty()) {
            text.append(before).append(part.asText());
        }
    }
}
