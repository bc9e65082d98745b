package dev.gramme.rest;

import dev.gramme.node.ClusterAnswer;
import dev.gramme.node.ClusterCommand;
import dev.gramme.node.ClusterSnapshot.MemberState;
import dev.gramme.ring.NodeId;
import dev.gramme.runtime.LocalNode;
import dev.gramme.version.Bytes;
import dev.gramme.wire.StagedChange;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Changes of the ring: staged one by one, seen as a plan, committed together or forgotten. */
@Path("/v1/cluster")
@Produces(MediaType.WILDCARD)
public class RingChangeResource {
    static final Set<String> PATHS = Set.of(
            "/v1/cluster/join",
            "/v1/cluster/leave",
            "/v1/cluster/replace",
            "/v1/cluster/remove",
            "/v1/cluster/weight",
            "/v1/cluster/commit",
            "/v1/cluster/cancel");

    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final String NODE = "node";

    private final LocalNode node;
    private final Requests requests;
    private final RestLimits limits;

    public RingChangeResource(LocalNode node, Requests requests, RestLimits limits) {
        this.node = node;
        this.requests = requests;
        this.limits = limits;
    }

    @POST
    @Path("join")
    public Uni<Reply> join(@Context RoutingContext http) {
        return run(http, Set.of("seeds"), body -> {
            var seeds = body.seeds();
            return node.administer(new ClusterCommand.Join(seeds))
                    .map(answer -> Reply.json(202, ClusterReplies.done(answer).put("seeds", new JsonArray(seeds))));
        });
    }

    @POST
    @Path("leave")
    public Uni<Reply> leave(@Context RoutingContext http) {
        return run(http, Set.of(NODE), body -> {
            NodeId named = body.nodeIfAny(NODE);
            NodeId leaver = known(named == null ? node.id() : named);
            return stage(new ClusterCommand.Stage(StagedChange.Kind.LEAVE, leaver, 0, null));
        });
    }

    @POST
    @Path("replace")
    public Uni<Reply> replace(@Context RoutingContext http) {
        return run(http, Set.of("old", "new"), body -> {
            NodeId old = known(body.node("old"));
            NodeId successor = known(body.node("new"));
            return stage(new ClusterCommand.Stage(StagedChange.Kind.REPLACE, old, 0, successor));
        });
    }

    @POST
    @Path("remove")
    public Uni<Reply> remove(@Context RoutingContext http) {
        return run(http, Set.of(NODE, "force"), body -> {
            NodeId gone = known(body.node(NODE));
            body.requireForce();
            return stage(new ClusterCommand.Stage(StagedChange.Kind.REMOVE, gone, 0, null));
        });
    }

    @POST
    @Path("weight")
    public Uni<Reply> weight(@Context RoutingContext http) {
        return run(http, Set.of(NODE, "weight"), body -> {
            NodeId weighed = known(body.node(NODE));
            return stage(new ClusterCommand.Stage(StagedChange.Kind.WEIGHT, weighed, body.weight(), null));
        });
    }

    @POST
    @Path("commit")
    public Uni<Reply> commit(@Context RoutingContext http) {
        return run(
                http,
                Set.of("plan"),
                body -> node.administer(new ClusterCommand.Commit(body.text("plan")))
                        .map(ClusterReplies::plan));
    }

    @POST
    @Path("cancel")
    public Uni<Reply> cancel(@Context RoutingContext http) {
        return run(
                http,
                Set.of(),
                body -> node.administer(new ClusterCommand.Cancel()).map(answer -> {
                    ClusterReplies.done(answer);
                    return Reply.json(200, new ClusterJson(node).status());
                }));
    }

    /** Answers with the plan of all that is staged. A change that makes no plan is refused, and does not stay staged in the way of the others. */
    private Uni<Reply> stage(ClusterCommand.Stage change) {
        return node.administer(change).chain(staged -> {
            JsonObject done = ClusterReplies.done(staged);
            return done.isEmpty()
                    ? node.administer(new ClusterCommand.Plan()).chain(plan -> planOrNothing(change, plan))
                    : Uni.createFrom().item(Reply.json(200, done));
        });
    }

    private Uni<Reply> planOrNothing(ClusterCommand.Stage change, ClusterAnswer plan) {
        if (plan.error().isEmpty()) {
            return Uni.createFrom().item(ClusterReplies.plan(plan));
        }
        return node.administer(new ClusterCommand.Stage(StagedChange.Kind.NONE, change.node(), 0, null))
                .map(withdrawn -> ClusterReplies.plan(plan));
    }

    private NodeId known(NodeId asked) {
        for (MemberState member : node.cluster().members()) {
            if (member.id().equals(asked)) {
                return asked;
            }
        }
        throw Problem.of(
                        ProblemKind.NO_SUCH_NODE,
                        "no node " + asked + " is known here; known are "
                                + node.cluster().members().stream()
                                        .map(member -> member.id().name())
                                        .toList())
                .withOutcome(Problem.FAILED)
                .thrown();
    }

    private Uni<Reply> run(RoutingContext http, Set<String> fields, Function<ClusterBody, Uni<Reply>> work) {
        return requests.run(Operation.CLUSTER_CHANGE, http, () -> {
            String type = http.request().getHeader(HttpHeaders.CONTENT_TYPE);
            return RequestBody.read(http.request(), MAX_BODY_BYTES, limits.bodyMillis(), ProblemKind.BODY_TOO_LARGE)
                    .chain(body -> {
                        checkType(body, type);
                        return work.apply(ClusterBody.parse(body, fields));
                    });
        });
    }

    /** Clients name some type also where they send nothing. */
    private static void checkType(Bytes body, @Nullable String type) {
        if (body.size() > 0
                && type != null
                && !type.strip().toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw Problem.of(ProblemKind.UNSUPPORTED_TYPE, "what is asked of the ring is application/json, not " + type)
                    .withOutcome(Problem.FAILED)
                    .thrown();
        }
    }
}
