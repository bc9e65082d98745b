package dev.gramme.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import picocli.CommandLine;

/**
 * The program's entry. Commands run without starting Quarkus: a client opens no port and starts fast; only {@code server} starts it.
 */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... args) {
        int status = commandLine().execute(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new GrammeCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
                    if (failure instanceof Endpoint.UnreachableException || failure instanceof IOException) {
                        System.err.println("gramme: " + failure.getMessage());
                        return ExitStatus.FAILED;
                    }
                    throw failure;
                });
    }
}
