package dev.gramme.rest;

import dev.gramme.ring.Key;
import dev.gramme.runtime.LocalNode;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.ClientContext;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.RequestOptions;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collections;
import java.util.function.Function;

/** Writes as HTTP asks for them: with conditions, with and without a context. */
@ApplicationScoped
public class KvWrites {
    private final LocalNode node;
    private final RestLimits limits;
    private final IdempotencyKeys idempotencyKeys;

    public KvWrites(LocalNode node, RestLimits limits, IdempotencyKeys idempotencyKeys) {
        this.node = node;
        this.limits = limits;
        this.idempotencyKeys = idempotencyKeys;
    }

    /** Everything but the body is checked before the body is read: a client that can't succeed need not send it. */
    Uni<Reply> put(HttpServerRequest request, Key key, Bytes idempotencyKey, Reply done) {
        MultiMap headers = request.headers();
        ClientContext seen = ContextHeader.of(headers, key, node.tokens());
        RequestOptions options = RequestParameters.parse(request.query(), node.replicas(), seen.fastest())
                .withTtlSeconds(ContentHeaders.ttl(headers));
        String type = ContentHeaders.type(headers);
        var metadata = ContentHeaders.metadata(headers, limits.metadataBytes());
        Uni<Bytes> body =
                RequestBody.read(request, limits.valueBytes(), limits.bodyMillis(), ProblemKind.VALUE_TOO_LARGE);
        return body.chain(value -> {
            Content content = new Content(false, value, type, metadata, idempotencyKey);
            PutCommand command = new PutCommand(key, seen.seen(), seen.time(), content, options);
            Function<PutCommand, Uni<Reply>> write = c -> write(c, request.uri(), done);
            return hasCondition(headers) ? afterCheck(command, request, write) : write.apply(command);
        });
    }

    /**
     * With a context: a tombstone in place of what it covers. Without one: what a read at this node finds is what is deleted, as Riak does it; a
     * blind tombstone would only become a sibling of the value it was meant for.
     */
    Uni<Reply> delete(HttpServerRequest request, Key key) {
        MultiMap headers = request.headers();
        ContentHeaders.refuseTtl(headers);
        ClientContext seen = ContextHeader.of(headers, key, node.tokens());
        RequestOptions options = RequestParameters.parse(request.query(), node.replicas(), seen.fastest());
        Bytes idempotencyKey = idempotencyKeys.of(headers.get(IdempotencyKeys.HEADER));
        Content tombstone = new Content(true, Bytes.EMPTY, "", Collections.emptySortedMap(), idempotencyKey);
        PutCommand command = new PutCommand(key, seen.seen(), seen.time(), tombstone, options);
        if (headers.contains(ContextHeader.NAME) && !hasCondition(headers)) {
            return write(command, request.uri(), noContent());
        }
        return afterCheck(
                command,
                request,
                c -> c.seen().isEmpty() ? Uni.createFrom().item(noContent()) : write(c, request.uri(), noContent()));
    }

    static Reply noContent() {
        return Reply.of(204, Reply.Ending.OK);
    }

    private Uni<Reply> write(PutCommand command, String uri, Reply done) {
        return node.put(command).map(outcome -> KvReplies.of(outcome, command, uri, node.tokens(), done));
    }

    private static boolean hasCondition(MultiMap headers) {
        return headers.contains(HttpHeaders.IF_MATCH) || headers.contains(HttpHeaders.IF_NONE_MATCH);
    }

    /** Reads, checks the conditions on what was read, and writes as one who has seen it. Best effort: others may write in between. */
    private Uni<Reply> afterCheck(
            PutCommand command, HttpServerRequest request, Function<PutCommand, Uni<Reply>> write) {
        return node.get(new GetCommand(command.key(), command.options())).chain(outcome -> switch (outcome) {
            case GetOutcome.Failed failed ->
                Uni.createFrom()
                        .item(ProblemReply.of(ProblemReply.of(failed.failure(), failed.detail()), request.uri()));
            case GetOutcome.Read read -> {
                check(read.shown(), request.headers());
                yield write.apply(havingSeen(command, read.versions()));
            }
        });
    }

    /** What had expired was not shown to it and does not count for its conditions, and is replaced all the same. */
    private static PutCommand havingSeen(PutCommand command, VersionSet versions) {
        CausalContext seen = command.seen().join(versions.context());
        long time = Math.max(command.seenTime(), versions.latestTime());
        return new PutCommand(command.key(), seen, time, command.content(), command.options());
    }

    private static void check(VersionSet versions, MultiMap headers) {
        boolean exists = !KvReplies.isDeleted(versions);
        String tag = exists ? EntityTag.of(versions.siblings()) : "none";
        String ifMatch = headers.get(HttpHeaders.IF_MATCH);
        if (ifMatch != null && !(exists && EntityTag.names(ifMatch, tag))) {
            throw failed("If-Match " + ifMatch, tag);
        }
        String ifNoneMatch = headers.get(HttpHeaders.IF_NONE_MATCH);
        if (ifNoneMatch != null && exists && EntityTag.names(ifNoneMatch, tag)) {
            throw failed("If-None-Match " + ifNoneMatch, tag);
        }
    }

    private static ProblemException failed(String condition, String tag) {
        return Problem.of(ProblemKind.PRECONDITION_FAILED, condition + " asked for; the key's ETag is " + tag)
                .withOutcome(Problem.FAILED)
                .thrown();
    }
}
