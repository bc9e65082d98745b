package dev.gramme.rest;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.runtime.LocalNode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.SortedMap;

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
        return requests.run(Operation.CLUSTER, http, () -> Uni.createFrom().item(Reply.json(200, members())));
    }

    @GET
    @Path("ring")
    public Uni<Reply> ring(@Context RoutingContext http) {
        return requests.run(Operation.CLUSTER, http, () -> Uni.createFrom().item(Reply.json(200, ring())));
    }

    private JsonObject members() {
        SortedMap<NodeId, Long> hints = node.hints();
        JsonArray members = new JsonArray();
        for (LocalNode.MemberStatus member : node.members()) {
            members.add(new JsonObject()
                    .put("id", member.id().name())
                    .put("zone", member.zone())
                    .put("weight", member.weight())
                    .put("bridge", member.bridge())
                    .put("http", member.http())
                    .put("liveness", member.liveness())
                    .put("writable", member.writable())
                    .put("lastHeardMillis", member.lastHeardMillis())
                    .put("partitions", member.partitions())
                    .put("hints", hints.getOrDefault(member.id(), 0L)));
        }
        return new JsonObject()
                .put("cluster", node.clusterName())
                .put("seenBy", node.id().name())
                .put("members", members);
    }

    private JsonObject ring() {
        Ring ring = node.view().ring();
        JsonArray partitions = new JsonArray();
        for (int partition = 0; partition < ring.partitions(); partition++) {
            List<NodeId> owners = ring.owners(partition);
            JsonArray names = new JsonArray();
            owners.forEach(owner -> names.add(owner.name()));
            partitions.add(names);
        }
        return new JsonObject()
                .put("version", ring.version())
                .put("replicas", ring.replicas())
                .put("partitions", ring.partitions())
                .put("owners", partitions);
    }
}
