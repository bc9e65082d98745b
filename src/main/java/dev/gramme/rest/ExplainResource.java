package dev.gramme.rest;

import dev.gramme.node.Explanation;
import dev.gramme.ring.Key;
import dev.gramme.runtime.LocalNode;
import dev.gramme.version.Content;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.HexFormat;

/** One key, explained: where it belongs and what each replica holds of it, without the values. */
@Path("/v1/explain/{bucket}/{key}")
@Produces(MediaType.WILDCARD)
public class ExplainResource {
    private final LocalNode node;
    private final Requests requests;

    public ExplainResource(LocalNode node, Requests requests) {
        this.node = node;
        this.requests = requests;
    }

    @GET
    public Uni<Reply> explain(@Context RoutingContext http) {
        return requests.run(Operation.EXPLAIN, http, () -> {
            Key key = KeyRoutes.of(http).key();
            return node.explain(key).map(explanation -> Reply.json(200, json(explanation)));
        });
    }

    private static JsonObject json(Explanation explanation) {
        JsonArray replicas = new JsonArray();
        for (Explanation.Replica replica : explanation.replicas()) {
            JsonObject json = new JsonObject()
                    .put("node", replica.node().name())
                    .put("owner", replica.owner())
                    .put("liveness", replica.liveness())
                    .put("answer", replica.answer());
            if (replica.state() != null) {
                json.put("hinted", replica.hinted()).mergeIn(held(replica.state(), explanation.atMillis()));
            }
            replicas.add(json);
        }
        return SiblingsBody.named(explanation.key())
                .put(
                        "token",
                        HexFormat.of().toHexDigits(explanation.token().high())
                                + HexFormat.of().toHexDigits(explanation.token().low()))
                .put("partition", explanation.partition())
                .put("replicas", replicas)
                .put("merged", held(explanation.merged(), explanation.atMillis()));
    }

    /** The causal context in clear, for people; clients' contexts are opaque. */
    private static JsonObject held(VersionSet state, long atMillis) {
        JsonObject context = new JsonObject();
        for (int i = 0; i < state.context().size(); i++) {
            context.put(
                    Long.toHexString(state.context().actor(i)), state.context().counter(i));
        }
        JsonArray siblings = new JsonArray();
        for (Version version : state.siblings()) {
            Content content = version.content();
            JsonObject sibling = new JsonObject()
                    .put("dot", version.dot().toString())
                    .put("time", SiblingsBody.instant(version).toString())
                    .put("deleted", content.tombstone())
                    .put("contentType", content.contentType())
                    .put("bytes", content.value().size());
            if (content.expiresMillis() != 0) {
                sibling.put("expires", ContentHeaders.instant(content.expiresMillis()))
                        .put("expired", content.isExpired(atMillis));
            }
            siblings.add(sibling);
        }
        return new JsonObject().put("context", context).put("siblings", siblings);
    }
}
