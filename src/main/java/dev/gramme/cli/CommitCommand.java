package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gramme cluster commit}: starts a plan. */
@Command(
        name = "commit",
        mixinStandardHelpOptions = true,
        description = "Starts a plan; without its name, shows the plan and asks.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:started, or with --watch done",
            "1:not confirmed, or with --watch withdrawn",
            "4:refused, or no node answered"
        })
final class CommitCommand implements Callable<Integer> {
    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Parameters(paramLabel = "PLAN", arity = "0..1", description = "The plan's name, as it was shown.")
    private @Nullable String name;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Option(
            names = {"-w", "--watch"},
            description = "Show the progress until it is done.")
    private boolean watch;

    @Override
    public Integer call() throws IOException, InterruptedException {
        String plan = name;
        if (plan == null) {
            JsonNode shown = endpoint.json(PlanCommand.PATH);
            System.out.print(PlanTable.of(shown));
            plan = shown.path("plan").asText();
            if (!yes && !confirmed()) {
                System.out.println("not committed");
                return ExitStatus.NOT_FOUND;
            }
        }
        JsonNode started = endpoint.post(
                "/v1/cluster/commit", JsonNodeFactory.instance.objectNode().put("plan", plan));
        long target = started.path("to").path("version").asLong();
        System.out.println("committed: the cluster goes to ring " + target);
        if (!watch) {
            System.out.println("see how far it is: " + ThisProgram.launcher() + " cluster status --watch");
            return ExitStatus.OK;
        }
        return new ChangeWatch(endpoint, target).untilDone();
    }

    private static boolean confirmed() throws IOException {
        System.out.print("Commit this plan? [y/N] ");
        System.out.flush();
        String answer = new Lines(System.in).next();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
}
