package dev.gramme.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Latencies second by second, in the interval log of HdrHistogram, which its tools plot and cut into periods: a line per second and kind of request, tagged {@code get} or
 * {@code put}, in nanoseconds to three digits. A request counts in the second in which it was answered. Not thread-safe.
 */
final class LatencyLog implements AutoCloseable {
    static final int INTERVAL_MILLIS = 1_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private final PrintStream out;
    private final HistogramLogWriter writer;
    private final Histogram gets = empty();
    private final Histogram puts = empty();

    /** @throws IOException the file can't be written */
    LatencyLog(Path file, long nowMillis) throws IOException {
        out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
        writer = new HistogramLogWriter(out);
        writer.outputComment("[Latencies of gramme bench, by second]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(nowMillis);
        writer.outputLegend();
    }

    private static Histogram empty() {
        return new Histogram(BenchResult.HIGHEST_NANOS, BenchResult.DIGITS);
    }

    void answered(boolean get, long latencyNanos) {
        (get ? gets : puts).recordValue(Math.clamp(latencyNanos, 0, BenchResult.HIGHEST_NANOS));
    }

    /** Writes the interval that ends now, and begins the next. */
    void next(long nowMillis) {
        write(gets, nowMillis);
        write(puts, nowMillis);
        out.flush();
        begin(nowMillis);
    }

    private void write(Histogram histogram, long nowMillis) {
        histogram.setEndTimeStamp(nowMillis);
        writer.outputIntervalHistogram(
                histogram.getStartTimeStamp() / 1_000.0, nowMillis / 1_000.0, histogram, NANOS_PER_MILLI);
    }

    /** An interval begins now. */
    void begin(long nowMillis) {
        begin(gets, "get", nowMillis);
        begin(puts, "put", nowMillis);
    }

    private static void begin(Histogram histogram, String tag, long nowMillis) {
        histogram.reset();
        histogram.setTag(tag);
        histogram.setStartTimeStamp(nowMillis);
    }

    /** Whether all of it could be written. */
    boolean isWhole() {
        return !out.checkError();
    }

    @Override
    public void close() {
        out.close();
    }
}
