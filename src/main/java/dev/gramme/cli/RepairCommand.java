package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramme repair}: what the exchanges of one node with other owners have come to; and some more, now. */
@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what anti-entropy of the asked node has come to since its start.",
            "With --now it compares all that it owns with every other owner, and what differs is repaired on both sides."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:shown, or done", "1:with --watch: some exchange failed", "4:no node answered"})
final class RepairCommand implements Callable<Integer> {
    static final String PATH = "/v1/cluster/repair";
    private static final int LOOK_EVERY_MILLIS = 500;
    private static final int BAR_WIDTH = 24;

    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Option(names = "--now", description = "Compare everything now.")
    private boolean now;

    @Option(names = "--bucket", paramLabel = "BUCKET", description = "With --now: repair only keys of this bucket.")
    private @Nullable String bucket;

    @Option(
            names = {"-w", "--watch"},
            description = "Show the progress until nothing that was asked for is left.")
    private boolean watch;

    @Option(names = "--json", description = "Print what the server says, as JSON.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        if (bucket != null && !now) {
            System.err.println("--bucket says what to repair --now; without --now nothing is repaired");
            return ExitStatus.USAGE;
        }
        JsonNode before = endpoint.json(PATH);
        if (now) {
            String query = bucket == null ? "" : "?bucket=" + URLEncoder.encode(bucket, StandardCharsets.UTF_8);
            endpoint.post(PATH + query, JsonNodeFactory.instance.objectNode());
        }
        JsonNode after = watch ? untilDone() : endpoint.json(PATH);
        System.out.print(json ? after.toPrettyString() + "\n" : text(after));
        return watch && failures(after) > failures(before) ? ExitStatus.NOT_FOUND : ExitStatus.OK;
    }

    private JsonNode untilDone() throws InterruptedException {
        ProgressLine line = new ProgressLine();
        JsonNode answer = endpoint.json(PATH);
        long all = Math.max(1, answer.path("left").asLong());
        while (answer.path("left").asLong() > 0) {
            long left = answer.path("left").asLong();
            line.show(Units.bar(1 - (double) left / Math.max(all, left), BAR_WIDTH) + " " + left + " exchanges left, "
                    + repaired(answer));
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            answer = endpoint.json(PATH);
        }
        line.end(Units.bar(1, BAR_WIDTH) + " done, " + repaired(answer));
        return answer;
    }

    private static String repaired(JsonNode answer) {
        return answer.path("keysRepairedHere").asText() + " keys repaired here and "
                + answer.path("keysRepairedThere").asText() + " there since the node's start";
    }

    private static long failures(JsonNode answer) {
        long failures = 0;
        for (var outcome : answer.path("exchanges").properties()) {
            boolean complete =
                    outcome.getKey().equals("equal") || outcome.getKey().equals("repaired");
            failures += complete ? 0 : outcome.getValue().asLong();
        }
        return failures;
    }

    /** A line for each peer: the last exchange of each partition with it, summed. */
    static String text(JsonNode answer) {
        SortedMap<String, SortedMap<String, Long>> results = new TreeMap<>();
        SortedMap<String, String> oldest = new TreeMap<>();
        for (JsonNode last : answer.path("last")) {
            String peer = last.path("peer").asText();
            results.computeIfAbsent(peer, p -> new TreeMap<>())
                    .merge(last.path("result").asText(), 1L, Long::sum);
            oldest.merge(peer, last.path("ended").asText(), (a, b) -> a.compareTo(b) <= 0 ? a : b);
        }
        Table table = new Table().row("WITH", "LAST RESULTS, BY PARTITION", "THE OLDEST ENDED");
        results.forEach((peer, counts) -> table.row(
                peer,
                String.join(
                        ", ",
                        counts.entrySet().stream()
                                .map(count -> count.getValue() + " " + count.getKey())
                                .toList()),
                oldest.getOrDefault(peer, "")));
        String head = answer.path("node").asText() + ": "
                + answer.path("keysCompared").asText() + " keys compared, " + repaired(answer) + ", "
                + Units.bytes(answer.path("bytes").asLong()) + "\n";
        String left = answer.path("left").asLong() > 0
                ? answer.path("left").asText() + " exchanges that were asked for are still to come\n"
                : "";
        return head + left + (results.isEmpty() ? "no exchange yet\n" : table);
    }
}
