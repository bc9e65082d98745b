package dev.gramme.rest;

import dev.gramme.runtime.LocalNode;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** Anti-entropy: what the exchanges of this node with other owners have come to, and the wish for some now. */
@Path("/v1/cluster/repair")
@Produces(MediaType.WILDCARD)
public class RepairResource {
    static final String PATH = "/v1/cluster/repair";

    private static final String BUCKET = "bucket=";

    private final LocalNode node;
    private final Requests requests;

    public RepairResource(LocalNode node, Requests requests) {
        this.node = node;
        this.requests = requests;
    }

    @GET
    public Uni<Reply> shown(@Context RoutingContext http) {
        return requests.run(
                Operation.CLUSTER,
                http,
                () -> Uni.createFrom()
                        .item(() -> Reply.json(
                                200,
                                RepairJson.all(node.id(), node.repairs())
                                        .put("collection", CollectionJson.all(node.collections())))));
    }

    @POST
    public Uni<Reply> now(@Context RoutingContext http) {
        return requests.run(Operation.CLUSTER_CHANGE, http, () -> {
            String bucket = bucket(http.request().query());
            node.repairNow(bucket);
            return Uni.createFrom().item(Reply.json(202, RepairJson.sum(node.id(), node.repairs())));
        });
    }

    /** An unknown parameter is refused rather than ignored: all buckets would be repaired where one was meant. */
    private static @Nullable String bucket(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return null;
        }
        if (!query.startsWith(BUCKET) || query.indexOf('&') >= 0) {
            throw Problem.of(
                            ProblemKind.BAD_PARAMETER,
                            "a repair takes no parameter but one bucket (?bucket=NAME), not '" + query + "'")
                    .withOutcome(Problem.FAILED)
                    .thrown();
        }
        return KeyPath.bucket(query.substring(BUCKET.length()));
    }
}
