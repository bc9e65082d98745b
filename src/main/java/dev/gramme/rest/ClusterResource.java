package dev.gramme.rest;

import dev.gramme.node.ClusterCommand;
import dev.gramme.runtime.LocalNode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Supplier;

/** The cluster as this node sees it. */
@Path("/v1/cluster")
@Produces(MediaType.WILDCARD)
public class ClusterResource {
    private final LocalNode node;
    private final Requests requests;

    public ClusterResource(LocalNode node, Requests requests) {
        this.node = node;
        this.requests = requests;
    }

    @GET
    @Path("members")
    public Uni<Reply> members(@Context RoutingContext http) {
        return answer(http, () -> new ClusterJson(node).members());
    }

    @GET
    @Path("status")
    public Uni<Reply> status(@Context RoutingContext http) {
        return answer(http, () -> new ClusterJson(node).status());
    }

    @GET
    @Path("ring")
    public Uni<Reply> ring(@Context RoutingContext http) {
        return answer(http, () -> RingJson.of(node.view().topology()));
    }

    @GET
    @Path("plan")
    public Uni<Reply> plan(@Context RoutingContext http) {
        return requests.run(
                Operation.CLUSTER,
                http,
                () -> node.administer(new ClusterCommand.Plan()).map(ClusterReplies::plan));
    }

    private Uni<Reply> answer(RoutingContext http, Supplier<JsonObject> json) {
        return requests.run(Operation.CLUSTER, http, () -> Uni.createFrom().item(() -> Reply.json(200, json.get())));
    }
}
