package dev.gramme.it;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One key of one client: what was acknowledged last, and the context to replace it. Of one thread at a time. */
final class Acknowledged {
    private static final int REMEMBERED_ANSWERS = 30;
    private static final String FILLER = ".".repeat(400);

    private final String key;
    private final Deque<String> history = new ArrayDeque<>();
    private int version;
    private @Nullable String context;

    Acknowledged(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    /** What it holds. */
    String value() {
        return value(version);
    }

    /** What the next write makes of it. */
    String next() {
        return value(version + 1);
    }

    /** Of the next write, and of its repeats. */
    String token() {
        return key + "#" + (version + 1);
    }

    @Nullable
    String context() {
        return context;
    }

    void acknowledge(@Nullable String contextAfter) {
        version++;
        context = contextAfter;
    }

    private String value(int number) {
        return key + "#" + number + FILLER;
    }

    /** A line for whoever has to find out what went wrong. */
    void happened(String line) {
        if (history.size() == REMEMBERED_ANSWERS) {
            history.removeFirst();
        }
        history.add(Instant.now() + " at version " + version + ": " + line);
    }

    /** Whether an answer's values are just this, or among others this one, or not even that. */
    Fit fit(List<String> values) {
        if (!values.contains(value())) {
            return Fit.LOST;
        }
        return values.size() == 1 ? Fit.EXACT : Fit.BESIDE_OTHERS;
    }

    /** How an answer compares with what was acknowledged. */
    enum Fit {
        EXACT,
        /** Older versions of the same key are shown as its siblings. */
        BESIDE_OTHERS,
        LOST
    }

    static String shortened(String body) {
        return body.replace(FILLER, "").replaceAll("\"value\":\"[^\"]*\",?", "");
    }

    @Override
    public String toString() {
        return key + " of version " + version + "\n  " + String.join("\n  ", history) + "\n";
    }
}
