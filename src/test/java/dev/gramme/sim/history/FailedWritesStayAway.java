package dev.gramme.sim.history;

import dev.gramme.version.Version;
import dev.gramme.wire.GetOutcome;
import java.util.ArrayList;
import java.util.List;

/** {@code failed} means surely not written: such a write is in no state at the end, nor in any answer to a get that was asked after it failed. */
public final class FailedWritesStayAway implements Checker {
    @Override
    public List<String> violations(History history, List<FinalKey> keys) {
        List<String> found = new ArrayList<>();
        for (FinalKey key : keys) {
            for (Version sibling : key.merged().siblings()) {
                Write write = history.writeOf(sibling);
                if (write.failedForSure()) {
                    found.add(write + " was reported as failed " + write.attempts() + " but is there: "
                            + key.told(history));
                }
            }
        }
        for (Read read : history.reads()) {
            if (read.outcome() instanceof GetOutcome.Read answer) {
                for (Version sibling : answer.versions().siblings()) {
                    Write write = history.writeOf(sibling);
                    if (write.failedForSure() && write.attempts().getLast().answeredNanos() < read.invokedNanos()) {
                        found.add(write + " was reported as failed " + write.attempts() + " but was read: " + read);
                    }
                }
            }
        }
        return found;
    }
}
