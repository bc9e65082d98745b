package dev.gramme.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gramme cluster}: names the commands that change the ring. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = {
            "Grows and shrinks the cluster while it serves.",
            "Changes are staged one by one (join, leave, replace, remove, weight), seen together (plan) and started together (commit). Any node can be"
                    + " asked, but for join: that is told to the node that is to come."
        },
        subcommands = {
            JoinCommand.class,
            LeaveCommand.class,
            ReplaceCommand.class,
            RemoveCommand.class,
            WeightCommand.class,
            PlanCommand.class,
            CommitCommand.class,
            CancelCommand.class,
            ClusterStatusCommand.class
        })
final class ClusterGroup implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(), "Which command of the cluster? See the list below.");
    }
}
