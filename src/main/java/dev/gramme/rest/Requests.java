package dev.gramme.rest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Runs a request's work, turns every failure into a problem, and measures: {@code gramme.request} (a histogram per operation) and {@code
 * gramme.request.endings} (a counter per operation and ending). All meters are made at start: finding one by tags costs more than recording.
 */
@ApplicationScoped
public class Requests {
    /** Bounds of the histogram's buckets in microseconds: 0.1 ms to 5 s, about three a decade. */
    private static final long[] BUCKETS_MICROS = {
        100, 200, 350, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500, 10_000, 20_000, 35_000, 50_000, 100_000,
        200_000, 500_000, 1_000_000, 2_000_000, 5_000_000
    };

    private final Timer[] timers = new Timer[Operation.values().length];
    private final Counter[][] endings = new Counter[timers.length][Reply.Ending.values().length];

    public Requests(MeterRegistry registry) {
        Duration[] buckets = LongStream.of(BUCKETS_MICROS)
                .mapToObj(m -> Duration.ofNanos(m * 1_000))
                .toArray(Duration[]::new);
        for (Operation operation : Operation.values()) {
            timers[operation.ordinal()] = Timer.builder("gramme.request")
                    .description("Time from a request's head to its answer")
                    .tag("operation", operation.tag())
                    .serviceLevelObjectives(buckets)
                    .register(registry);
            for (Reply.Ending ending : Reply.Ending.values()) {
                endings[operation.ordinal()][ending.ordinal()] = Counter.builder("gramme.request.endings")
                        .description("Requests by how they ended")
                        .tag("operation", operation.tag())
                        .tag("ending", ending.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
    }

    /** @param work may throw {@link ProblemException} at once, or fail later */
    Uni<Reply> run(Operation operation, RoutingContext http, Supplier<Uni<Reply>> work) {
        long started = System.nanoTime();
        String uri = http.request().uri();
        Uni<Reply> replies;
        try {
            replies = work.get();
        } catch (RuntimeException e) {
            return Uni.createFrom().item(ended(operation, started, ProblemReply.of(e, uri)));
        }
        return replies.onItemOrFailure()
                .transform((reply, failure) ->
                        ended(operation, started, failure == null ? reply : ProblemReply.of(failure, uri)));
    }

    private Reply ended(Operation operation, long started, Reply reply) {
        timers[operation.ordinal()].record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
        endings[operation.ordinal()][reply.ending().ordinal()].increment();
        return reply;
    }
}
