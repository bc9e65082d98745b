package dev.gramme.rest;

import dev.gramme.ring.Key;
import dev.gramme.version.HybridLogicalClock;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.ClientContext;
import dev.gramme.wire.ContextToken;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import io.netty.handler.codec.DateFormatter;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Outcomes of reads and writes as answers. */
final class KvReplies {
    static final String SIBLINGS = "Gramme-Siblings";
    static final String ETAG = "ETag";

    private KvReplies() {}

    /** What of a get's request shapes its answer. */
    record Asked(
            Key key,
            String uri,
            @Nullable String ifNoneMatch,
            @Nullable String accept) {}

    static Reply of(GetOutcome outcome, Asked asked, ContextToken tokens) {
        return switch (outcome) {
            case GetOutcome.Failed failed ->
                ProblemReply.of(ProblemReply.of(failed.failure(), failed.detail()), asked.uri());
            case GetOutcome.Read read -> found(read, asked, tokens);
        };
    }

    private static Reply found(GetOutcome.Read read, Asked asked, ContextToken tokens) {
        VersionSet versions = read.versions();
        if (versions.isEmpty()) {
            return ProblemReply.of(neverWritten(asked.key()), asked.uri());
        }
        String context = tokens.encode(
                asked.key(), new ClientContext(versions.context(), versions.latestTime(), read.fastest()));
        VersionSet shown = read.shown();
        if (isDeleted(shown)) {
            boolean expired = shown.siblings().size() < versions.siblings().size();
            Problem gone = Problem.of(ProblemKind.KEY_NOT_FOUND, (expired ? "expired: " : "deleted: ") + asked.key());
            return ProblemReply.of(gone, asked.uri()).header(ContextHeader.NAME, context);
        }
        List<Version> siblings = shown.siblings();
        String tag = EntityTag.of(siblings);
        if (asked.ifNoneMatch() != null && EntityTag.names(asked.ifNoneMatch(), tag)) {
            return Reply.of(304, Reply.Ending.OK)
                    .header(ContextHeader.NAME, context)
                    .header(ETAG, tag);
        }
        Reply reply = siblings.size() == 1
                ? value(siblings.get(0))
                : SiblingsBody.write(asked.key(), siblings, context, asked.accept());
        return reply.header(ContextHeader.NAME, context)
                .header(ETAG, tag)
                .header("Last-Modified", httpDate(shown.latestTime()))
                .header("Cache-Control", "no-cache")
                .header("X-Content-Type-Options", "nosniff");
    }

    private static Reply value(Version version) {
        Reply reply = Reply.of(200, Reply.Ending.OK)
                .body(version.content().contentType(), version.content().value().array());
        ContentHeaders.write(reply, version.content());
        return reply;
    }

    private static Problem neverWritten(Key key) {
        return Problem.of(ProblemKind.KEY_NOT_FOUND, "never written, as far as the replicas asked know: " + key)
                .withHint("Write it with PUT; ask more replicas with r if it should be there.");
    }

    /** Whether all that is left of a key are tombstones. */
    static boolean isDeleted(VersionSet versions) {
        for (Version sibling : versions.siblings()) {
            if (!sibling.content().tombstone()) {
                return false;
            }
        }
        return true;
    }

    static Reply of(PutOutcome outcome, PutCommand command, String uri, ContextToken tokens, Reply done) {
        return switch (outcome) {
            case PutOutcome.Written written -> written(written, command.key(), tokens, done);
            case PutOutcome.Failed failed -> ProblemReply.of(ProblemReply.of(failed.failure(), failed.detail()), uri);
            case PutOutcome.Indeterminate unknown -> ProblemReply.of(indeterminate(unknown, command), uri);
        };
    }

    private static Reply written(PutOutcome.Written written, Key key, ContextToken tokens, Reply done) {
        ClientContext seen = new ClientContext(written.context(), written.time(), written.coordinator());
        done.header(ContextHeader.NAME, tokens.encode(key, seen));
        ContentHeaders.expires(done, written.expiresMillis());
        if (written.siblings() > 1) {
            // No ETag: what a read answers has the other siblings too, and their dots are not known here.
            return done.header(SIBLINGS, Integer.toString(written.siblings()));
        }
        return done.header(ETAG, EntityTag.of(written.dot()));
    }

    private static Problem indeterminate(PutOutcome.Indeterminate unknown, PutCommand command) {
        String detail =
                unknown.detail() + " (" + unknown.acks() + " of " + unknown.needed() + " replicas have acknowledged)";
        return Problem.of(ProblemKind.INDETERMINATE, detail)
                .withOutcome(Problem.INDETERMINATE)
                .withHeader(
                        IdempotencyKeys.HEADER,
                        IdempotencyKeys.header(command.content().idempotencyKey()));
    }

    static String httpDate(long time) {
        return DateFormatter.format(new Date(HybridLogicalClock.millis(time)));
    }
}
