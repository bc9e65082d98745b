package dev.gramme.it;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The figures of one rebuilding, as one table. */
final class RebuildReport {
    private static final double MEGABYTE = 1e6;
    private static final double NANOS = 1e9;

    private final Map<String, String> rows = new LinkedHashMap<>();
    private final String pace;
    private long first = -1;
    private Duration half = Duration.ZERO;
    private double copySeconds;

    RebuildReport(String pace, BulkValues values) {
        this.pace = pace;
        row("values", "%d, %.1f MB in all", values.count(), values.totalBytes() / MEGABYTE);
    }

    /** What it held before it was wiped. */
    void held(Copied copied) {
        copySeconds = seconds(copied.took());
        row(
                "files of the wiped node, and a raw copy of them, each forced",
                "%.1f MB in %.1f s",
                copied.bytes() / MEGABYTE,
                copySeconds);
    }

    /**
     * While it goes on: what the wiped node says of itself.
     *
     * @param left comparisons with other owners that are still to come
     * @param lacking partitions that it lacks something of
     */
    void watch(Duration since, long left, long lacking, String metrics) {
        if (first < 0) {
            first = left;
            row("when it was ready", "%d comparisons to come, %d partitions lacking", left, lacking);
        }
        if (half.isZero() && left <= first / 2) {
            half = since;
        }
        row(
                "received over its bridge, from its start",
                "%.1f MB, of exchanges %.1f MB; keys repaired %d",
                Traffic.value(metrics, "gramme_bridge_received_bytes_total") / MEGABYTE,
                Traffic.value(metrics, "gramme_repair_bytes_total") / MEGABYTE,
                Traffic.value(metrics, "gramme_repair_keys_here_total"));
    }

    void whole(Duration time) {
        row(
                "from ready until whole",
                "%.1f s (half of the comparisons after %.1f s): %.1f times the raw copy",
                seconds(time),
                seconds(half),
                seconds(time) / copySeconds);
    }

    void atWiped(int asked, int missing) {
        row("values it owns that it alone was asked for", "%d, of them missing %d", asked, missing);
    }

    void felt(LoadPeriod before, LoadPeriod during, Load load) {
        row(
                "p99 while it is rebuilt, beside before",
                "puts %.1f ms, %.2f times; gets %.1f ms, %.2f times",
                during.putP99(),
                during.putP99() / before.putP99(),
                during.getP99(),
                during.getP99() / before.getP99());
        row("wrong reads", "%d", load.lost());
    }

    private void row(String what, String format, Object... arguments) {
        rows.put(what, String.format(Locale.ROOT, format, arguments));
    }

    private static double seconds(Duration time) {
        return time.toNanos() / NANOS;
    }

    String table() {
        StringBuilder table =
                new StringBuilder("| one of five nodes wiped, --background-pace=" + pace + " | |\n|---|---|\n");
        rows.forEach((what, value) ->
                table.append("| ").append(what).append(" | ").append(value).append(" |\n"));
        return table.toString();
    }
}
