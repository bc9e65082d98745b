package dev.gramme.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gramme cluster leave}: stages that a node hands over and goes. */
@Command(
        name = "leave",
        mixinStandardHelpOptions = true,
        description = "Stages that a node hands its partitions over and goes; shows the plan with it.")
final class LeaveCommand implements Callable<Integer> {
    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Parameters(paramLabel = "NODE", arity = "0..1", description = "Who leaves (default: the node that is asked).")
    private @Nullable String node;

    @Override
    public Integer call() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (node != null) {
            body.put("node", node);
        }
        System.out.print(PlanTable.of(endpoint.post("/v1/cluster/leave", body)));
        return ExitStatus.OK;
    }
}
