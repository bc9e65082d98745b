package dev.gramme.rest;

import dev.gramme.antientropy.Collected;
import dev.gramme.runtime.CollectionFigures;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** What the collection of deletes has come to, as JSON. Of the rounds that the asked node leads. */
final class CollectionJson {
    private CollectionJson() {}

    /** With the last round of each partition. */
    static JsonObject all(CollectionFigures figures) {
        JsonArray last = new JsonArray();
        figures.last().forEach(round -> last.add(round(round)));
        return sum(figures).put("last", last);
    }

    static JsonObject sum(CollectionFigures figures) {
        Set<String> waitedFor = new LinkedHashSet<>();
        for (Collected round : figures.last()) {
            round.waitedFor().forEach(member -> waitedFor.add(member.name()));
        }
        long since = figures.heldUpSinceMillis();
        return new JsonObject()
                .put("keys", figures.keys())
                .put("partitionsHeldUp", figures.heldUp())
                .put(
                        "heldUpSince",
                        since == 0 ? null : Instant.ofEpochMilli(since).toString())
                .put("waitedFor", new JsonArray(waitedFor.stream().toList()));
    }

    private static JsonObject round(Collected round) {
        JsonArray waitedFor = new JsonArray();
        round.waitedFor().forEach(member -> waitedFor.add(member.name()));
        return new JsonObject()
                .put("partition", round.partition())
                .put("ended", Instant.ofEpochMilli(round.atMillis()).toString())
                .put("committed", round.committed())
                .put("keys", round.keys())
                .put("waitedFor", waitedFor);
    }
}
