package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramme cluster status}: the ring, a change under way, and the members. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Shows the ring, what is staged, how far a change is, and the members, as the asked node knows them.")
final class ClusterStatusCommand implements Callable<Integer> {
    static final String PATH = "/v1/cluster/status";

    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Option(names = "--json", description = "Print what the server says, as JSON.")
    private boolean json;

    @Option(
            names = {"-w", "--watch"},
            description = "Show the progress of the change under way until it is done.")
    private boolean watch;

    @Override
    public Integer call() throws InterruptedException {
        JsonNode status = endpoint.json(PATH);
        if (watch && status.path("change").isObject()) {
            long target = status.path("change").path("to").path("version").asLong();
            return new ChangeWatch(endpoint, target).untilDone();
        }
        System.out.print(json ? status.toPrettyString() + "\n" : text(status));
        return ExitStatus.OK;
    }

    static String text(JsonNode status) {
        StringBuilder text = new StringBuilder();
        text.append(status.path("standing").asText()).append('\n');
        text.append(ring(status)).append('\n');
        text.append(StatusCommand.lacking(status));
        if (status.path("change").isObject()) {
            ChangeWatch.lines(status)
                    .forEach(line -> text.append("  ").append(line).append('\n'));
        }
        status.path("staged")
                .forEach(change ->
                        text.append("staged: ").append(PlanTable.change(change)).append('\n'));
        status.path("problems")
                .forEach(problem ->
                        text.append("problem: ").append(problem.asText()).append('\n'));
        return text.append('\n').append(StatusCommand.table(status)).toString();
    }

    /** The ring in a line. */
    static String ring(JsonNode status) {
        JsonNode ring = status.path("ring");
        String settled = ring.path("version").asLong() == 0
                ? "no ring is known yet"
                : "ring " + ring.path("version").asText() + ": "
                        + ring.path("members").size() + " members, "
                        + ring.path("partitions").asText() + " partitions, "
                        + ring.path("replicas").asText() + " replicas of each";
        JsonNode change = status.path("change");
        return change.isObject()
                ? settled + "; change " + change.path("id").asText() + " to ring "
                        + change.path("to").path("version").asText() + " is under way"
                : settled;
    }
}
