package dev.gramme.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;

/**
 * The program's entry. Commands run without starting Quarkus: a client opens no port and starts fast; only {@code server} starts it.
 */
@QuarkusMain
public final class Main {
    private static final String VERSION = "gramme 0.1.0";

    private Main() {}

    public static void main(String... args) {
        // Since Java 22 another console says that there is one when output goes to a file: the bar would garble it.
        System.setProperty("jdk.console", "java.base");
        // Exit always: a thread of an HTTP client that lingers must not keep a finished command.
        System.exit(run(args));
    }

    private static int run(String... args) {
        if (args.length == 0 && System.getProperty(ServerProperties.NODE_ID) != null) {
            // Started by its properties alone, as Quarkus's integration tests start a program.
            return ServerCommand.serve();
        }
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new GrammeCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof Endpoint.UnreachableException
                            || failure instanceof IOException
                            || failure instanceof UncheckedIOException) {
                        command.getErr().println("gramme: " + describe(failure));
                    } else {
                        failure.printStackTrace(command.getErr());
                    }
                    return ExitStatus.FAILED;
                });
        versions(commandLine);
        return commandLine;
    }

    private static void versions(CommandLine commandLine) {
        commandLine.getCommandSpec().version(VERSION);
        commandLine.getSubcommands().values().forEach(Main::versions);
    }

    /** The file system's own messages are a path and nothing else. */
    private static String describe(Throwable failure) {
        if (failure instanceof UncheckedIOException && failure.getCause() != null) {
            return describe(failure.getCause());
        }
        if (failure instanceof NoSuchFileException missing) {
            return "there is no " + missing.getFile();
        }
        if (failure instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return failure.getClass().getSimpleName() + ": " + file.getFile();
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
