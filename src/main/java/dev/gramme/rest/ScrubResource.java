package dev.gramme.rest;

import dev.gramme.runtime.LocalNode;
import dev.gramme.runtime.ScrubFigures;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;

/** The scrub of this node's disk: what it has found, and the wish that all be read now. */
@Path("/v1/cluster/scrub")
@Produces(MediaType.WILDCARD)
public class ScrubResource {
    private final LocalNode node;
    private final Requests requests;

    public ScrubResource(LocalNode node, Requests requests) {
        this.node = node;
        this.requests = requests;
    }

    @GET
    public Uni<Reply> shown(@Context RoutingContext http) {
        return requests.run(
                Operation.CLUSTER, http, () -> Uni.createFrom().item(() -> Reply.json(200, json(node.scrub()))));
    }

    @POST
    public Uni<Reply> now(@Context RoutingContext http) {
        return requests.run(Operation.CLUSTER_CHANGE, http, () -> {
            String query = http.request().query();
            if (query != null && !query.isEmpty()) {
                throw Problem.of(ProblemKind.BAD_PARAMETER, "a scrub takes no parameter, not '" + query + "'")
                        .withOutcome(Problem.FAILED)
                        .thrown();
            }
            node.scrubNow();
            return Uni.createFrom().item(Reply.json(202, json(node.scrub())));
        });
    }

    private JsonObject json(ScrubFigures scrub) {
        JsonArray found = new JsonArray();
        scrub.found().forEach(one -> found.add(json(one)));
        return new JsonObject()
                .put("node", node.id().name())
                .put("left", scrub.left())
                .put("of", scrub.of())
                .put("records", scrub.records())
                .put("bytes", scrub.bytes())
                .put("findings", scrub.findings())
                .put("complete", time(scrub.completeMillis()))
                .put("found", found);
    }

    private static JsonObject json(ScrubFigures.Found found) {
        return new JsonObject()
                .put("file", found.file())
                .put("offset", found.offset() < 0 ? null : found.offset())
                .put("what", found.what())
                .put("at", time(found.foundMillis()));
    }

    private static String time(long millis) {
        return millis == 0 ? "never" : Instant.ofEpochMilli(millis).toString();
    }
}
