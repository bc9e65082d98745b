package dev.gramme.sim.history;

import dev.gramme.version.CausalContext;
import dev.gramme.version.Dot;
import dev.gramme.wire.PutOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Who is told that its write is written can replace it by its next one, without reading first: the context covers the version, unless that would cover
 * an earlier version by the same actor that the writer has not seen, or the version was replaced meanwhile. Else a client's two writes in a row,
 * of which the first was retried inside the cluster, are siblings. (Where the last write wins there are none.)
 */
public final class WritersSeeTheirWrites implements Checker {
    @Override
    public List<String> violations(History history, List<FinalKey> keys) {
        List<String> found = new ArrayList<>();
        for (Write write : history.writes()) {
            if (Bucket.isLastWriteWins(write.key())) {
                continue;
            }
            for (Write.Attempt attempt : write.attempts()) {
                if (attempt.outcome() instanceof PutOutcome.Written written
                        && !written.context().covers(written.dot())
                        && !hasUnseenElder(history, write, written.dot())
                        && !isReplaced(history, write)) {
                    found.add(write + " of " + write.key() + " was written as " + written.dot() + " at "
                            + written.coordinator() + ", and its writer was told of " + written.context());
                }
            }
        }
        return found;
    }

    private static boolean hasUnseenElder(History history, Write write, Dot dot) {
        CausalContext seen = write.seen().context();
        for (Ledger.Made made : history.ledger().all()) {
            Dot other = made.version().dot();
            if (made.key().equals(write.key())
                    && other.actor() == dot.actor()
                    && other.counter() < dot.counter()
                    && !seen.covers(other)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isReplaced(History history, Write write) {
        return history.writes().stream().anyMatch(other -> other.key().equals(write.key()) && other.hadSeen(write));
    }
}
