package dev.gramme.rest;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.RingMember;
import dev.gramme.version.Bytes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is asked of the ring, read from a request's body. Every method throws {@link ProblemException} (400) with what to write instead. */
final class ClusterBody {
    private static final int MAX_SEEDS = 64;
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:\\s\\[\\]/]+):([0-9]{1,5})");

    private final JsonObject json;

    private ClusterBody(JsonObject json) {
        this.json = json;
    }

    /** @param known the fields there may be; an empty body has none of them */
    static ClusterBody parse(Bytes body, Set<String> known) {
        JsonObject json;
        try {
            json = body.size() == 0 ? new JsonObject() : new JsonObject(Buffer.buffer(body.array()));
        } catch (DecodeException | ClassCastException e) {
            throw wrong("the body is no JSON object: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        for (String name : json.fieldNames()) {
            if (!known.contains(name)) {
                throw wrong("there is no field '" + name + "' here; known: " + String.join(", ", known));
            }
        }
        return new ClusterBody(json);
    }

    NodeId node(String field) {
        NodeId node = nodeIfAny(field);
        if (node == null) {
            throw wrong("the field '" + field + "' is missing: the id of a node");
        }
        return node;
    }

    @Nullable
    NodeId nodeIfAny(String field) {
        Object value = json.getValue(field);
        if (value == null) {
            return null;
        }
        try {
            return new NodeId(text(field, value));
        } catch (IllegalArgumentException e) {
            throw wrong(field + ": " + e.getMessage());
        }
    }

    int weight() {
        if (json.getValue("weight") instanceof Integer weight && weight >= 1 && weight <= RingMember.MAX_WEIGHT) {
            return weight;
        }
        throw wrong("weight must be a number from 1 to " + RingMember.MAX_WEIGHT + ", not " + json.getValue("weight"));
    }

    /** Addresses of bridges, host:port. */
    List<String> seeds() {
        if (!(json.getValue("seeds") instanceof JsonArray array) || array.isEmpty() || array.size() > MAX_SEEDS) {
            throw wrong(
                    "seeds must be a list of 1 to " + MAX_SEEDS + " addresses of bridges, such as [\"10.0.0.1:7800\"]");
        }
        List<String> seeds = new ArrayList<>();
        for (Object seed : array) {
            String address = text("seeds", seed).strip();
            var parts = ADDRESS.matcher(address);
            if (!parts.matches() || Integer.parseInt(parts.group(2)) < 1 || Integer.parseInt(parts.group(2)) > 65_535) {
                throw wrong("not a seed: '" + address + "'. Write the address of another node's bridge, host:port");
            }
            seeds.add(address);
        }
        return seeds;
    }

    /** What can't be undone must be said twice. */
    void requireForce() {
        if (!Boolean.TRUE.equals(json.getValue("force"))) {
            throw wrong(
                    "a node is removed without handing anything over: only with \"force\": true, and only if it is gone"
                            + " for good. One that is alive leaves with /v1/cluster/leave");
        }
    }

    String text(String field) {
        return text(field, json.getValue(field));
    }

    private static String text(String field, @Nullable Object value) {
        if (value instanceof String text && !text.isBlank()) {
            return text;
        }
        throw wrong(field + " must be text, not " + value);
    }

    private static ProblemException wrong(String detail) {
        return Problem.of(ProblemKind.BAD_BODY, detail)
                .withOutcome(Problem.FAILED)
                .thrown();
    }
}
