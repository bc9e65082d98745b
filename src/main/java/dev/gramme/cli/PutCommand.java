package dev.gramme.cli;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gramme put}. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        description = "Writes a value: an argument, a file, or standard input ('-').",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:written", "4:failed: surely not written", "5:indeterminate: it may have been written"})
final class PutCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Mixin
    private KeyArguments key = new KeyArguments();

    @Parameters(index = "2", arity = "0..1", paramLabel = "VALUE", description = "The value; '-' reads standard input.")
    private @Nullable String value;

    @Option(
            names = {"-f", "--file"},
            description = "Read the value from this file.")
    private @Nullable Path file;

    @Option(
            names = {"-t", "--content-type"},
            defaultValue = "text/plain;charset=UTF-8",
            description = "Default: ${DEFAULT-VALUE}.")
    private String contentType = "";

    @Mixin
    private WriteFlags write = new WriteFlags();

    @Override
    public Integer call() throws IOException {
        byte[] body = body();
        HttpResponse<byte[]> response = endpoint.send(
                key.path("kv") + write.flags.query(),
                r -> write.headers(r)
                        .header("Content-Type", contentType)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(body)));
        return WriteFlags.report(response, "written");
    }

    private byte[] body() throws IOException {
        if (file != null && value == null) {
            return Files.readAllBytes(file);
        }
        if (value == null || file != null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "Give a VALUE, '-' for standard input, or --file");
        }
        return value.equals("-") ? System.in.readAllBytes() : value.getBytes(StandardCharsets.UTF_8);
    }
}
