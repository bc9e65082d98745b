package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramme status}: the members as one node sees them. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows the cluster's members as the asked node sees them.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:every member is up", "1:some member is not", "4:no node answered"})
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Option(names = "--json", description = "Print what the server says, as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        JsonNode answer = endpoint.json("/v1/cluster/members");
        if (json) {
            System.out.println(answer.toPrettyString());
        } else {
            System.out.print(table(answer));
        }
        for (JsonNode member : answer.path("members")) {
            if (!member.path("liveness").asText().equals("up")) {
                return ExitStatus.NOT_FOUND;
            }
        }
        return ExitStatus.OK;
    }

    static String table(JsonNode answer) {
        Table table = new Table()
                .row("NODE", "STATE", "REST", "BRIDGE", "ZONE", "WEIGHT", "PARTITIONS", "HINTS FOR IT", "HEARD");
        for (JsonNode member : answer.path("members")) {
            long heard = member.path("lastHeardMillis").asLong();
            table.row(
                    member.path("id").asText(),
                    member.path("liveness").asText() + (member.path("writable").asBoolean(true) ? "" : ", read-only"),
                    member.path("http").asText(),
                    member.path("bridge").asText(),
                    member.path("zone").asText(),
                    member.path("weight").asText(),
                    member.path("partitions").asText(),
                    member.path("hints").asText("0"),
                    heard < 0 ? "never" : heard == 0 ? "now" : heard + " ms ago");
        }
        return table.toString();
    }
}
