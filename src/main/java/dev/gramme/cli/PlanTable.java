package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A plan of the ring as people read it. */
final class PlanTable {
    private PlanTable() {}

    static String of(JsonNode plan) {
        long slots = 0;
        long slotsAfter = 0;
        for (JsonNode share : plan.path("shares")) {
            slots += share.path("before").asLong();
            slotsAfter += share.path("after").asLong();
        }
        Table table = new Table().row("NODE", "ZONE", "WEIGHT", "PARTITIONS NOW", "AFTER", "TO RECEIVE");
        for (JsonNode share : plan.path("shares")) {
            table.row(
                    share.path("id").asText(),
                    share.path("zone").asText(),
                    share.path("weight").asText(),
                    part(share.path("before").asLong(), slots),
                    part(share.path("after").asLong(), slotsAfter),
                    received(share));
        }
        StringBuilder text = new StringBuilder("plan " + plan.path("plan").asText() + ": ring "
                + plan.path("from").path("version").asText() + " becomes ring "
                + plan.path("to").path("version").asText() + "\n");
        plan.path("changes")
                .forEach(change -> text.append("  ").append(change(change)).append('\n'));
        text.append('\n').append(table).append('\n');
        text.append(moves(plan)).append('\n');
        plan.path("warnings")
                .forEach(warning ->
                        text.append("WARNING: ").append(warning.asText()).append('\n'));
        return text.toString();
    }

    private static String part(long partitions, long all) {
        return partitions == 0 ? "-" : partitions + " (" + Units.share(partitions, all) + ")";
    }

    private static String received(JsonNode share) {
        long gains = share.path("gains").asLong();
        return gains == 0
                ? "-"
                : gains + ", about " + Units.bytes(share.path("bytesToReceive").asLong());
    }

    private static String moves(JsonNode plan) {
        long moves = plan.path("moves").asLong();
        if (moves == 0) {
            return "nothing moves";
        }
        return moves + " partition replicas move (the least possible: "
                + plan.path("leastMoves").asText() + "), about "
                + Units.bytes(plan.path("bytesToMove").asLong());
    }

    /** {@code weight n1 200}, {@code replace n3 by n6}. */
    static String change(JsonNode change) {
        List<String> words = new ArrayList<>();
        words.add(change.path("change").asText());
        words.add(change.path("node").asText());
        if (change.has("weight")) {
            words.add(change.path("weight").asText());
        }
        if (change.has("successor")) {
            words.add("by " + change.path("successor").asText());
        }
        return String.join(" ", words);
    }
}
