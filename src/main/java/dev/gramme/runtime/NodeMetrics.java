package dev.gramme.runtime;

import dev.gramme.wire.Probe;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/** The node's counters and gauges, named {@code gramme_…} at {@code /q/metrics}. Counting on a loop costs one add. */
@Singleton
public final class NodeMetrics {
    private final MeterRegistry registry;
    private final Map<Probe, LongAdder> probes = new EnumMap<>(Probe.class);

    @Inject
    public NodeMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Probe probe : Probe.values()) {
            LongAdder adder = new LongAdder();
            probes.put(probe, adder);
            FunctionCounter.builder(
                            "gramme." + probe.name().toLowerCase(Locale.ROOT).replace('_', '.'), adder, LongAdder::sum)
                    .register(registry);
        }
    }

    void observed(Probe probe, long amount) {
        LongAdder adder = probes.get(probe);
        if (adder != null) {
            adder.add(amount);
        }
    }

    <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** One of several gauges of one name, told apart by a tag. */
    <T> void gauge(String name, String description, String tag, String tagged, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value)
                .description(description)
                .tag(tag, tagged)
                .strongReference(true)
                .register(registry);
    }

    /** One of several counters of one name, told apart by a tag. */
    <T> void counter(String name, String description, String tag, String tagged, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value)
                .description(description)
                .tag(tag, tagged)
                .register(registry);
    }

    <T> void counter(String name, String description, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value).description(description).register(registry);
    }
}
