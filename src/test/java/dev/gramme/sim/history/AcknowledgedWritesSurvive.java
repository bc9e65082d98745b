package dev.gramme.sim.history;

import dev.gramme.version.Version;
import dev.gramme.wire.PutOutcome;
import java.util.ArrayList;
import java.util.List;

/**
 * No acknowledged write is lost: at the end it is there, or a write is there whose writer had seen it (in a last-write-wins bucket also
 * one that is later); or such a one was there, was a delete, and was forgotten.
 *
 * <p>What was promised to fewer disks than then were lost is not owed: a write acknowledged at W=1 before a disk was lost, and in
 * durability {@code interval} one that W nodes or more forgot by crashing within the interval.
 */
public final class AcknowledgedWritesSurvive implements Checker {
    @Override
    public List<String> violations(History history, List<FinalKey> keys) {
        List<String> found = new ArrayList<>();
        for (FinalKey key : keys) {
            for (Write write : history.writes()) {
                if (write.key().equals(key.key()) && !survives(write, key, history)) {
                    write.attempts().stream()
                            .filter(a -> a.acknowledged() && isOwed(a, history))
                            .findFirst()
                            .ifPresent(a -> found.add(write + " was acknowledged by " + a.asked() + " at "
                                    + History.seconds(a.answeredNanos()) + " (" + a.outcome() + ") and is lost: "
                                    + key.told(history)));
                }
            }
        }
        return found;
    }

    private static boolean survives(Write write, FinalKey key, History history) {
        List<Version> last = new ArrayList<>(key.merged().siblings());
        last.addAll(history.forgotten().versions(key.key(), Long.MAX_VALUE));
        for (Version each : last) {
            Write holder = history.writeOf(each);
            if (holder == write || holder.hadSeen(write)) {
                return true;
            }
            if (key.lastWriteWins() && isLater(each, write, history)) {
                return true;
            }
        }
        return false;
    }

    /** Whether at least one acknowledgement of it still binds. */
    static boolean isOwed(Write write, History history) {
        return write.attempts().stream().anyMatch(a -> a.acknowledged() && isOwed(a, history));
    }

    /** Whether this version beats the one that was acknowledged, by the rule of last-write-wins. */
    static boolean isLater(Version last, Write write, History history) {
        return write.attempts().stream()
                .anyMatch(a -> a.outcome() instanceof PutOutcome.Written written
                        && last.isLaterThan(history.ledger().get(written.dot()).version()));
    }

    private static boolean isOwed(Write.Attempt attempt, History history) {
        long from = attempt.invokedNanos();
        int wiped = history.outlivesWipes(1, from) ? 0 : 1;
        if (history.befallen(History.Mishap.LOST_DISK, from, Long.MAX_VALUE) + wiped >= attempt.w()) {
            return false;
        }
        return history.unforcedNanos() == 0
                || history.befallen(History.Mishap.CRASH, from, attempt.answeredNanos() + history.unforcedNanos())
                        < attempt.w();
    }
}
