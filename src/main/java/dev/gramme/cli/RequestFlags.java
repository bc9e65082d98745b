package dev.gramme.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Quorum and deadline of one request, as query parameters. */
final class RequestFlags {
    @Option(names = "--r", paramLabel = "R", description = "Replies a get waits for (default: the bucket's).")
    private @Nullable Integer r;

    @Option(names = "--w", paramLabel = "W", description = "Replicas a put waits for (default: the bucket's).")
    private @Nullable Integer w;

    @Option(names = "--timeout", paramLabel = "MS", description = "Deadline in milliseconds.")
    private @Nullable Integer timeout;

    @Option(names = "--strict", description = "Only the key's owners count: no fallbacks.")
    private boolean strict;

    String query() {
        StringBuilder query = new StringBuilder();
        append(query, "r", r);
        append(query, "w", w);
        append(query, "timeout", timeout);
        append(query, "quorum", strict ? "strict" : null);
        return query.toString();
    }

    private static void append(StringBuilder query, String name, @Nullable Object value) {
        if (value != null) {
            query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(value);
        }
    }
}
