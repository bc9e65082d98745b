package dev.gramme.cli;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the demo prints: a table, narrow enough for any terminal, that is drawn again in place; elsewhere a line per change. */
final class DemoScreen {
    private static final int REDRAW_MILLIS = 1_000;

    private final List<DemoNode> nodes;
    private final HttpClient client;
    private final boolean terminal = System.console() != null && !"dumb".equals(System.getenv("TERM"));
    private String shown = "";
    private int linesDrawn;
    private @Nullable List<String> last;

    DemoScreen(List<DemoNode> nodes, HttpClient client) {
        this.nodes = nodes;
        this.client = client;
    }

    /** One look at every node while they start. */
    List<String> progress() {
        List<String> states = states();
        draw(states);
        return states;
    }

    void introduce(Path root) {
        String url = nodes.get(0).url();
        String second = nodes.get(nodes.size() > 1 ? 1 : 0).url();
        DemoNode victim = nodes.get(nodes.size() - 1);
        String gramme = ThisProgram.launcher();
        System.out.println();
        System.out.println("All " + nodes.size() + " nodes are ready. In another terminal, try:");
        System.out.println("  curl -i -X PUT -d hello " + url + "/v1/kv/greetings/world");
        System.out.println("  curl -i " + second + "/v1/kv/greetings/world");
        System.out.println("  " + gramme + " explain greetings world -u " + url);
        System.out.println("  " + gramme + " status -u " + url);
        System.out.println("  kill -9 " + pid(victim) + "   # takes " + victim.id() + " away: writes go on");
        System.out.println("  " + victim.script() + " &   # brings it back");
        System.out.println("  " + url + "/q/swagger-ui in a browser");
        System.out.println("Data, logs and start scripts: " + root + ". Ctrl-C stops every node.");
        System.out.println();
        linesDrawn = 0;
        shown = "";
    }

    void showUntilInterrupted() throws InterruptedException {
        while (!Thread.currentThread().isInterrupted()) {
            draw(states());
            TimeUnit.MILLISECONDS.sleep(REDRAW_MILLIS);
        }
    }

    private List<String> states() {
        List<String> states = new ArrayList<>();
        for (DemoNode node : nodes) {
            states.add(node.state(client));
        }
        return states;
    }

    private void draw(List<String> states) {
        if (terminal) {
            drawTable(states);
        } else if (!states.equals(last)) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < nodes.size(); i++) {
                line.append(i == 0 ? "" : "  ")
                        .append(nodes.get(i).id())
                        .append(' ')
                        .append(states.get(i));
            }
            System.out.println(line);
        }
        last = states;
    }

    private void drawTable(List<String> states) {
        Table table = new Table().row("NODE", "STATE", "PID", "REST");
        for (int i = 0; i < nodes.size(); i++) {
            DemoNode node = nodes.get(i);
            table.row(node.id(), states.get(i), pid(node), node.url());
        }
        String text = table.toString();
        if (!text.equals(shown)) {
            String up = linesDrawn == 0 ? "" : "\u001b[" + linesDrawn + "A";
            System.out.print(up + text.replace("\n", "\u001b[K\n"));
            System.out.flush();
            linesDrawn = (int) text.lines().count();
            shown = text;
        }
    }

    private static String pid(DemoNode node) {
        return node.process().map(p -> Long.toString(p.pid())).orElse("-");
    }
}
