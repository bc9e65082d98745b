package dev.gramme.cli;

import java.net.URI;
import java.util.List;

/**
 * What a benchmark does.
 *
 * @param targets nodes, asked in turn
 * @param reads share of requests that are gets, 0 to 1
 * @param concurrency requests under way in a closed loop; the most under way in an open one
 * @param ratePerSecond 0 for a closed loop (the next request when one is answered); else an open one: requests start at this rate whatever the
 *     answers do, and latency counts from when a request was due, so that a stall is seen in full (no coordinated omission)
 * @param window warm-up and measured time
 * @param query of each request, with its question mark
 * @param echo ask the echo endpoint instead of a key
 */
record BenchPlan(
        List<URI> targets,
        String bucket,
        KeyChooser chooser,
        int valueBytes,
        double reads,
        int concurrency,
        int ratePerSecond,
        Window window,
        String query,
        boolean echo,
        long seed) {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Both in nanoseconds. */
    record Window(long warmupNanos, long measuredNanos) {}

    int keys() {
        return chooser.keys();
    }

    BenchPlan asEcho() {
        return new BenchPlan(
                targets, bucket, chooser, valueBytes, 1, concurrency, ratePerSecond, window, "", true, seed);
    }

    String path(int key) {
        return echo ? "/v1/echo?bytes=" + valueBytes : "/v1/kv/" + KeyArguments.encode(bucket) + "/key-" + key + query;
    }

    /** When the n-th request of an open loop is due, in nanoseconds after the start. */
    long dueNanos(long n) {
        return n / ratePerSecond * NANOS_PER_SECOND + n % ratePerSecond * NANOS_PER_SECOND / ratePerSecond;
    }

    /** How many requests of an open loop are due in its first {@code nanos}. */
    long dueBefore(long nanos) {
        long count =
                nanos / NANOS_PER_SECOND * ratePerSecond + nanos % NANOS_PER_SECOND * ratePerSecond / NANOS_PER_SECOND;
        return dueNanos(count) < nanos ? count + 1 : count;
    }
}
