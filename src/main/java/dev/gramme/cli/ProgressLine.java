package dev.gramme.cli;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** One line that is drawn again and again on a terminal; elsewhere a line now and then, without control characters. */
final class ProgressLine {
    private static final long LINE_EVERY_NANOS = 10_000_000_000L;

    private final @Nullable Console terminal = System.console();
    private long shownNanos = System.nanoTime();

    void show(String text) {
        if (terminal != null) {
            terminal.writer().print("\r" + text + "\u001b[K");
            terminal.writer().flush();
        } else if (System.nanoTime() - shownNanos >= LINE_EVERY_NANOS) {
            shownNanos = System.nanoTime();
            System.err.println(text);
        }
    }

    void end(String text) {
        if (terminal != null) {
            terminal.writer().println("\r" + text + "\u001b[K");
            terminal.writer().flush();
        } else {
            System.err.println(text);
        }
    }
}
