package dev.gramme.runtime;

import dev.gramme.antientropy.Outcome;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** What anti-entropy has come to since the node's start, of the exchanges that it began. */
final class RepairMetrics {
    private final RepairFigures repairs;
    private final NodeMetrics metrics;

    RepairMetrics(RepairFigures repairs, NodeMetrics metrics) {
        this.repairs = repairs;
        this.metrics = metrics;
    }

    void register() {
        for (Outcome outcome : Outcome.values()) {
            metrics.counter(
                    "gramme.repair.exchanges",
                    "Exchanges with other owners, by how they ended",
                    "outcome",
                    outcome.name().toLowerCase(Locale.ROOT),
                    repairs,
                    r -> r.sum().outcomes().getOrDefault(outcome, 0L));
        }
        counter("gramme.repair.keys.compared", "Keys whose digests were compared", RepairFigures.Sum::compared);
        counter(
                "gramme.repair.keys.here",
                "Keys of which an exchange told this node something new",
                RepairFigures.Sum::repairedHere);
        counter(
                "gramme.repair.keys.there",
                "Keys of which an exchange told another owner something new",
                RepairFigures.Sum::repairedThere);
        counter("gramme.repair.bytes", "Bytes of exchanges, both ways, about", RepairFigures.Sum::bytes);
        metrics.gauge(
                "gramme.repair.left",
                "Exchanges that were asked for and are still to come",
                repairs,
                r -> r.sum().left());
    }

    private void counter(String name, String description, ToLongFunction<RepairFigures.Sum> value) {
        metrics.counter(name, description, repairs, r -> value.applyAsLong(r.sum()));
    }
}
