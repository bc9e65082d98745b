package dev.gramme.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;

/** The figures of one join, as one table. */
final class JoinReport {
    private static final int PARTITIONS = 256;
    private static final double MEGABYTE = 1e6;

    private final BulkValues values;
    private final Map<String, String> rows = new LinkedHashMap<>();
    private final Map<String, Duration> phases = new LinkedHashMap<>();
    private long leastBytes;
    private long receivedBytes;
    private Duration received = Duration.ZERO;
    private Duration took = Duration.ZERO;
    private int wrong;

    JoinReport(BulkValues values) {
        this.values = values;
    }

    void loaded(Duration time) {
        row(
                "values written",
                "%d, %s in all, in %.0f s",
                values.count(),
                megabytes(values.totalBytes()),
                seconds(time));
    }

    void planned(JsonNode plan, JsonNode status) {
        row("held by each before, as they say", "%s", stored(status));
        leastBytes = plan.path("leastMoves").asLong() * values.totalBytes() / PARTITIONS;
        row(
                "partitions to move",
                "%d; the least possible %d",
                plan.path("moves").asInt(),
                plan.path("leastMoves").asInt());
        row("least possible bytes", "%s of values", megabytes(leastBytes));
    }

    private static String stored(JsonNode status) {
        StringBuilder all = new StringBuilder();
        for (JsonNode member : status.path("members")) {
            all.append(all.isEmpty() ? "" : ", ")
                    .append(member.path("id").asText())
                    .append(' ')
                    .append(megabytes(member.path("storedBytes").asLong()));
        }
        return all.toString();
    }

    /** While it goes on, as the joining node sees it. */
    void watch(Duration since, JsonNode status, String joining) {
        for (JsonNode member : status.path("change").path("members")) {
            if (member.path("id").asText().equals(joining)) {
                phases.putIfAbsent(member.path("phase").asText(), since);
                long bytes = member.path("receivedBytes").asLong();
                if (bytes > receivedBytes) {
                    receivedBytes = bytes;
                    received = since;
                }
            }
        }
    }

    void settled(Duration time) {
        took = time;
        row("time from commit until all go by the new ring", "%.1f s", seconds(time));
        StringBuilder seen = new StringBuilder();
        phases.forEach((phase, since) -> seen.append(
                String.format(Locale.ROOT, "%s%s %.1f s", seen.isEmpty() ? "" : ", ", phase, seconds(since))));
        row("the new node's phases, first seen", "%s", seen);
    }

    /** @param foreground what the clients' requests alone would have caused in the same time */
    void moved(Traffic during, Traffic foreground) {
        row("states pulled by the new node", "%s: %s", megabytes(receivedBytes), ofLeast(receivedBytes));
        row("rate while it pulled", "%s a second", megabytes((long)
                (receivedBytes / Math.max(0.001, seconds(received)))));
        row("received by the new node over its bridge", "%s", megabytes(during.received()));
        row(
                "sent by the five over their bridges",
                "%s in %d messages, of which the light load about %s; the rest is %s",
                megabytes(during.bytes()),
                during.messages(),
                megabytes(foreground.bytes()),
                ofLeast(during.bytes() - foreground.bytes()));
        row("values moved a second, commit to end", "%s", megabytes((long)
                (leastBytes / Math.max(0.001, seconds(took)))));
    }

    private String ofLeast(long bytes) {
        return String.format(Locale.ROOT, "%.3f times the least possible", (double) bytes / Math.max(1, leastBytes));
    }

    void gained(SortedSet<Integer> partitions, JsonNode status) {
        row(
                "bytes of the values in the %d partitions gained".formatted(partitions.size()),
                "%s",
                megabytes(values.bytesIn(partitions, PARTITIONS)));
        row("held by each after, as they say", "%s", stored(status));
    }

    void readBack(int sample, int wrongOnes) {
        wrong = wrongOnes;
        row("values read back", "%d, of them wrong %d", sample, wrongOnes);
    }

    int wrong() {
        return wrong;
    }

    private void row(String what, String format, Object... arguments) {
        rows.put(what, String.format(Locale.ROOT, format, arguments));
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / MEGABYTE);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    String table() {
        StringBuilder table = new StringBuilder("| a join | |\n|---|---|\n");
        rows.forEach((what, value) ->
                table.append("| ").append(what).append(" | ").append(value).append(" |\n"));
        return table.toString();
    }
}
