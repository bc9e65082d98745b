package dev.gramme.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What came of one kind of request. Latencies, in nanoseconds, to three digits, up to an hour, are those of every request that was due in the measured
 * time; the rate is that of the answers that came in it.
 */
final class BenchResult {
    static final long HIGHEST_NANOS = 3_600_000_000_000L;
    static final int DIGITS = 3;

    private final String name;
    private final Histogram latencies = new Histogram(HIGHEST_NANOS, DIGITS);
    private final SortedMap<String, Long> errors = new TreeMap<>();
    private final long measuredNanos;
    private long answeredInTime;

    BenchResult(String name, long measuredNanos) {
        this.name = name;
        this.measuredNanos = measuredNanos;
    }

    void answered(long latencyNanos) {
        latencies.recordValue(Math.min(Math.max(latencyNanos, 0), HIGHEST_NANOS));
    }

    /** An answer came within the measured time, whenever it was due. */
    void inTime() {
        answeredInTime++;
    }

    void failed(String error, long times) {
        errors.merge(error, times, Long::sum);
    }

    boolean isEmpty() {
        return latencies.getTotalCount() == 0 && errors.isEmpty();
    }

    double perSecond() {
        return answeredInTime * 1e9 / measuredNanos;
    }

    long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    static Table header() {
        return new Table()
                .row("REQUEST", "OPS/S", "P50 MS", "P90 MS", "P99 MS", "P99.9 MS", "MAX MS", "ANSWERED", "ERRORS");
    }

    void addTo(Table table) {
        table.row(
                name,
                String.format(Locale.ROOT, "%.0f", perSecond()),
                millis(50),
                millis(90),
                millis(99),
                millis(99.9),
                millis(100),
                latencies.getTotalCount(),
                errors.isEmpty() ? "0" : errors.toString());
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("request", name).put("perSecond", perSecond()).put("answered", latencies.getTotalCount());
        json.put("errors", errorCount());
        if (!errors.isEmpty()) {
            ObjectNode kinds = json.putObject("errorKinds");
            errors.forEach(kinds::put);
        }
        for (double percentile : new double[] {50, 90, 99, 99.9, 100}) {
            String label = percentile == 100
                    ? "maxMicros"
                    : "p" + Double.toString(percentile).replace(".0", "") + "Micros";
            json.put(label, latencies.getValueAtPercentile(percentile) / 1_000);
        }
        return json;
    }

    private String millis(double percentile) {
        return String.format(Locale.ROOT, "%.2f", latencies.getValueAtPercentile(percentile) / 1e6);
    }
}
