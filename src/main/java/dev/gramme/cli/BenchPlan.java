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
 * @param echo ask the echo endpoint instead of a key
 */
record BenchPlan(
        List<URI> targets,
        String bucket,
        int keys,
        KeyChooser chooser,
        int valueBytes,
        double reads,
        int concurrency,
        int ratePerSecond,
        int warmupSeconds,
        int seconds,
        String query,
        boolean echo,
        long seed) {

    BenchPlan asEcho() {
        return new BenchPlan(
                targets,
                bucket,
                keys,
                chooser,
                valueBytes,
                1,
                concurrency,
                ratePerSecond,
                warmupSeconds,
                seconds,
                "",
                true,
                seed);
    }

    String path(int key) {
        return echo ? "/v1/echo?bytes=" + valueBytes : "/v1/kv/" + bucket + "/key-" + key + query;
    }
}
