package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import java.util.Set;
import java.util.TreeSet;

/**
 * How long a suspect has to refute: long at first, shorter with each other member that finds the same independently, because then it is less likely that
 * the accuser is the slow one (Lifeguard, section IV.B: with C confirmations of K wanted, max - (max - min) log(C+1) / log(K+1)).
 */
final class Suspicion {
    /** Lifeguard's K. */
    static final int CONFIRMATIONS = 3;

    private final Set<NodeId> accusers = new TreeSet<>();
    private final long minNanos;
    private final long maxNanos;
    private final int wanted;
    private long sinceNanos;

    /** @param members how many there are, this node among them */
    Suspicion(NodeId accuser, int members, Timings timings, long nowNanos) {
        double scale = Math.max(1, Math.log10(Math.max(1, members)));
        minNanos = (long) (Timings.nanos(timings.periodMillis()) * timings.suspicionPeriods() * scale);
        maxNanos = timings.lifeguard() ? minNanos * timings.suspicionStretch() : minNanos;
        // The suspect and the first accuser can't confirm.
        wanted = Math.min(CONFIRMATIONS, Math.max(0, members - 2));
        accusers.add(accuser);
        sinceNanos = nowNanos;
    }

    /** Whether this is news, and worth passing on. */
    boolean confirm(NodeId accuser) {
        return accusers.size() <= wanted && accusers.add(accuser);
    }

    boolean isOver(long nowNanos) {
        return nowNanos - sinceNanos >= timeoutNanos();
    }

    long timeoutNanos() {
        if (wanted == 0) {
            return minNanos;
        }
        double share = Math.log(accusers.size()) / Math.log(wanted + 1);
        return maxNanos - (long) ((maxNanos - minNanos) * Math.min(1, share));
    }

    /** We were not listening for {@code nanos}, and could not have heard a refutation. */
    void forgive(long nanos) {
        sinceNanos += nanos;
    }
}
