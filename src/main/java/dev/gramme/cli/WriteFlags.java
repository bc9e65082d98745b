package dev.gramme.cli;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What put and delete have in common. */
final class WriteFlags {
    @Mixin
    RequestFlags flags = new RequestFlags();

    @Option(
            names = {"-c", "--context"},
            split = ",",
            paramLabel = "CONTEXT",
            description = "What you have seen (from get --show-context): exactly that is replaced. Repeatable.")
    private List<String> contexts = List.of();

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "Makes a retry of this very write harmless (default: a random one).")
    private @Nullable String idempotencyKey;

    private HttpRequest.Builder headers(HttpRequest.Builder request) {
        if (!contexts.isEmpty()) {
            request.header("Gramme-Context", String.join(",", contexts));
        }
        if (idempotencyKey == null) {
            // One key for the command's whole life: asking the next node after a lost answer stays one write.
            idempotencyKey = UUID.randomUUID().toString();
        }
        return request.header("Idempotency-Key", idempotencyKey);
    }

    /** Makes the write, says how it ended, and gives the exit status. */
    int send(Endpoint endpoint, KeyArguments key, String done, UnaryOperator<HttpRequest.Builder> request) {
        Endpoint.Answer answer;
        try {
            answer = endpoint.send(key.path("kv") + flags.query(), 0, flags.patience(), r -> request.apply(headers(r)));
        } catch (Endpoint.UnreachableException e) {
            System.err.println("gramme: " + e.getMessage());
            return failed(e.maybeDone());
        }
        HttpResponse<byte[]> response = answer.response();
        if (response.statusCode() / 100 == 2) {
            String siblings = response.headers()
                    .firstValue("Gramme-Siblings")
                    .map(n -> "; the key has " + n + " siblings now")
                    .orElse("");
            String expires = response.headers()
                    .firstValue("Gramme-Expires")
                    .map(at -> "; it expires at " + at)
                    .orElse("");
            System.err.println(done + siblings + expires);
            response.headers().firstValue("Gramme-Context").ifPresent(c -> System.err.println("context: " + c));
            return ExitStatus.OK;
        }
        System.err.println(Problems.describe(response));
        return failed(answer.maybeDoneBefore() || Problems.isIndeterminate(response));
    }

    private int failed(boolean maybeDone) {
        if (!maybeDone) {
            return ExitStatus.FAILED;
        }
        System.err.println("It may have been done all the same. To try again without doing it twice: --idempotency-key "
                + idempotencyKey);
        return ExitStatus.INDETERMINATE;
    }
}
