package dev.gramme.rest;

import dev.gramme.version.Content;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is kept beside a value: its content type, and the user's metadata in {@code Gramme-Meta-<name>} headers. */
final class ContentHeaders {
    static final String META = "Gramme-Meta-";
    static final String DEFAULT_TYPE = "application/octet-stream";
    static final int MAX_TYPE_CHARACTERS = 255;

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

    static void write(Reply reply, Content content) {
        content.metadata().forEach((name, value) -> reply.header(META + name, value));
    }
}
