package dev.gramme.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Quorum and deadline of one request, as query parameters. */
final class RequestFlags {
    private static final int SERVER_TIMEOUT_MILLIS = 5_000;
    private static final int MAX_TIMEOUT_MILLIS = 60_000;
    private static final int SLACK_MILLIS = 3_000;

    /** How long to wait for a node's answer: it answers within its own deadline, if it lives. */
    static final Duration DEFAULT_PATIENCE = Duration.ofMillis(SERVER_TIMEOUT_MILLIS + SLACK_MILLIS);

    @Option(names = "--r", paramLabel = "R", description = "Replies a get waits for (default: the bucket's).")
    private @Nullable Integer r;

    @Option(names = "--w", paramLabel = "W", description = "Replicas a put waits for (default: the bucket's).")
    private @Nullable Integer w;

    @Option(names = "--timeout", paramLabel = "MS", description = "Deadline in milliseconds (default: 5000).")
    private @Nullable Integer timeout;

    @Option(names = "--strict", description = "Only the key's owners count: no fallbacks.")
    private boolean strict;

    Duration patience() {
        return timeout == null || timeout < 0
                ? DEFAULT_PATIENCE
                : Duration.ofMillis(Math.min(timeout, MAX_TIMEOUT_MILLIS) + SLACK_MILLIS);
    }

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
