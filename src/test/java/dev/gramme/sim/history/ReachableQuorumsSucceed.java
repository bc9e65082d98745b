package dev.gramme.sim.history;

import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.PutOutcome;
import java.util.ArrayList;
import java.util.List;

/** Always writable: a put succeeds whenever the node that was asked can reach W nodes; so does a get with R. The world says when that is owed. */
public final class ReachableQuorumsSucceed implements Checker {
    @Override
    public List<String> violations(History history, List<FinalKey> keys) {
        List<String> found = new ArrayList<>();
        for (Write write : history.writes()) {
            for (Write.Attempt attempt : write.attempts()) {
                if (attempt.owed() && !(attempt.outcome() instanceof PutOutcome.Written)) {
                    found.add(write + " of " + write.key() + " could reach " + attempt.w()
                            + " nodes but did not succeed: " + attempt);
                }
            }
        }
        for (Read read : history.reads()) {
            if (read.owed() && !(read.outcome() instanceof GetOutcome.Read)) {
                found.add(
                        "a get of " + read.key() + " could reach " + read.r() + " nodes but did not succeed: " + read);
            }
        }
        return found;
    }
}
