package dev.gramme.rest;

import dev.gramme.version.Content;
import dev.gramme.wire.TimeToLive;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is kept beside a value: its content type, the user's metadata in {@code Gramme-Meta-<name>} headers, and when it expires. */
final class ContentHeaders {
    static final String META = "Gramme-Meta-";
    /** Of a put: seconds from now. */
    static final String TTL = "Gramme-Ttl";
    /** Of an answer: the instant, as ISO 8601 has it. */
    static final String EXPIRES = "Gramme-Expires";

    static final String DEFAULT_TYPE = "application/octet-stream";
    static final int MAX_TYPE_CHARACTERS = 255;
    private static final String NEVER = "never";

    private static final SortedMap<String, String> NO_METADATA = Collections.emptySortedMap();

    private ContentHeaders() {}

    /** As the client sent it, unparsed; {@link #DEFAULT_TYPE} if it sent none. */
    static String type(MultiMap headers) {
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        if (type == null || type.isEmpty()) {
            return DEFAULT_TYPE;
        }
        if (type.length() > MAX_TYPE_CHARACTERS) {
            String detail = "Content-Type has " + type.length() + " characters, more than " + MAX_TYPE_CHARACTERS;
            throw Problem.of(ProblemKind.BAD_HEADER, detail).thrown();
        }
        return type;
    }

    /** Names in lower case and without the prefix; a repeated header's values joined by comma, as HTTP has it. */
    static SortedMap<String, String> metadata(MultiMap headers, int maxBytes) {
        SortedMap<String, String> metadata = NO_METADATA;
        int bytes = 0;
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey();
            if (name.regionMatches(true, 0, META, 0, META.length())) {
                if (name.length() == META.length()) {
                    throw Problem.of(ProblemKind.BAD_HEADER, "a " + META + " header without a name")
                            .thrown();
                }
                metadata = metadata.isEmpty() ? new TreeMap<>() : metadata;
                metadata.merge(
                        name.substring(META.length()).toLowerCase(Locale.ROOT),
                        header.getValue(),
                        (first, second) -> first + ", " + second);
                bytes += name.length() - META.length() + header.getValue().length();
            }
        }
        if (bytes > maxBytes) {
            String detail = "the names and values of " + META + "* have " + bytes + " bytes; at most " + maxBytes
                    + " are allowed";
            throw Problem.of(ProblemKind.METADATA_TOO_LARGE, detail).thrown();
        }
        return metadata;
    }

    /** Seconds that the value is to live, see {@link TimeToLive}; {@code never} is for a value that outlives its bucket's. */
    static int ttl(MultiMap headers) {
        List<String> all = headers.getAll(TTL);
        if (all.isEmpty()) {
            return TimeToLive.OF_BUCKET;
        }
        String text = all.getFirst().strip();
        if (all.size() == 1 && text.equalsIgnoreCase(NEVER)) {
            return TimeToLive.UNLIMITED;
        }
        int seconds = all.size() == 1 && text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (seconds < 1 || seconds > TimeToLive.MAX_SECONDS) {
            String detail = TTL + " must be a whole number of seconds from 1 to " + TimeToLive.MAX_SECONDS + ", or "
                    + NEVER + ", not '" + String.join(", ", all) + "'";
            throw Problem.of(ProblemKind.BAD_HEADER, detail)
                    .withOutcome(Problem.FAILED)
                    .thrown();
        }
        return seconds;
    }

    /** A delete has no time to live: who sends one means something else. */
    static void refuseTtl(MultiMap headers) {
        if (headers.contains(TTL)) {
            throw Problem.of(ProblemKind.BAD_HEADER, TTL + " is for values: a delete does not expire")
                    .withOutcome(Problem.FAILED)
                    .thrown();
        }
    }

    static void write(Reply reply, Content content) {
        content.metadata().forEach((name, value) -> reply.header(META + name, value));
        expires(reply, content.expiresMillis());
    }

    /** @param expiresMillis 0 for never */
    static void expires(Reply reply, long expiresMillis) {
        if (expiresMillis != 0) {
            reply.header(EXPIRES, instant(expiresMillis));
        }
    }

    static String instant(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
