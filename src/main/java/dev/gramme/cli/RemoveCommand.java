package dev.gramme.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gramme cluster remove}: stages that a dead node goes without handing anything over. */
@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        description =
                "Stages that a dead node goes without handing anything over; its places are filled by the other replicas. Shows the plan with it.")
final class RemoveCommand implements Callable<Integer> {
    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Option(
            names = "--force",
            required = true,
            description = "Said because what only this node holds is lost. A node that is alive leaves instead.")
    private boolean force;

    @Parameters(paramLabel = "NODE", description = "A node that is gone for good.")
    private String node = "";

    @Override
    public Integer call() {
        System.out.print(PlanTable.of(endpoint.post(
                "/v1/cluster/remove",
                JsonNodeFactory.instance.objectNode().put("node", node).put("force", force))));
        return ExitStatus.OK;
    }
}
