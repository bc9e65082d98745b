package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gramme cluster cancel}: forgets what is staged, and withdraws a change under way. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = "Forgets what is staged, and withdraws the change under way unless it is about to complete.")
final class CancelCommand implements Callable<Integer> {
    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Override
    public Integer call() {
        JsonNode status = endpoint.post("/v1/cluster/cancel", JsonNodeFactory.instance.objectNode());
        System.out.println("cancelled");
        System.out.print(ClusterStatusCommand.text(status));
        return ExitStatus.OK;
    }
}
