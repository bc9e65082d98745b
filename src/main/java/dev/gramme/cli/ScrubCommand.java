package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramme scrub}: what reading one node's disk has found; and all of it once more, now. */
@Command(
        name = "scrub",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what the scrub of the asked node's disk has found since its start.",
            "With --now it reads all that is on that disk, and verifies every checksum. What is damaged is set aside and comes again from the other owners."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:shown, or done", "1:with --watch: damage was found meanwhile", "4:no node answered"})
final class ScrubCommand implements Callable<Integer> {
    private static final String PATH = "/v1/cluster/scrub";
    private static final int LOOK_EVERY_MILLIS = 500;
    private static final int BAR_WIDTH = 24;

    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Option(names = "--now", description = "Read everything now.")
    private boolean now;

    @Option(
            names = {"-w", "--watch"},
            description = "Show the progress until nothing that was asked for is left.")
    private boolean watch;

    @Option(names = "--json", description = "Print what the server says, as JSON.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        JsonNode before = endpoint.json(PATH);
        if (now) {
            endpoint.post(PATH, JsonNodeFactory.instance.objectNode());
        }
        JsonNode after = watch ? untilDone() : endpoint.json(PATH);
        System.out.print(json ? after.toPrettyString() + "\n" : text(after));
        return watch && findings(after) > findings(before) ? ExitStatus.NOT_FOUND : ExitStatus.OK;
    }

    private JsonNode untilDone() throws InterruptedException {
        ProgressLine line = new ProgressLine();
        JsonNode answer = endpoint.json(PATH);
        while (answer.path("left").asLong() > 0) {
            double share = 1
                    - answer.path("left").asDouble()
                            / Math.max(1, answer.path("of").asLong());
            line.show(Units.bar(share, BAR_WIDTH) + " " + answer.path("left").asText() + " of "
                    + answer.path("of").asText() + " parts left, " + read(answer));
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            answer = endpoint.json(PATH);
        }
        line.end(Units.bar(1, BAR_WIDTH) + " done, " + read(answer));
        return answer;
    }

    private static long findings(JsonNode answer) {
        return answer.path("findings").asLong();
    }

    private static String read(JsonNode answer) {
        return answer.path("records").asText() + " records, "
                + Units.bytes(answer.path("bytes").asLong()) + " read since the node's start";
    }

    /** A line for each finding. */
    static String text(JsonNode answer) {
        String head = answer.path("node").asText() + ": " + read(answer) + ", "
                + answer.path("findings").asText() + " findings; all was read through last: "
                + answer.path("complete").asText() + "\n";
        String left = answer.path("left").asLong() > 0
                ? answer.path("left").asText() + " parts that were asked for are still to come\n"
                : "";
        Table table = new Table().row("FOUND", "FILE", "BYTE", "WHAT");
        answer.path("found")
                .forEach(found -> table.row(
                        found.path("at").asText(),
                        found.path("file").asText(),
                        found.path("offset").isNumber() ? found.path("offset").asText() : "-",
                        found.path("what").asText()));
        return head + left + (answer.path("found").isEmpty() ? "" : table);
    }
}
