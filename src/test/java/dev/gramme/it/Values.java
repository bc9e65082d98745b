package dev.gramme.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** The values of a read's answer. */
final class Values {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Values() {}

    /** None for a key that has none, several for siblings. */
    static List<String> of(HttpResponse<String> answer) {
        return switch (answer.statusCode()) {
            case 200 -> List.of(answer.body());
            case 300 -> siblings(answer.body());
            case 404 -> List.of();
            default -> throw new AssertionError(answer + " " + answer.body());
        };
    }

    private static List<String> siblings(String body) {
        List<String> values = new ArrayList<>();
        for (JsonNode sibling : json(body).path("siblings")) {
            values.add(sibling.path("text").asText());
        }
        return values;
    }

    static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(body, e);
        }
    }
}
