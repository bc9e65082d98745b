package dev.gramme.rest;

import dev.gramme.antientropy.Exchanged;
import dev.gramme.antientropy.Outcome;
import dev.gramme.ring.NodeId;
import dev.gramme.runtime.RepairFigures;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What anti-entropy has come to, as JSON. */
final class RepairJson {
    private RepairJson() {}

    /** With the last exchange of each partition with each peer. */
    static JsonObject all(NodeId self, RepairFigures figures) {
        JsonArray last = new JsonArray();
        figures.last().forEach(exchanged -> last.add(exchange(exchanged)));
        return sum(self, figures).put("last", last);
    }

    static JsonObject sum(NodeId self, RepairFigures figures) {
        RepairFigures.Sum sum = figures.sum();
        JsonObject outcomes = new JsonObject();
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(name(outcome), sum.outcomes().getOrDefault(outcome, 0L));
        }
        return new JsonObject()
                .put("node", self.name())
                .put("left", sum.left())
                .put("exchanges", outcomes)
                .put("keysCompared", sum.compared())
                .put("keysRepairedHere", sum.repairedHere())
                .put("keysRepairedThere", sum.repairedThere())
                .put("bytes", sum.bytes());
    }

    private static JsonObject exchange(Exchanged exchanged) {
        return new JsonObject()
                .put("partition", exchanged.partition())
                .put("peer", exchanged.peer().name())
                .put("bucket", exchanged.bucket())
                .put("ended", Instant.ofEpochMilli(exchanged.endedMillis()).toString())
                .put("millis", TimeUnit.NANOSECONDS.toMillis(exchanged.tookNanos()))
                .put("result", name(exchanged.outcome()))
                .put("keysCompared", exchanged.compared())
                .put("keysRepairedHere", exchanged.repairedHere())
                .put("keysRepairedThere", exchanged.repairedThere())
                .put("bytes", exchanged.bytes());
    }

    private static String name(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
