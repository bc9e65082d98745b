package dev.gramme.sim.history;

import dev.gramme.version.Version;
import dev.gramme.wire.GetOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Nobody is ever shown, and no owner keeps in the end, a version that is other than it was when it was first kept. Of one that was altered where no checksum could see it
 * nothing is promised but that all else is right.
 */
public final class ValuesAreAsWritten implements Checker {
    @Override
    public List<String> violations(History history, List<FinalKey> keys) {
        List<String> found = new ArrayList<>();
        for (Read read : history.reads()) {
            if (read.outcome() instanceof GetOutcome.Read answer) {
                check(
                        answer.versions().siblings(),
                        "read of " + read.key() + " through " + read.asked(),
                        history,
                        found);
            }
        }
        for (FinalKey key : keys) {
            key.owners()
                    .forEach((owner, state) ->
                            check(state.siblings(), "in the end at " + owner + " of " + key.key(), history, found));
        }
        return found;
    }

    private static void check(List<Version> versions, String where, History history, List<String> found) {
        for (Version version : versions) {
            Ledger.Made made = history.ledger().get(version.dot());
            if (!made.version().equals(version) && !history.ledger().isAltered(version.dot())) {
                found.add(made + " was written as " + made.version() + " and is " + version + ", " + where);
            }
        }
    }
}
