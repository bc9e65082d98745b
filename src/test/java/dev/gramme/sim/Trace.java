package dev.gramme.sim;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything that happened, folded into one hash; and as text, line by line, for whoever reruns one seed to understand it. */
final class Trace {
    private final @Nullable Consumer<String> lines;
    private long hash = 1;
    private long events;

    /** @param lines takes each line; null if nobody reads it */
    Trace(@Nullable Consumer<String> lines) {
        this.lines = lines;
    }

    /**
     * @param fingerprint the same in every JVM for the same happening: never an identity hash
     * @param text asked for only if somebody reads
     */
    void note(long nowNanos, long fingerprint, Supplier<String> text) {
        hash = (hash ^ nowNanos) * 0x9E3779B97F4A7C15L;
        hash = (Long.rotateLeft(hash, 23) ^ fingerprint) * 0xBF58476D1CE4E5B9L;
        events++;
        if (lines != null) {
            lines.accept(String.format(Locale.ROOT, "%12.6f %s", nowNanos / 1e9, text.get()));
        }
    }

    /** For what is read as text anyway: the text is its fingerprint. */
    void note(long nowNanos, String text) {
        note(nowNanos, text.hashCode(), () -> text);
    }

    long hash() {
        return hash;
    }

    long events() {
        return events;
    }
}
