package dev.gramme.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gramme bench}: load on a cluster that runs, and how long its answers took. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Puts load on a running cluster. With --rate an open loop: latency counts from when a request was due.")
final class BenchCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Mixin
    private RequestFlags flags = new RequestFlags();

    @Option(
            names = "--bucket",
            defaultValue = "bench",
            description = "Bucket to write to; it is made last-write-wins (default: ${DEFAULT-VALUE}).")
    private String bucket = "";

    @Option(names = "--reads", defaultValue = "0.5", description = "Share of gets, 0 to 1 (default: ${DEFAULT-VALUE}).")
    private double reads;

    @Option(
            names = "--keys",
            defaultValue = "10000",
            description = "Number of keys, all put before (default: ${DEFAULT-VALUE}).")
    private int keys;

    @Option(
            names = "--distribution",
            defaultValue = "uniform",
            description = "uniform or zipfian (default: ${DEFAULT-VALUE}).")
    private String distribution = "";

    @Option(names = "--size", defaultValue = "1024", description = "Bytes per value (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--concurrency",
            defaultValue = "64",
            description = "Requests under way (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "Requests a second (open loop); 0 is a closed loop (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--warmup",
            defaultValue = "5",
            description = "Seconds before measuring (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Option(names = "--seconds", defaultValue = "10", description = "Seconds measured (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--baseline",
            description =
                    "Also run gets of the same size against the endpoint that answers from memory, and give the ratio.")
    private boolean baseline;

    @Option(names = "--no-load", description = "Don't put the keys first: they are there from an earlier run.")
    private boolean noLoad;

    @Option(names = "--seed", defaultValue = "1", description = "Of the random choices (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--latency-log",
            description = "Write all latencies second by second to this file, in HdrHistogram's interval log format.")
    private @Nullable Path latencyLog;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        BenchPlan plan = plan();
        if (latencyLog == null) {
            return run(plan, null);
        }
        try (LatencyLog log = new LatencyLog(latencyLog, System.currentTimeMillis())) {
            int status = run(plan, log);
            if (!log.isWhole()) {
                say("gramme: " + latencyLog + " is not whole: is its disk full?");
                return ExitStatus.FAILED;
            }
            return status;
        } catch (IOException e) {
            throw usage("--latency-log " + latencyLog + " can't be written: " + e);
        }
    }

    private int run(BenchPlan plan, @Nullable LatencyLog log) throws InterruptedException {
        // No cache of class path files on disk: nothing is served from there.
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        try {
            return run(vertx, plan, log);
        } finally {
            vertx.close();
        }
    }

    private int run(Vertx vertx, BenchPlan plan, @Nullable LatencyLog log) throws InterruptedException {
        makeLastWriteWins();
        if (!noLoad) {
            say("putting " + keys + " keys of " + size + " bytes");
            int failed = onLoop(vertx, new LoadGenerator(vertx, plan, null), LoadGenerator::preload);
            if (failed > 0) {
                say("gramme: " + failed + " of " + keys + " keys could not be put; see " + ThisProgram.launcher()
                        + " status");
                return ExitStatus.FAILED;
            }
        }
        List<BenchResult> echo = List.of();
        if (baseline) {
            say("asking the echo endpoint for " + (warmup + seconds) + " s");
            echo = onLoop(vertx, new LoadGenerator(vertx, plan.asEcho(), null), LoadGenerator::run);
        }
        say("running for " + (warmup + seconds) + " s, the first " + warmup + " to warm up");
        List<BenchResult> results = onLoop(vertx, new LoadGenerator(vertx, plan, log), LoadGenerator::run);
        report(results, echo);
        return results.stream().mapToLong(BenchResult::errorCount).sum() == 0 ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private BenchPlan plan() {
        check(reads >= 0 && reads <= 1, "--reads must be 0 to 1, not " + reads);
        check(keys >= 2 && keys <= 100_000_000, "--keys must be 2 to 100000000, not " + keys);
        check(size >= 0 && size <= 1 << 20, "--size must be 0 to " + (1 << 20) + ", not " + size);
        check(concurrency >= 1 && concurrency <= 10_000, "--concurrency must be 1 to 10000, not " + concurrency);
        check(rate >= 0 && rate <= 1_000_000, "--rate must be 0 to 1000000, not " + rate);
        check(
                warmup >= 0 && seconds >= 1 && warmup + seconds <= 86_400,
                "--warmup from 0, --seconds from 1, together a day at most");
        KeyChooser chooser = switch (distribution.toLowerCase(Locale.ROOT)) {
            case "uniform" -> new KeyChooser.Uniform(keys);
            case "zipfian" -> new KeyChooser.Zipfian(keys);
            default -> throw usage("--distribution is uniform or zipfian, not " + distribution);
        };
        return new BenchPlan(
                endpoint.targets(),
                bucket,
                chooser,
                size,
                reads,
                concurrency,
                rate,
                new BenchPlan.Window(TimeUnit.SECONDS.toNanos(warmup), TimeUnit.SECONDS.toNanos(seconds)),
                flags.query(),
                false,
                seed);
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw usage(otherwise);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    /** Blind writes would pile up siblings; here they are meant to replace each other. */
    private void makeLastWriteWins() {
        HttpResponse<byte[]> response = endpoint.send(
                "/v1/buckets/" + KeyArguments.encode(bucket),
                RequestFlags.DEFAULT_PATIENCE,
                r -> r.header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString("{\"conflictPolicy\":\"last-write-wins\"}")));
        if (response.statusCode() / 100 != 2) {
            throw new Endpoint.UnreachableException(Problems.describe(response), false);
        }
    }

    private static <T> T onLoop(Vertx vertx, LoadGenerator generator, Function<LoadGenerator, Future<T>> work)
            throws InterruptedException {
        Promise<T> done = Promise.promise();
        vertx.runOnContext(ignored -> work.apply(generator).onComplete(done));
        try {
            return done.future().toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load generator failed", e.getCause());
        }
    }

    private void report(List<BenchResult> results, List<BenchResult> echo) {
        List<BenchResult> shown = new ArrayList<>();
        results.stream().filter(r -> !r.isEmpty()).forEach(shown::add);
        double total = shown.stream().mapToDouble(BenchResult::perSecond).sum();
        double base = echo.isEmpty() ? 0 : echo.get(0).perSecond();
        if (json) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            ArrayNode rows = answer.putArray("results");
            shown.forEach(r -> rows.add(r.json()));
            answer.put("perSecond", total).put("concurrency", concurrency).put("valueBytes", size);
            if (base > 0) {
                answer.set("echo", echo.get(0).json());
                answer.put("ratioToEcho", total / base);
            }
            System.out.println(answer.toPrettyString());
            return;
        }
        Table table = BenchResult.header();
        shown.forEach(r -> r.addTo(table));
        System.out.print(table);
        System.out.printf(Locale.ROOT, "%.0f operations a second in all%n", total);
        if (base > 0) {
            System.out.printf(Locale.ROOT, "the echo endpoint: %.0f a second; ratio %.3f%n", base, total / base);
        }
    }

    private static void say(String text) {
        System.err.println(text);
    }
}
