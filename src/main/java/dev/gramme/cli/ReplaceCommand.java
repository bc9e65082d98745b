package dev.gramme.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gramme cluster replace}: stages that a node takes the places of a dead one. */
@Command(
        name = "replace",
        mixinStandardHelpOptions = true,
        description =
                "Stages that NEW takes exactly the places of OLD, which is dead, filled by the other replicas; shows the plan with it.")
final class ReplaceCommand implements Callable<Integer> {
    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Parameters(index = "0", paramLabel = "OLD", description = "A node that is down and does not come back.")
    private String old = "";

    @Parameters(index = "1", paramLabel = "NEW", description = "A node that waits to join.")
    private String successor = "";

    @Override
    public Integer call() {
        System.out.print(PlanTable.of(endpoint.post(
                "/v1/cluster/replace",
                JsonNodeFactory.instance.objectNode().put("old", old).put("new", successor))));
        return ExitStatus.OK;
    }
}
