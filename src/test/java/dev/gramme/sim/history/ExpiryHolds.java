package dev.gramme.sim.history;

import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.GetOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * A value with a time to live is shown while it lives and not afterwards, through any node, by the true time: the only error is that by which the wall
 * clocks of the node that minted it and of the node that was asked are apart. What was given no time to live is never hidden.
 */
public final class ExpiryHolds implements Checker {
    /** Clocks are read in whole milliseconds. */
    private static final long ROUNDING_MILLIS = 2;

    private static final long NANOS_PER_MILLI = 1_000_000;

    @Override
    public List<String> violations(History history, List<FinalKey> keys) {
        List<String> found = new ArrayList<>();
        history.reads().forEach(read -> check(read, history, found));
        keys.forEach(key -> key.reads().forEach(read -> check(read, history, found)));
        return found;
    }

    private static void check(Read read, History history, List<String> found) {
        if (read.outcome() instanceof GetOutcome.Read answer) {
            VersionSet shown = answer.shown();
            for (Version version : answer.versions().siblings()) {
                String objection = objection(read, version, shown.siblings().contains(version), history);
                if (!objection.isEmpty()) {
                    found.add(history.ledger().get(version.dot()) + ", to live for "
                            + history.writeOf(version).ttlSeconds() + " s, " + objection + ": " + read.key()
                            + " read through " + read.asked() + " from " + History.seconds(read.invokedNanos())
                            + " to " + History.seconds(read.answeredNanos()) + " by " + read.client());
                }
            }
        }
    }

    private static String objection(Read read, Version version, boolean shown, History history) {
        int ttlSeconds = history.writeOf(version).ttlSeconds();
        if (ttlSeconds == 0) {
            return shown ? "" : "was hidden though it never expires";
        }
        Ledger.Made made = history.ledger().get(version.dot());
        long apartMillis = Math.max(
                Math.abs(read.aheadAtFirstMillis() - made.aheadMillis()),
                Math.abs(read.aheadAtLastMillis() - made.aheadMillis()));
        long boundNanos = (apartMillis + ROUNDING_MILLIS) * NANOS_PER_MILLI;
        long endNanos = made.atNanos() + ttlSeconds * 1_000 * NANOS_PER_MILLI;
        if (shown && read.invokedNanos() > endNanos + boundNanos) {
            return "was shown after its life, clocks being " + apartMillis + " ms apart";
        }
        if (!shown && read.answeredNanos() < endNanos - boundNanos) {
            return "was hidden before its end, clocks being " + apartMillis + " ms apart";
        }
        return "";
    }
}
