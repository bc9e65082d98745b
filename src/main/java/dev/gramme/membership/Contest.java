package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.MemberRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Two processes of one id: which is the member? The one that answers at the member's known address. A process that was killed and started again there
 * answers itself; one that was started again elsewhere finds nobody answering for its former life, and takes its place; a second one that was started by
 * mistake finds the first alive, and is refused. No clock is needed to tell them apart.
 */
final class Contest {
    /** Unanswered questions, each {@link Timings#probeMillis} long, that mean that nobody is there. */
    private static final int TRIES = 3;

    /** How it ends. */
    interface Outcome {
        /** @return the sequence of a ping sent to the member's known address */
        long ask(NodeId id);

        void adopt(MemberRecord rival);

        void refuse(NodeId id, long rival);
    }

    private static final class Claim {
        final long rival;

        @Nullable
        MemberRecord record;

        long sequence;
        long askedNanos;
        int tries = 1;
        boolean undelivered;

        Claim(long rival) {
            this.rival = rival;
        }
    }

    private final SortedMap<NodeId, Claim> claims = new TreeMap<>();
    private final long patienceNanos;
    private final Outcome outcome;

    Contest(Timings timings, Outcome outcome) {
        this.patienceNanos = Timings.nanos(timings.probeMillis());
        this.outcome = outcome;
    }

    /**
     * A process that is not the member, as far as is known, speaks as {@code id}.
     *
     * @param record what it says of itself; null if it has not yet
     */
    void claimed(NodeId id, long rival, @Nullable MemberRecord record, long nowNanos) {
        Claim claim = claims.get(id);
        if (claim == null || claim.rival != rival) {
            claim = new Claim(rival);
            claims.put(id, claim);
            claim.sequence = outcome.ask(id);
            claim.askedNanos = nowNanos;
        }
        claim.record = record == null ? claim.record : record;
    }

    /** Somebody answers at the member's address. Whether that was a question of ours. */
    boolean answered(NodeId from, long instance, long sequence) {
        Claim claim = claims.get(from);
        if (claim == null || claim.sequence != sequence) {
            return false;
        }
        claims.remove(from);
        if (instance != claim.rival) {
            outcome.refuse(from, claim.rival);
        } else if (claim.record != null) {
            outcome.adopt(claim.record);
        }
        return true;
    }

    void undeliverable(NodeId to, long sequence) {
        Claim claim = claims.get(to);
        if (claim != null && claim.sequence == sequence) {
            claim.undelivered = true;
        }
    }

    void tick(long nowNanos) {
        List<NodeId> due = new ArrayList<>();
        claims.forEach((id, claim) -> {
            if (nowNanos - claim.askedNanos >= (claim.undelivered ? patienceNanos / 2 : patienceNanos)) {
                due.add(id);
            }
        });
        for (NodeId id : due) {
            Claim claim = claims.get(id);
            if (claim != null) {
                askAgain(id, claim, nowNanos);
            }
        }
    }

    private void askAgain(NodeId id, Claim claim, long nowNanos) {
        if (claim.tries < TRIES) {
            claim.tries++;
            claim.undelivered = false;
            claim.sequence = outcome.ask(id);
            claim.askedNanos = nowNanos;
            return;
        }
        claims.remove(id);
        if (claim.record != null) {
            outcome.adopt(claim.record);
        }
    }

    /** We were not listening for {@code nanos}. */
    void forgive(long nanos) {
        claims.values().forEach(claim -> claim.askedNanos += nanos);
    }
}
