package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramme get}: the value to standard output, what is said about it to standard error. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = "Prints a key's value, or all its siblings with the context that replaces them.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:the value was printed",
            "1:not found, deleted, or expired",
            "3:there are siblings",
            "4:failed"
        })
final class GetCommand implements Callable<Integer> {
    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Mixin
    private KeyArguments key = new KeyArguments();

    @Mixin
    private RequestFlags flags = new RequestFlags();

    @Option(
            names = {"-c", "--show-context"},
            description = "Print the context to standard error: give it to put or delete.")
    private boolean showContext;

    @Override
    public Integer call() {
        HttpResponse<byte[]> response = endpoint.send(key.path("kv") + flags.query(), flags.patience(), r -> r);
        if (showContext) {
            response.headers().firstValue("Gramme-Context").ifPresent(c -> System.err.println("context: " + c));
        }
        return switch (response.statusCode()) {
            case 200 -> {
                System.out.writeBytes(response.body());
                if (System.console() != null && !endsWithNewline(response.body())) {
                    System.out.println();
                }
                System.out.flush();
                yield ExitStatus.OK;
            }
            case 300 -> siblings(response);
            case 404 -> {
                boolean deleted =
                        response.headers().firstValue("Gramme-Context").isPresent();
                System.err.println((deleted ? "deleted, or expired: " : "not found: ") + key.bucket + "/" + key.key);
                yield ExitStatus.NOT_FOUND;
            }
            default -> {
                System.err.println(Problems.describe(response));
                yield ExitStatus.FAILED;
            }
        };
    }

    /** On a terminal the prompt begins a new line; elsewhere the bytes are the value's and no others. */
    private static boolean endsWithNewline(byte[] value) {
        return value.length == 0 || value[value.length - 1] == '\n';
    }

    private int siblings(HttpResponse<byte[]> response) {
        PrintStream out = System.out;
        JsonNode siblings = Endpoint.parse(response.body()).path("siblings");
        System.err.println(siblings.size() + " siblings: merge them and put the result with this context");
        for (JsonNode sibling : siblings) {
            String shown = sibling.path("deleted").asBoolean()
                    ? "(deleted)"
                    : sibling.has("text")
                            ? sibling.path("text").asText()
                            : sibling.path("value").asText() + " (base64)";
            out.println(sibling.path("dot").asText() + "\t" + shown);
        }
        response.headers().firstValue("Gramme-Context").ifPresent(c -> System.err.println("context: " + c));
        return ExitStatus.SIBLINGS;
    }
}
