package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramme status}: the members as one node sees them. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows the ring and the cluster's members as the asked node sees them.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:every member is up", "1:some member is not", "4:no node answered"})
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Option(names = "--json", description = "Print what the server says, as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        JsonNode answer = endpoint.json(ClusterStatusCommand.PATH);
        if (json) {
            System.out.println(answer.toPrettyString());
        } else {
            System.out.println(ClusterStatusCommand.ring(answer));
            System.out.print(lacking(answer));
            System.out.print(heldUp(answer.path("collection")));
            System.out.print(table(answer));
        }
        for (JsonNode member : answer.path("members")) {
            if (member.path("inRing").asBoolean(true)
                    && !member.path("liveness").asText().equals("up")) {
                return ExitStatus.NOT_FOUND;
            }
        }
        return ExitStatus.OK;
    }

    /** A line if the asked node lacks something, else nothing. */
    static String lacking(JsonNode answer) {
        int partitions = answer.path("partitionsLacking").asInt();
        return partitions == 0
                ? ""
                : answer.path("seenBy").asText() + " may lack some of what it held of " + partitions
                        + " partitions: it counts for no read of them until it has compared them with every other owner\n";
    }

    /** A line if deletes wait to be forgotten, as far as the asked node leads that; else nothing. */
    static String heldUp(JsonNode collection) {
        int partitions = collection.path("partitionsHeldUp").asInt();
        if (partitions == 0) {
            return "";
        }
        String since = collection.path("heldUpSince").asText();
        List<String> waitedFor = new ArrayList<>();
        collection.path("waitedFor").forEach(member -> waitedFor.add(member.asText()));
        return "deletes of " + partitions + " partitions wait to be forgotten, since " + since
                + (waitedFor.isEmpty() ? "" : ", for " + String.join(", ", waitedFor)) + "\n";
    }

    static String table(JsonNode answer) {
        Table table = new Table()
                .row("NODE", "STATE", "REST", "BRIDGE", "ZONE", "WEIGHT", "PARTITIONS", "HINTS FOR IT", "HEARD");
        for (JsonNode member : answer.path("members")) {
            long heard = member.path("lastHeardMillis").asLong();
            table.row(
                    member.path("id").asText(),
                    state(member),
                    member.path("http").asText(),
                    member.path("bridge").asText(),
                    member.path("zone").asText(),
                    member.path("weight").asText(),
                    partitions(member),
                    member.path("hints").asText("0"),
                    heard < 0 ? "never" : heard == 0 ? "now" : heard + " ms ago");
        }
        return table.toString();
    }

    private static String state(JsonNode member) {
        StringBuilder state = new StringBuilder(member.path("liveness").asText());
        if (member.path("standing").asText().equals("leaving-for-restart")) {
            state.append(", restarting");
        }
        if (!member.path("writable").asBoolean(true)) {
            state.append(", read-only");
        }
        if (!member.path("inRing").asBoolean(true)) {
            state.append(", not in the ring");
        }
        return state.toString();
    }

    /** Now, and after the change under way if that is another number. */
    private static String partitions(JsonNode member) {
        String now = member.path("partitions").asText();
        String after = member.path("partitionsAfter").asText(now);
        return after.equals(now) ? now : now + " -> " + after;
    }
}
