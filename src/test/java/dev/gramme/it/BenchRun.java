package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.awaitility.Awaitility;

/** {@code gramme bench} as a process of its own beside a test, whose latencies by second are cut into periods afterwards. */
final class BenchRun implements AutoCloseable {
    private static final long HIGHEST_NANOS = 3_600_000_000_000L;
    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * @param fromMillis since the epoch
     * @param before what its p99 is a multiple of
     */
    private record Period(String name, long fromMillis, String before) {}

    private final Process process;
    private final Path log;
    private final Path output;
    private final List<Period> periods = new ArrayList<>();

    private BenchRun(Process process, Path log, Path output) {
        this.process = process;
        this.log = log;
        this.output = output;
    }

    static BenchRun start(Path directory, String urls, String... flags) throws IOException {
        Path log = directory.resolve("latencies.hlog");
        Path output = directory.resolve("bench.txt");
        List<String> command =
                new ArrayList<>(Program.command("bench", "--url", urls, "--latency-log", log.toString()));
        command.addAll(List.of(flags));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        return new BenchRun(process, log, output);
    }

    /** Until its keys are put, and requests are logged. */
    void awaitMeasured(Duration patience) {
        Awaitility.await("bench measures").atMost(patience).until(() -> {
            assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
            return Files.exists(log) && Files.readString(log).contains("Tag=");
        });
    }

    /** What is answered from now on belongs to another period. */
    void period(String name) {
        period(name, name);
    }

    /**
     * A change begins.
     *
     * @param before the period, with the same processes, that it is compared with
     */
    void period(String name, String before) {
        periods.add(new Period(name, System.currentTimeMillis(), before));
    }

    void awaitSeconds(int seconds) {
        long from = periods.getLast().fromMillis();
        Awaitility.await(seconds + " s of load")
                .atMost(Duration.ofSeconds(seconds + 30L))
                .until(() -> System.currentTimeMillis() - from >= seconds * 1_000L);
    }

    /** Until it has ended by itself. */
    void awaitEnd(Duration patience) throws InterruptedException {
        assertThat(process.waitFor(patience.toSeconds(), TimeUnit.SECONDS))
                .as("bench ends")
                .isTrue();
    }

    /** No request may have failed, but for those that a repeat clears: this client repeats none. */
    void assertOnlyRepeatable() throws IOException {
        assertThat(Files.readString(output))
                .contains("operations a second in all")
                .doesNotContainPattern("HTTP (?!503)");
    }

    /**
     * A row a period: latencies in ms, p99 also as a multiple of what it was before (of the period that it was given, and of the first of all), and of bench itself over all.
     */
    String table() throws IOException {
        StringBuilder table = new StringBuilder("| period | seconds | puts: n | p50 | p99 | p99.9 | max | x before"
                + " | x first | gets: n | p50 | p99 | p99.9 | max | x before | x first |\n"
                + "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        String first = periods.getFirst().name();
        for (int i = 0; i < periods.size(); i++) {
            String name = periods.get(i).name();
            String before = periods.get(i).before();
            String seconds = i + 1 < periods.size()
                    ? String.format(
                            Locale.ROOT,
                            "%.1f",
                            (periods.get(i + 1).fromMillis() - periods.get(i).fromMillis()) / 1e3)
                    : "";
            table.append("| ").append(name).append(" | ").append(seconds);
            for (String tag : List.of("put", "get")) {
                table.append(cells(of(tag, name), p99(of(tag, before)), p99(of(tag, first))));
            }
            table.append(" |\n");
        }
        return table.append('\n').append(Files.readString(output)).toString();
    }

    /** Beside the figures of that name: what happened in which second. */
    void keepLog(String name) throws IOException {
        Figures.keep(log, name + ".hlog");
    }

    private static String cells(Histogram h, double before, double first) {
        return String.format(
                Locale.ROOT,
                " | %d | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f",
                h.getTotalCount(),
                h.getValueAtPercentile(50) / NANOS_PER_MILLI,
                p99(h),
                h.getValueAtPercentile(99.9) / NANOS_PER_MILLI,
                h.getMaxValue() / NANOS_PER_MILLI,
                p99(h) / before,
                p99(h) / first);
    }

    private static double p99(Histogram h) {
        return h.getValueAtPercentile(99) / NANOS_PER_MILLI;
    }

    /** Seconds that ended or began in the period. */
    private Histogram of(String tag, String name) throws IOException {
        int at = 0;
        while (!periods.get(at).name().equals(name)) {
            at++;
        }
        long from = periods.get(at).fromMillis();
        long to = at + 1 < periods.size() ? periods.get(at + 1).fromMillis() : Long.MAX_VALUE;
        Histogram sum = new Histogram(HIGHEST_NANOS, 3);
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            while (reader.hasNext()) {
                if (reader.nextIntervalHistogram() instanceof Histogram second
                        && tag.equals(second.getTag())
                        && second.getEndTimeStamp() > from
                        && second.getStartTimeStamp() < to) {
                    sum.add(second);
                }
            }
        }
        return sum;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
