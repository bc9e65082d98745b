package dev.gramme.rest;

import dev.gramme.node.RestoreOutcome;
import dev.gramme.ring.Key;
import dev.gramme.runtime.LocalNode;
import dev.gramme.version.Bytes;
import dev.gramme.wire.BackupPage;
import dev.gramme.wire.MalformedException;
import dev.gramme.wire.Message;
import dev.gramme.wire.Stamps;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.regex.Pattern;

/** Takes back pages of a backup, from {@code gramme restore}. Nothing of a page is taken that is not right as a whole. */
@Path("/v1/restore")
@Produces(MediaType.WILDCARD)
public class RestoreResource {
    /** A page: what a backup reads at once, and one state of the largest kind beyond it. */
    static final int MAX_PAGE_BYTES = 16 << 20;
    /** So many digits fit in a long, and are more than a cluster ever counts to. */
    private static final Pattern STAMP = Pattern.compile("[0-9]{1,18}");
    /** In place of a stamp: what was deleted and forgotten since is to come back. */
    private static final String ANY = "any";

    private final LocalNode node;
    private final Requests requests;
    private final RestLimits limits;

    public RestoreResource(LocalNode node, Requests requests, RestLimits limits) {
        this.node = node;
        this.requests = requests;
        this.limits = limits;
    }

    @POST
    public Uni<Reply> restore(@Context RoutingContext http) {
        return requests.run(Operation.RESTORE, http, () -> {
            long stamp = stamp(http);
            return RequestBody.read(http.request(), MAX_PAGE_BYTES, limits.bodyMillis(), ProblemKind.BODY_TOO_LARGE)
                    .map(this::checked)
                    .chain(page -> node.restore(stamp, page.records()).map(outcome -> reply(outcome, page)));
        });
    }

    /** The lowest that the backup's pages of the partition were answered with. Who says none may hold what is older than any delete that was forgotten. */
    private static long stamp(RoutingContext http) {
        for (String name : http.queryParams().names()) {
            if (!name.equals("stamp")) {
                throw wrongParameter("there is no parameter '" + name + "'; known is stamp");
            }
        }
        String text = http.queryParams().get("stamp");
        if (text == null) {
            return 0;
        }
        if (text.equals(ANY)) {
            return Stamps.NOTHING;
        }
        if (!STAMP.matcher(text).matches()) {
            throw wrongParameter("stamp must be a number as " + BackupResource.STAMP + " said, or " + ANY);
        }
        return Long.parseLong(text);
    }

    private static ProblemException wrongParameter(String detail) {
        return Problem.of(ProblemKind.BAD_PARAMETER, detail)
                .withOutcome(Problem.FAILED)
                .thrown();
    }

    private BackupPage checked(Bytes body) {
        BackupPage page;
        try {
            page = BackupPage.decode(body.array());
        } catch (MalformedException e) {
            throw wrong("the body is no page of a backup: " + e.getMessage());
        }
        if (!page.states()) {
            throw wrong("the page has digests only, and no states to restore");
        }
        int number = 0;
        for (Message.RangeEntry each : page.records()) {
            number++;
            check(each.key(), "record " + number + " of " + page.records().size() + ": ");
        }
        return page;
    }

    /** What no client could read or write must not come in by this door. */
    private void check(Key key, String which) {
        if (key.name().size() < 1 || key.name().size() > limits.keyBytes()) {
            throw wrong(
                    which + "its key has " + key.name().size() + " bytes; 1 to " + limits.keyBytes() + " are allowed");
        }
        try {
            KeyPath.bucket(key.bucket());
        } catch (ProblemException e) {
            throw wrong(which + e.problem().detail());
        }
    }

    private static Reply reply(RestoreOutcome outcome, BackupPage page) {
        if (outcome.outdated()) {
            throw Problem.of(ProblemKind.DELETES_FORGOTTEN, outcome.detail()).thrown();
        }
        if (outcome.failure() != null) {
            throw ProblemReply.of(outcome.failure(), outcome.detail()).thrown();
        }
        return Reply.json(200, new JsonObject().put("records", page.records().size()));
    }

    private static ProblemException wrong(String detail) {
        return Problem.of(ProblemKind.BAD_BODY, detail)
                .withHint("Send pages as GET /v1/backup/{partition} answered them; gramme restore does.")
                .withOutcome(Problem.FAILED)
                .thrown();
    }
}
