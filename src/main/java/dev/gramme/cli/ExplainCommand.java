package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramme explain}: one key's preference list and what each replica holds. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Shows where a key belongs and what each replica holds of it.")
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Mixin
    private KeyArguments key = new KeyArguments();

    @Option(names = "--json", description = "Print what the server says, as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        JsonNode answer = endpoint.json(key.path("explain"));
        if (json) {
            System.out.println(answer.toPrettyString());
            return ExitStatus.OK;
        }
        System.out.println("partition " + answer.path("partition").asText() + ", token "
                + answer.path("token").asText());
        Table table = new Table().row("NODE", "ROLE", "STATE", "ANSWER", "VERSIONS");
        for (JsonNode replica : answer.path("replicas")) {
            table.row(
                    replica.path("node").asText(),
                    replica.path("owner").asBoolean() ? "owner" : "fallback",
                    replica.path("liveness").asText(),
                    replica.path("answer").asText(),
                    versions(replica));
        }
        System.out.print(table);
        return ExitStatus.OK;
    }

    private static String expiry(JsonNode sibling) {
        if (!sibling.has("expires")) {
            return "";
        }
        return (sibling.path("expired").asBoolean() ? ", expired " : ", expires ")
                + sibling.path("expires").asText();
    }

    private static String versions(JsonNode replica) {
        List<String> versions = new ArrayList<>();
        for (JsonNode sibling : replica.path("siblings")) {
            versions.add(sibling.path("dot").asText()
                    + (sibling.path("deleted").asBoolean()
                            ? " deleted"
                            : " " + sibling.path("bytes").asText() + " bytes")
                    + expiry(sibling));
        }
        String held = versions.isEmpty() ? "-" : String.join("; ", versions);
        return replica.path("hinted").asBoolean() ? held + " (kept as a hint)" : held;
    }
}
