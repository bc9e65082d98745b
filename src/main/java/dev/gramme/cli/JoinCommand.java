package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gramme cluster join}: tells a node where its cluster is. */
@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        description =
                "Lets the asked node, which holds nothing yet, look for a cluster at these seeds. It comes in when a plan with it is committed.")
final class JoinCommand implements Callable<Integer> {
    private static final int LOOK_EVERY_MILLIS = 300;
    private static final long PATIENCE_SECONDS = 15;

    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Parameters(paramLabel = "SEED", arity = "1..*", description = "Bridges of nodes of the cluster, host:port.")
    private List<String> seeds = List.of();

    @Override
    public Integer call() throws InterruptedException {
        ArrayNode addresses = JsonNodeFactory.instance.arrayNode();
        seeds.forEach(addresses::add);
        endpoint.post("/v1/cluster/join", JsonNodeFactory.instance.objectNode().set("seeds", addresses));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        JsonNode status = endpoint.json(ClusterStatusCommand.PATH);
        while (!knowsRing(status) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            status = endpoint.json(ClusterStatusCommand.PATH);
        }
        if (!knowsRing(status)) {
            System.err.println("gramme: the cluster was not found within " + PATIENCE_SECONDS
                    + " s; the node goes on looking for it");
            status.path("problems").forEach(problem -> System.err.println("  " + problem.asText()));
            return ExitStatus.FAILED;
        }
        System.out.println(status.path("standing").asText());
        System.out.println("next: " + ThisProgram.launcher() + " cluster plan, and commit it");
        return ExitStatus.OK;
    }

    /** Another's: a ring of this node alone is none to join. */
    private static boolean knowsRing(JsonNode status) {
        JsonNode members = status.path("ring").path("members");
        boolean alone = members.size() == 1
                && members.path(0).asText().equals(status.path("seenBy").asText());
        return status.path("ring").path("version").asLong() > 0 && !alone;
    }
}
