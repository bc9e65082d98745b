package dev.gramme.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gramme cluster weight}: stages another weight of a node. */
@Command(
        name = "weight",
        mixinStandardHelpOptions = true,
        description = "Stages another capacity of a node relative to the others; shows the plan with it.")
final class WeightCommand implements Callable<Integer> {
    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Parameters(index = "0", paramLabel = "NODE", description = "Whose weight.")
    private String node = "";

    @Parameters(index = "1", paramLabel = "WEIGHT", description = "1 to 1000; 100 is usual.")
    private int weight;

    @Override
    public Integer call() {
        System.out.print(PlanTable.of(endpoint.post(
                "/v1/cluster/weight",
                JsonNodeFactory.instance.objectNode().put("node", node).put("weight", weight))));
        return ExitStatus.OK;
    }
}
