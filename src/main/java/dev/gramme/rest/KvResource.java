package dev.gramme.rest;

import dev.gramme.ring.Key;
import dev.gramme.runtime.LocalNode;
import dev.gramme.version.Bytes;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.RequestOptions;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Keys and their values. */
@Path("/v1/kv/{bucket}")
@Produces(MediaType.WILDCARD)
public class KvResource {
    private final LocalNode node;
    private final Requests requests;
    private final KvWrites writes;
    private final IdempotencyKeys idempotencyKeys;

    public KvResource(LocalNode node, Requests requests, KvWrites writes, IdempotencyKeys idempotencyKeys) {
        this.node = node;
        this.requests = requests;
        this.writes = writes;
        this.idempotencyKeys = idempotencyKeys;
    }

    @GET
    @Path("{key}")
    public Uni<Reply> get(@Context RoutingContext http) {
        return requests.run(Operation.GET, http, () -> read(http));
    }

    @HEAD
    @Path("{key}")
    public Uni<Response> head(@Context RoutingContext http) {
        return requests.run(Operation.HEAD, http, () -> read(http))
                .map(reply -> reply.withoutBody().toResponse());
    }

    @PUT
    @Path("{key}")
    public Uni<Reply> put(@Context RoutingContext http) {
        return requests.run(Operation.PUT, http, () -> {
            Key key = KeyRoutes.of(http).key();
            Bytes idempotencyKey = idempotencyKeys.of(http.request().getHeader(IdempotencyKeys.HEADER));
            return writes.put(http.request(), key, idempotencyKey, KvWrites.noContent());
        });
    }

    @DELETE
    @Path("{key}")
    public Uni<Reply> delete(@Context RoutingContext http) {
        return requests.run(
                Operation.DELETE,
                http,
                () -> writes.delete(http.request(), KeyRoutes.of(http).key()));
    }

    @POST
    public Uni<Reply> post(@Context RoutingContext http) {
        return requests.run(Operation.POST, http, () -> {
            String bucket = KeyRoutes.of(http).bucket();
            Bytes idempotencyKey = idempotencyKeys.of(http.request().getHeader(IdempotencyKeys.HEADER));
            String name = IdempotencyKeys.nameFor(bucket, idempotencyKey);
            Reply created = Reply.of(201, Reply.Ending.OK).header("Location", KeyPath.KV + bucket + '/' + name);
            return writes.put(http.request(), Key.of(bucket, name), idempotencyKey, created);
        });
    }

    private Uni<Reply> read(RoutingContext http) {
        HttpServerRequest request = http.request();
        Key key = KeyRoutes.of(http).key();
        RequestOptions options = RequestParameters.parse(request.query(), node.replicas(), null);
        KvReplies.Asked asked = new KvReplies.Asked(
                key,
                request.uri(),
                request.getHeader(HttpHeaders.IF_NONE_MATCH),
                request.getHeader(HttpHeaders.ACCEPT));
        return node.get(new GetCommand(key, options)).map(outcome -> KvReplies.of(outcome, asked, node.tokens()));
    }
}
