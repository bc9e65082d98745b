package dev.gramme.it;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What clients saw during a part of a test: latencies from when a request was due until it had succeeded, with all its repeats. */
final class LoadPeriod {
    private static final int DIGITS = 3;
    private static final double P99 = 99;

    private final String name;
    private final long began = System.nanoTime();
    private volatile long ended;
    private final Histogram puts = new ConcurrentHistogram(DIGITS);
    private final Histogram gets = new ConcurrentHistogram(DIGITS);
    private final AtomicInteger longestRun = new AtomicInteger();
    private final Map<String, LongAdder> repeats = new ConcurrentSkipListMap<>();

    LoadPeriod(String name) {
        this.name = name;
    }

    void put(Duration latency) {
        puts.recordValue(latency.toNanos() / 1_000);
    }

    void get(Duration latency) {
        gets.recordValue(latency.toNanos() / 1_000);
    }

    /**
     * A request has to be made again.
     *
     * @param before so many times it was made again before
     */
    void repeat(int before, String reason) {
        repeats.computeIfAbsent(reason, ignored -> new LongAdder()).increment();
        longestRun.accumulateAndGet(before + 1, Math::max);
    }

    /** The most repeats that any request needed. */
    int longestRun() {
        return longestRun.get();
    }

    void end() {
        ended = System.nanoTime();
    }

    long operations() {
        return puts.getTotalCount() + gets.getTotalCount();
    }

    Map<String, LongAdder> repeats() {
        return repeats;
    }

    /** In milliseconds. */
    double putP99() {
        return puts.getValueAtPercentile(P99) / 1_000.0;
    }

    /** In milliseconds. */
    double getP99() {
        return gets.getValueAtPercentile(P99) / 1_000.0;
    }

    static String header() {
        return "| period | seconds | requests | puts: p50 | p99 | p99.9 | max | gets: p50 | p99 | p99.9 | max | repeated |\n"
                + "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    }

    /** Latencies in milliseconds. */
    String row() {
        double seconds = ((ended == 0 ? System.nanoTime() : ended) - began) / 1e9;
        return String.format(
                Locale.ROOT,
                "| %s | %.1f | %d %s%s | %s |%n",
                name,
                seconds,
                operations(),
                of(puts),
                of(gets),
                repeats.isEmpty() ? "none" : repeats + ", at most " + longestRun + " for one request");
    }

    private static String of(Histogram histogram) {
        return String.format(
                Locale.ROOT,
                "| %.1f | %.1f | %.1f | %.1f ",
                histogram.getValueAtPercentile(50) / 1e3,
                histogram.getValueAtPercentile(P99) / 1e3,
                histogram.getValueAtPercentile(99.9) / 1e3,
                histogram.getMaxValue() / 1e3);
    }
}
