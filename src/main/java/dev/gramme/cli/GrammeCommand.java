package dev.gramme.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gramme}: names the commands. */
@Command(
        name = "gramme",
        mixinStandardHelpOptions = true,
        description = "An always-writable, replicated key-value store after Amazon's Dynamo.",
        subcommands = {
            ServerCommand.class,
            DemoCommand.class,
            BenchCommand.class,
            ImportCommand.class,
            GetCommand.class,
            PutCommand.class,
            DeleteCommand.class,
            ExplainCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            StatusCommand.class,
            RepairCommand.class,
            ScrubCommand.class,
            ClusterGroup.class
        })
final class GrammeCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "Which command? See the list below.");
    }
}
