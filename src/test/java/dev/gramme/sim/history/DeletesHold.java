package dev.gramme.sim.history;

import dev.gramme.version.Version;
import dev.gramme.wire.GetOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * A deleted value never comes back: once a delete was acknowledged, no write that its writer had been shown is among the last siblings, nor in
 * a strict read with R + W &gt; N that began afterwards. At the end that holds of writes, in reads before of versions: see {@link SiblingsAreExact}.
 */
public final class DeletesHold implements Checker {
    @Override
    public List<String> violations(History history, List<FinalKey> keys) {
        List<String> found = new ArrayList<>();
        for (Write delete : history.writes()) {
            if (!delete.delete() || !delete.acknowledged()) {
                continue;
            }
            for (FinalKey key : keys) {
                if (key.key().equals(delete.key()) && AcknowledgedWritesSurvive.isOwed(delete, history)) {
                    check(delete, key.merged().siblings(), true, key.told(history), history, found);
                }
            }
            for (Read read : history.reads()) {
                if (read.outcome() instanceof GetOutcome.Read answer
                        && StrictReadsSeeWrites.mustSee(read, delete, history)) {
                    String where = read.key() + " read through " + read.asked() + " at "
                            + History.seconds(read.answeredNanos()) + " by " + read.client();
                    check(delete, answer.versions().siblings(), false, where, history, found);
                }
            }
        }
        return found;
    }

    private static void check(
            Write delete, List<Version> siblings, boolean byWrite, String where, History history, List<String> found) {
        for (Version sibling : siblings) {
            Ledger.Made made = history.ledger().get(sibling.dot());
            if (isSeen(made, delete, byWrite && history.ledger().isRemembered(made))) {
                found.add("a deleted value came back: " + made + ", deleted by the acknowledged " + delete + ": "
                        + where);
            }
        }
    }

    /**
     * All dots of one idempotency key are one write: who was shown one of them has deleted all. Where the last write wins, a retry that reached a second
     * coordinator is as late as that coordinator made it.
     */
    private static boolean isSeen(Ledger.Made made, Write delete, boolean byWrite) {
        return !byWrite || Bucket.isLastWriteWins(delete.key())
                ? delete.seen().versions().get(made.number())
                : delete.seen().writes().get(made.write());
    }
}
