package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramme cluster plan}: what the staged changes would do. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Shows what the staged changes, and the nodes that wait to join, would do to the ring.")
final class PlanCommand implements Callable<Integer> {
    static final String PATH = "/v1/cluster/plan";

    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Option(names = "--json", description = "Print what the server says, as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        JsonNode plan = endpoint.json(PATH);
        System.out.print(json ? plan.toPrettyString() + "\n" : PlanTable.of(plan));
        return ExitStatus.OK;
    }
}
