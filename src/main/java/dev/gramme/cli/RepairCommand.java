package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gramme repair}: what the exchanges of the members with each other have come to; and some more, now. */
@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what anti-entropy has come to at every member of the ring since its start.",
            "With --now each member compares all that it owns with every other owner, and what differs is repaired on both sides."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:shown, or done",
            "1:with --watch: some exchange failed",
            "4:a member, or every node, did not answer"
        })
final class RepairCommand implements Callable<Integer> {
    static final String PATH = "/v1/cluster/repair";
    private static final int LOOK_EVERY_MILLIS = 500;
    private static final int BAR_WIDTH = 24;

    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Option(names = "--node", description = "Of the node at --url alone; else of every member of the ring.")
    private boolean nodeAlone;

    @Option(names = "--now", description = "Compare everything now.")
    private boolean now;

    @Option(names = "--bucket", paramLabel = "BUCKET", description = "With --now: repair only keys of this bucket.")
    private @Nullable String bucket;

    @Option(
            names = {"-w", "--watch"},
            description = "Show the progress until nothing that was asked for is left.")
    private boolean watch;

    @Option(names = "--json", description = "Print what the nodes say, as JSON.")
    private boolean json;

    private final List<Asked> nodes = new ArrayList<>();
    /** By the member's name, why. */
    private final SortedMap<String, String> unanswered = new TreeMap<>();

    /** One node, and what it has said last. */
    private static final class Asked {
        final String id;
        final Endpoint endpoint;
        final Set<JsonNode> failedBefore;
        JsonNode said;

        /** @throws Endpoint.UnreachableException if it does not answer */
        Asked(String id, Endpoint endpoint) {
            this.id = id;
            this.endpoint = endpoint;
            this.said = endpoint.json(PATH);
            this.failedBefore = failed(said);
        }

        long left() {
            return said.path("left").asLong();
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        if (bucket != null && !now) {
            System.err.println("--bucket says what to repair --now; without --now nothing is repaired");
            return ExitStatus.USAGE;
        }
        if (nodeAlone) {
            nodes.add(new Asked("the node", endpoint));
        } else {
            askEveryMember();
        }
        if (now) {
            String query = bucket == null ? "" : "?bucket=" + URLEncoder.encode(bucket, StandardCharsets.UTF_8);
            each(node -> node.endpoint.post(PATH + query, JsonNodeFactory.instance.objectNode()));
        }
        look();
        if (watch) {
            untilDone();
        }
        return tell();
    }

    private void askEveryMember() {
        for (MemberAddress member : MemberAddress.ofRing(endpoint)) {
            Endpoint alone = new Endpoint();
            alone.urls = List.of(member.url());
            try {
                Asked asked = new Asked(member.id(), alone);
                String answering = asked.said.path("node").asText();
                if (answering.equals(member.id())) {
                    nodes.add(asked);
                } else {
                    unanswered.put(member.id(), "at " + member.url() + " it is " + answering + " that answers");
                }
            } catch (Endpoint.UnreachableException e) {
                unanswered.put(member.id(), String.valueOf(e.getMessage()));
            }
        }
        if (nodes.isEmpty()) {
            throw new Endpoint.UnreachableException(
                    "no member of the ring answers at the address that it is known by (" + reasons()
                            + "). Give members the one that they are reached at from here with --advertise-http, or ask the node at --url alone with --node",
                    false);
        }
    }

    /** Of whom no answer comes, no more is asked. */
    private void each(Consumer<Asked> question) {
        for (Asked node : List.copyOf(nodes)) {
            try {
                question.accept(node);
            } catch (Endpoint.UnreachableException e) {
                if (nodes.size() == 1) {
                    throw e;
                }
                nodes.remove(node);
                unanswered.put(node.id, String.valueOf(e.getMessage()));
            }
        }
    }

    private void look() {
        each(node -> node.said = node.endpoint.json(PATH));
    }

    private void untilDone() throws InterruptedException {
        ProgressLine line = new ProgressLine();
        long all = 1;
        for (long left = left(); left > 0; left = left()) {
            all = Math.max(all, left);
            line.show(Units.bar(1 - (double) left / all, BAR_WIDTH) + " " + left + " exchanges left, " + repaired());
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            look();
        }
        line.end(Units.bar(1, BAR_WIDTH) + " done, " + repaired());
    }

    private long left() {
        return nodes.stream().mapToLong(Asked::left).sum();
    }

    private int tell() {
        if (json) {
            System.out.println(inJson().toPrettyString());
        } else {
            nodes.forEach(node -> System.out.print(text(node.said)));
        }
        if (!unanswered.isEmpty()) {
            System.err.println("gramme: no answer from " + reasons()
                    + (now ? ": what they own with others is compared when they are back" : ""));
            return ExitStatus.FAILED;
        }
        boolean failed = watch && nodes.stream().anyMatch(node -> !node.failedBefore.containsAll(failed(node.said)));
        return failed ? ExitStatus.NOT_FOUND : ExitStatus.OK;
    }

    private JsonNode inJson() {
        if (nodeAlone) {
            return nodes.getFirst().said;
        }
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        ArrayNode said = all.putArray("nodes");
        nodes.forEach(node -> said.add(node.said));
        ArrayNode missing = all.putArray("unanswered");
        unanswered.keySet().forEach(missing::add);
        return all;
    }

    private String reasons() {
        return unanswered.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
    }

    private String repaired() {
        long here = nodes.stream()
                .mapToLong(node -> node.said.path("keysRepairedHere").asLong())
                .sum();
        long there = nodes.stream()
                .mapToLong(node -> node.said.path("keysRepairedThere").asLong())
                .sum();
        return repaired(here, there);
    }

    private static String repaired(long here, long there) {
        return here + " keys repaired here and " + there + " there since the start";
    }

    /** Of each partition and peer the last exchange, where that did not come to its end. Not all that failed: who was busy is asked again. */
    private static Set<JsonNode> failed(JsonNode answer) {
        Set<JsonNode> failed = new HashSet<>();
        for (JsonNode last : answer.path("last")) {
            String result = last.path("result").asText();
            if (!result.equals("equal") && !result.equals("repaired")) {
                failed.add(last);
            }
        }
        return failed;
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
                + answer.path("keysCompared").asText() + " keys compared, "
                + repaired(
                        answer.path("keysRepairedHere").asLong(),
                        answer.path("keysRepairedThere").asLong())
                + ", "
                + Units.bytes(answer.path("bytes").asLong()) + "\n";
        String left = answer.path("left").asLong() > 0
                ? answer.path("left").asText() + " exchanges that were asked for are still to come\n"
                : "";
        return head + left + (results.isEmpty() ? "no exchange yet\n" : table);
    }
}
