package dev.gramme.rest;

import dev.gramme.node.BackupAnswer;
import dev.gramme.node.BackupPart;
import dev.gramme.ring.Key;
import dev.gramme.ring.Ring;
import dev.gramme.runtime.LocalNode;
import dev.gramme.version.Bytes;
import dev.gramme.wire.BackupPage;
import dev.gramme.wire.ByteReader;
import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.MalformedException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What this node holds, page by page, for {@code gramme backup}. */
@Path("/v1/backup")
@Produces(MediaType.WILDCARD)
public class BackupResource {
    /** Of an answer that is not complete: what {@code after} is to be for the next page. */
    static final String NEXT = "Gramme-Next";

    /** How old the page may be: gramme restore tells it with the page. */
    static final String STAMP = "Gramme-Stamp";

    /** Up to which stamp the node has collected deletes. */
    static final String EPOCH = "Gramme-Epoch";

    /** How old a backup that all members give now is. */
    static final String DATED = "Gramme-Dated";

    static final String OCTETS = "application/octet-stream";
    private static final Set<String> PARAMETERS = Set.of("part", "after");
    private static final int MAX_PARTITION_DIGITS = 6;

    private final LocalNode node;
    private final Requests requests;

    public BackupResource(LocalNode node, Requests requests) {
        this.node = node;
        this.requests = requests;
    }

    @GET
    public Uni<Reply> whatThereIs(@Context RoutingContext http) {
        return requests.run(Operation.BACKUP, http, () -> Uni.createFrom().item(() -> Reply.json(200, overview())));
    }

    private JsonObject overview() {
        Ring ring = node.view().topology().settled();
        JsonArray owns = new JsonArray();
        for (int partition = 0; partition < ring.partitions(); partition++) {
            if (ring.owns(node.id(), partition)) {
                owns.add(partition);
            }
        }
        JsonArray buckets = new JsonArray();
        node.buckets().values().forEach(properties -> buckets.add(BucketResource.json(properties, node.replicas())));
        JsonObject stamps = new JsonObject();
        node.promises().forEach((partition, stamp) -> stamps.put(partition.toString(), stamp));
        return new JsonObject()
                .put("cluster", node.clusterName())
                .put("node", node.id().name())
                .put("hash", "MD5")
                .put("partitions", ring.partitions())
                .put("replicas", node.replicas())
                .put("ringVersion", ring.version())
                .put("format", BackupPage.FORMAT)
                .put(
                        "hints",
                        node.hints().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                .put("stamps", stamps)
                .put("owns", owns)
                .put("buckets", buckets);
    }

    @GET
    @Path("{partition}")
    public Uni<Reply> page(@PathParam("partition") String number, @Context RoutingContext http) {
        return requests.run(Operation.BACKUP, http, () -> {
            int partition = partition(number);
            refuseUnknown(http.queryParams().names());
            BackupPart part = part(http.queryParams().get("part"));
            Key after = after(http.queryParams().get("after"));
            return node.backUp(partition, part, after).map(answer -> reply(answer, part, partition));
        });
    }

    private Reply reply(BackupAnswer answer, BackupPart part, int partition) {
        switch (answer.status()) {
            case OK -> {
                BackupPage page = answer.page();
                Reply reply = Reply.of(200, Reply.Ending.OK)
                        .body(OCTETS, page.encode())
                        .header(STAMP, Long.toString(answer.stamp()))
                        .header(EPOCH, Long.toString(answer.epoch()))
                        .header(DATED, Long.toString(answer.dated()));
                if (!page.complete() && part != BackupPart.HINTS) {
                    reply.header(NEXT, cursor(page.records().getLast().key()));
                }
                return reply;
            }
            case STORAGE_BROKEN ->
                throw Problem.of(
                                ProblemKind.STORAGE_BROKEN,
                                "the store of partition " + partition + " at " + node.id() + " can't be read")
                        .thrown();
            case LACKING ->
                throw Problem.of(
                                ProblemKind.PARTITION_LACKING,
                                node.id() + " may have lost some of what it held of partition " + partition)
                        .thrown();
            default ->
                throw Problem.of(
                                ProblemKind.NOT_OWNER,
                                node.id() + " does not own partition " + partition + " by ring "
                                        + node.view().topology().settled().version())
                        .thrown();
        }
    }

    private int partition(String number) {
        int partitions = node.view().topology().settled().partitions();
        return number.length() > MAX_PARTITION_DIGITS
                ? RequestParameters.number("the partition", "?", 0, partitions - 1)
                : RequestParameters.number("the partition", number, 0, partitions - 1);
    }

    private static void refuseUnknown(Set<String> names) {
        for (String name : names) {
            if (!PARAMETERS.contains(name)) {
                throw wrong("there is no parameter '" + name + "'; known are part and after");
            }
        }
    }

    private static BackupPart part(@Nullable String name) {
        if (name == null) {
            return BackupPart.STATES;
        }
        for (BackupPart part : BackupPart.values()) {
            if (part.name().toLowerCase(Locale.ROOT).equals(name)) {
                return part;
            }
        }
        throw wrong("part must be states, digests or hints, not '" + name + "'");
    }

    private static @Nullable Key after(@Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        try {
            ByteReader in = new ByteReader(Bytes.of(Base64.getUrlDecoder().decode(cursor)));
            Key key = new Key(in.text("bucket"), in.bytes("key"));
            in.end("a place");
            return key;
        } catch (MalformedException | IllegalArgumentException e) {
            throw wrong("after must be what " + NEXT + " of the page before said: " + e.getMessage());
        }
    }

    private static String cursor(Key key) {
        ByteWriter out = new ByteWriter(key.name().size() + key.bucket().length() + 8);
        out.text(key.bucket()).bytes(key.name());
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(out.toBytes().array());
    }

    private static ProblemException wrong(String detail) {
        return Problem.of(ProblemKind.BAD_PARAMETER, detail).thrown();
    }
}
