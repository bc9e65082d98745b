package dev.gramme.sim.history;

import dev.gramme.version.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The siblings are concurrent: at the end and in every answer, no version stands beside one whose writer had been shown it, no write beside itself, and
 * a last-write-wins key has one version. That none is missing is {@link AcknowledgedWritesSurvive}'s.
 *
 * <p>At the end that holds of writes: all versions of one idempotency key are one, and who was shown one has seen all. Reads before may ask those who hold a
 * retry's version and have not heard that the write is replaced: that is known where its other version was. And it is remembered of so many writes of
 * a key, not of all.
 */
public final class SiblingsAreExact implements Checker {
    @Override
    public List<String> violations(History history, List<FinalKey> keys) {
        List<String> found = new ArrayList<>();
        for (FinalKey key : keys) {
            String where = key.told(history);
            check(key.merged().siblings(), true, where, history, found);
            if (key.lastWriteWins() && key.merged().siblings().size() > 1) {
                found.add("a last-write-wins key has siblings: " + where);
            }
        }
        for (Read read : history.reads()) {
            if (read.outcome() instanceof dev.gramme.wire.GetOutcome.Read answer) {
                String where = read.key() + " read through " + read.asked() + " at "
                        + History.seconds(read.answeredNanos()) + " by " + read.client();
                check(answer.versions().siblings(), false, where, history, found);
            }
        }
        return found;
    }

    private static void check(
            List<Version> siblings, boolean byWrite, String where, History history, List<String> found) {
        SortedMap<Integer, Version> twins = new TreeMap<>();
        for (Version sibling : siblings) {
            Ledger.Made made = history.ledger().get(sibling.dot());
            Version twin = twins.put(made.write(), sibling);
            if (twin != null) {
                found.add("one write stands beside itself, as " + twin.dot() + " and " + sibling.dot() + ": " + where);
            }
            for (Version other : siblings) {
                Seen seen = history.writeOf(other).seen();
                boolean isSeen = byWrite && history.ledger().isRemembered(made)
                        ? seen.writes().get(made.write())
                        : seen.versions().get(made.number());
                if (isSeen) {
                    found.add("false concurrency: the writer of " + history.writeOf(other) + " had been shown " + made
                            + ", yet both are siblings: " + where);
                }
            }
        }
    }
}
