package dev.gramme.sim.history;

import dev.gramme.version.Version;
import dev.gramme.wire.GetOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Read-your-writes and monotonic reads, where R + W &gt; N without fallbacks: a strict read shows every write that was acknowledged
 * strictly before it began, or one whose writer had seen it. That holds for one client's own writes and for everybody's, so also for
 * two reads in a row. Promised only while no replica forgets what it acknowledged without knowing it.
 */
public final class StrictReadsSeeWrites implements Checker {
    @Override
    public List<String> violations(History history, List<FinalKey> keys) {
        List<String> found = new ArrayList<>();
        for (Read read : history.reads()) {
            if (!read.strict() || !(read.outcome() instanceof GetOutcome.Read answer)) {
                continue;
            }
            for (Write write : history.writes()) {
                if (mustSee(read, write, history) && !shows(read, answer, write, history)) {
                    String promise = read.client().equals(write.client()) ? "read-your-writes" : "monotonic reads";
                    found.add(promise + ": " + read.key() + " read through " + read.asked() + " by " + read.client()
                            + " at R="
                            + read.r() + " from " + History.seconds(read.invokedNanos()) + " to "
                            + History.seconds(read.answeredNanos()) + " does not show the acknowledged " + write + " "
                            + write.attempts() + " but " + answer.versions());
                }
            }
        }
        return found;
    }

    static boolean mustSee(Read read, Write write, History history) {
        return read.strict()
                && write.key().equals(read.key())
                && !history.diskWasLost()
                && history.unforcedNanos() == 0
                && write.attempts().stream()
                        .anyMatch(a -> a.acknowledged()
                                && a.strict()
                                && a.w() + read.r() > history.replicas()
                                && history.outlivesWipes(a.w(), a.invokedNanos())
                                && a.answeredNanos() < read.invokedNanos());
    }

    private static boolean shows(Read read, GetOutcome.Read answer, Write write, History history) {
        List<Version> forgotten = history.forgotten().versions(read.key(), read.answeredNanos());
        if (forgotten.stream().map(history::writeOf).anyMatch(last -> last == write || last.hadSeen(write))
                || (Bucket.isLastWriteWins(write.key())
                        && forgotten.stream()
                                .anyMatch(last -> AcknowledgedWritesSurvive.isLater(last, write, history)))) {
            return true;
        }
        for (Version sibling : answer.versions().siblings()) {
            Write shown = history.writeOf(sibling);
            if (shown == write || shown.hadSeen(write)) {
                return true;
            }
            // Only a last-write-wins bucket drops what nobody had seen; in a siblings bucket the loss is found at the
            // end.
            if (answer.versions().siblings().size() == 1
                    && Bucket.isLastWriteWins(write.key())
                    && AcknowledgedWritesSurvive.isLater(sibling, write, history)) {
                return true;
            }
        }
        return false;
    }
}
