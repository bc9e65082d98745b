package dev.gramme.rest;

import dev.gramme.runtime.LocalNode;
import dev.gramme.version.Bytes;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.TimeToLive;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A bucket's properties. A bucket needs no creating: one that nobody has set has the defaults. */
@Path("/v1/buckets/{bucket}")
@Produces(MediaType.WILDCARD)
public class BucketResource {
    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final String POLICY = "conflictPolicy";
    private static final String TTL = "ttlSeconds";
    private static final Set<String> SETTABLE = Set.of(POLICY, "r", "w", TTL);
    private static final Set<String> SHOWN_ONLY = Set.of("bucket", "n");

    private final LocalNode node;
    private final Requests requests;
    private final RestLimits limits;

    public BucketResource(LocalNode node, Requests requests, RestLimits limits) {
        this.node = node;
        this.requests = requests;
        this.limits = limits;
    }

    @GET
    public Uni<Reply> get(@PathParam("bucket") String bucket, @Context RoutingContext http) {
        return requests.run(
                Operation.BUCKET_GET,
                http,
                () -> Uni.createFrom().item(Reply.json(200, json(node.bucket(KeyPath.bucket(bucket))))));
    }

    @PUT
    public Uni<Reply> put(@PathParam("bucket") String bucket, @Context RoutingContext http) {
        return requests.run(Operation.BUCKET_PUT, http, () -> {
            BucketProperties current = node.bucket(KeyPath.bucket(bucket));
            checkType(http.request().getHeader(HttpHeaders.CONTENT_TYPE));
            return RequestBody.read(http.request(), MAX_BODY_BYTES, limits.bodyMillis(), ProblemKind.BODY_TOO_LARGE)
                    .chain(body -> node.setBucket(changed(current, parse(body))))
                    .map(set -> Reply.json(200, json(set)))
                    .onFailure(IllegalArgumentException.class)
                    .transform(refused -> wrong(String.valueOf(refused.getMessage())));
        });
    }

    private static void checkType(String type) {
        if (type != null && !type.strip().toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw Problem.of(ProblemKind.UNSUPPORTED_TYPE, "bucket properties are application/json, not " + type)
                    .thrown();
        }
    }

    private static JsonObject parse(Bytes body) {
        try {
            return new JsonObject(Buffer.buffer(body.array()));
        } catch (DecodeException | ClassCastException e) {
            throw wrong("the body is no JSON object: " + firstLine(e));
        }
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** What the body leaves out stays as it is. */
    private BucketProperties changed(BucketProperties current, JsonObject json) {
        for (String name : json.fieldNames()) {
            if (!SETTABLE.contains(name) && !SHOWN_ONLY.contains(name)) {
                throw wrong("there is no property '" + name + "'; known are conflictPolicy, r, w and ttlSeconds");
            }
        }
        return new BucketProperties(
                current.bucket(),
                json.containsKey(POLICY) ? policy(json.getValue(POLICY)) : current.policy(),
                json.containsKey("r") ? quorum("r", json.getValue("r")) : current.r(),
                json.containsKey("w") ? quorum("w", json.getValue("w")) : current.w(),
                json.containsKey(TTL) ? ttl(json.getValue(TTL)) : current.ttlSeconds(),
                current.time());
    }

    /** null, or 0, for values that never expire. */
    private static int ttl(@Nullable Object value) {
        if (value == null) {
            return 0;
        }
        if (value instanceof Integer seconds && TimeToLive.isOfBucket(seconds)) {
            return seconds;
        }
        throw wrong(TTL + " must be a whole number of seconds from 1 to " + TimeToLive.MAX_SECONDS
                + ", or 0 for values that never expire, not " + value);
    }

    private int quorum(String name, Object value) {
        if (value instanceof Integer number && number >= 1 && number <= node.replicas()) {
            return number;
        }
        throw wrong(name + " must be a number from 1 to " + node.replicas() + ", not " + value);
    }

    private static ConflictPolicy policy(Object value) {
        for (ConflictPolicy policy : ConflictPolicy.values()) {
            if (name(policy).equals(value)) {
                return policy;
            }
        }
        throw wrong(POLICY + " must be siblings or last-write-wins, not " + value);
    }

    private static String name(ConflictPolicy policy) {
        return switch (policy) {
            case SIBLINGS -> "siblings";
            case LAST_WRITE_WINS -> "last-write-wins";
        };
    }

    private JsonObject json(BucketProperties properties) {
        return json(properties, node.replicas());
    }

    static JsonObject json(BucketProperties properties, int replicas) {
        return new JsonObject()
                .put("bucket", properties.bucket())
                .put(POLICY, name(properties.policy()))
                .put("n", replicas)
                .put("r", properties.r())
                .put("w", properties.w())
                .put(TTL, properties.ttlSeconds());
    }

    private static ProblemException wrong(String detail) {
        return Problem.of(ProblemKind.BAD_BODY, detail)
                .withOutcome(Problem.FAILED)
                .thrown();
    }
}
