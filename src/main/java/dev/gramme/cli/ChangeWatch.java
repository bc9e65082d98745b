package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Shows how a change of the ring goes on: a block of lines that is drawn again in place; elsewhere than on a terminal, a line per step. */
final class ChangeWatch {
    private static final int LOOK_EVERY_MILLIS = 500;
    private static final int BAR_WIDTH = 24;

    private final Endpoint endpoint;
    private final long target;
    private final boolean terminal = System.console() != null && !"dumb".equals(System.getenv("TERM"));
    private int linesDrawn;
    private String shown = "";

    /** @param target version of the ring to come */
    ChangeWatch(Endpoint endpoint, long target) {
        this.endpoint = endpoint;
        this.target = target;
    }

    /** The exit status: done, or withdrawn. */
    int untilDone() throws InterruptedException {
        while (true) {
            JsonNode status = endpoint.json(ClusterStatusCommand.PATH);
            boolean changing = status.path("change").isObject();
            draw(changing ? lines(status) : List.of());
            if (status.path("ring").path("version").asLong() >= target) {
                System.out.println("done: " + ClusterStatusCommand.ring(status));
                System.out.println(status.path("standing").asText());
                return ExitStatus.OK;
            }
            if (!changing) {
                System.out.println("the change was withdrawn: " + ClusterStatusCommand.ring(status));
                return ExitStatus.NOT_FOUND;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    /** One for each member that receives something, a line with the phases, and what is waited for. */
    static List<String> lines(JsonNode status) {
        Table table = new Table();
        StringBuilder phases = new StringBuilder("phases:");
        for (JsonNode member : status.path("change").path("members")) {
            phases.append(' ')
                    .append(member.path("id").asText())
                    .append(' ')
                    .append(member.path("phase").asText());
            if (member.path("gains").asLong() > 0) {
                table.row(progress(member));
            }
        }
        List<String> lines = new ArrayList<>(table.toString().lines().toList());
        lines.add(phases.toString());
        status.path("waitingFor").forEach(wait -> lines.add("waiting: " + wait.asText()));
        return lines;
    }

    private static Object[] progress(JsonNode member) {
        long gains = member.path("gains").asLong();
        long received = member.path("received").asLong();
        long bytes = member.path("receivedBytes").asLong();
        long expected = Math.max(1, member.path("expectedBytes").asLong());
        // Bytes move within a partition too; partitions say for sure what is done.
        double share = received == gains ? 1 : Math.max((double) received / gains, (double) bytes / expected);
        return new Object[] {
            member.path("id").asText(),
            Units.bar(received == gains ? 1 : Math.min(share, 0.99), BAR_WIDTH),
            received + " of " + gains + " partitions",
            Units.bytes(bytes),
            Units.bytes(member.path("bytesPerSecond").asLong()) + "/s",
            member.has("secondsLeft")
                    ? "about " + Units.seconds(member.path("secondsLeft").asLong()) + " left"
                    : ""
        };
    }

    private void draw(List<String> lines) {
        String text = String.join("\n", lines);
        if (text.equals(shown)) {
            return;
        }
        shown = text;
        if (terminal) {
            StringBuilder out = new StringBuilder(linesDrawn == 0 ? "" : "\u001b[" + linesDrawn + "A\u001b[J");
            lines.forEach(line -> out.append(line).append('\n'));
            System.out.print(out);
            System.out.flush();
            linesDrawn = lines.size();
        } else if (!lines.isEmpty()) {
            System.out.println(text);
        }
    }
}
