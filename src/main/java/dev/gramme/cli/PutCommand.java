package dev.gramme.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
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
    /** Far above what servers take by default; bounds the memory of a mistake. */
    private static final int MAX_BYTES = 64 << 20;

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

    @Option(
            names = "--ttl",
            paramLabel = "SECONDS",
            description = "How long it lives, or 'never' (default: as the bucket says).")
    private @Nullable String ttl;

    @Mixin
    private WriteFlags write = new WriteFlags();

    @Override
    public Integer call() throws IOException {
        byte[] body = body();
        return write.send(endpoint, key, "written", request -> {
            if (ttl != null) {
                request.header("Gramme-Ttl", ttl);
            }
            return request.header("Content-Type", contentType).PUT(HttpRequest.BodyPublishers.ofByteArray(body));
        });
    }

    private byte[] body() throws IOException {
        if (file != null && value == null) {
            try (InputStream in = Files.newInputStream(file)) {
                return bounded(in, file.toString());
            }
        }
        if (value == null || file != null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "Give a VALUE, '-' for standard input, or --file");
        }
        return value.equals("-") ? bounded(System.in, "standard input") : value.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bounded(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new IOException(name + " is larger than " + (MAX_BYTES >> 20) + " MiB: too large for one value");
        }
        return bytes;
    }
}
