package dev.gramme.runtime;

import dev.gramme.node.BackgroundFigures;
import dev.gramme.node.Foreground;
import dev.gramme.wire.BackgroundWork;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** What the controller of background work lets through, to whom, and why not more. */
final class BackgroundMetrics {
    private final SharedControl control;
    private final NodeMetrics metrics;

    BackgroundMetrics(SharedControl control, NodeMetrics metrics) {
        this.control = control;
        this.metrics = metrics;
    }

    void register() {
        metrics.gauge(
                "gramme.background.bytes.per.second",
                "Bytes of background work that are let through now; infinite with --background-pace=unlimited",
                control,
                c -> c.figures().bytesPerSecond());
        metrics.counter(
                "gramme.background.lowered",
                "Quarters of a second after which less was let through, because clients felt it",
                control,
                c -> c.figures().lowered());
        metrics.counter(
                "gramme.background.raised",
                "Quarters of a second after which more was let through",
                control,
                c -> c.figures().raised());
        for (BackgroundWork work : BackgroundWork.values()) {
            work(work, "gramme.background.slices", "Slices admitted", BackgroundFigures.Work::slices);
            work(work, "gramme.background.bytes", "Bytes that slices took", BackgroundFigures.Work::bytes);
            work(work, "gramme.background.held.back", "Times asked in vain", BackgroundFigures.Work::heldBack);
            metrics.gauge(
                    "gramme.background.waiting",
                    "Loops and threads whose next slice waits",
                    "work",
                    nameOf(work),
                    control,
                    c -> of(c, work).waiting());
        }
        for (Foreground what : Foreground.values()) {
            felt(
                    what,
                    "gramme.foreground.quiet",
                    "99th percentile without background work",
                    BackgroundFigures.Felt::quietTail);
            felt(what, "gramme.foreground.limit", "What is more is slow", BackgroundFigures.Felt::limit);
            metrics.counter(
                    "gramme.foreground.slow",
                    "Slow ones beside background work",
                    "signal",
                    nameOf(what),
                    control,
                    c -> of(c, what).slow());
        }
    }

    private void work(
            BackgroundWork work, String name, String description, ToLongFunction<BackgroundFigures.Work> value) {
        metrics.counter(name, description, "work", nameOf(work), control, c -> value.applyAsLong(of(c, work)));
    }

    private void felt(
            Foreground what, String name, String description, ToDoubleFunction<BackgroundFigures.Felt> value) {
        metrics.gauge(
                name,
                description + "; nanoseconds, or events",
                "signal",
                nameOf(what),
                control,
                c -> value.applyAsDouble(of(c, what)));
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static BackgroundFigures.Work of(SharedControl control, BackgroundWork work) {
        return control.figures().work().getOrDefault(work, BackgroundFigures.Work.NONE);
    }

    private static BackgroundFigures.Felt of(SharedControl control, Foreground what) {
        return control.figures().foreground().getOrDefault(what, BackgroundFigures.Felt.NONE);
    }
}
