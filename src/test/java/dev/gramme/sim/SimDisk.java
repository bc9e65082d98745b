package dev.gramme.sim;

import dev.gramme.wire.Mutation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One node's disk: a commit log whose records are visible when they are appended, and durable when a force that began afterwards is over.
 *
 * <p>A crash keeps a prefix of what was not yet forced, never a later record without an earlier one. What a full disk refused
 * stays visible until then: nobody has promised anything of it.
 */
final class SimDisk {
    private static final long UNFORCED_ACKNOWLEDGEMENT_NANOS = 50 * Timeline.MICRO;
    private static final long CHECKPOINT_NANOS = 2 * Timeline.SECOND;

    private record Appended(List<Mutation> mutations, Runnable durable, Runnable broken) {}

    private final Timeline timeline;
    private final Randomness random;
    private final long intervalNanos;
    private final boolean acknowledgesBeforeForce;
    private final Deque<Appended> unforced = new ArrayDeque<>();
    private Tables durable = new Tables();
    private Tables visible = new Tables();
    private Tables remembered = new Tables();
    private final BadRecords bad = new BadRecords();
    private SimLosses losses = new SimLosses();
    private SimLosses rememberedLosses = new SimLosses();
    /** Partitions of hints that were refused: what is visible of those is not what a crash leaves. */
    private final SortedSet<Integer> refusedHints = new TreeSet<>();

    private boolean forcing;
    private boolean noRoom;
    private boolean knownFull;
    private boolean breaksAtNextForce;
    private long slowdown = 1;
    private long stalledUntilNanos;
    private int life;

    /**
     * @param intervalNanos how often it is forced in durability {@code interval}; 0 for {@code sync}
     * @param acknowledgesBeforeForce a mutant's flaw
     */
    SimDisk(Timeline timeline, Randomness random, long intervalNanos, boolean acknowledgesBeforeForce) {
        this.timeline = timeline;
        this.random = random;
        this.intervalNanos = intervalNanos;
        this.acknowledgesBeforeForce = acknowledgesBeforeForce;
    }

    /** What the node sees now. */
    Tables visible() {
        return visible;
    }

    /** What is safe: it survives whatever happens to the process. */
    Tables durable() {
        return durable;
    }

    /** Those of its records that are not what was written. */
    BadRecords bad() {
        return bad;
    }

    /** What it is told to keep is not what was meant; nobody notices. */
    void alter(Mutation.SetState set) {
        durable.apply(set);
        visible.apply(set);
    }

    /** A partition's file is moved aside, because it is damaged: what the log still says is all that is left. */
    void setAside(int partition) {
        losses.lost(partition);
        bad.dropped(partition);
        durable.apply(new Mutation.SetAside(partition));
        visible.apply(new Mutation.SetAside(partition));
        unforced.stream()
                .flatMap(appended -> appended.mutations().stream())
                .filter(mutation -> mutation instanceof Mutation.SetState set && set.partition() == partition)
                .forEach(visible::apply);
    }

    /** Of what it may have lost something. What is noted of that is safe at once. */
    SimLosses losses() {
        return losses;
    }

    /** Whether it is known that there is no room: that is learnt by a write that failed. */
    boolean isKnownFull() {
        return knownFull;
    }

    /** Whether a write would fail now, known or not. */
    boolean hasNoRoom() {
        return noRoom;
    }

    void noRoom() {
        noRoom = true;
    }

    void room() {
        noRoom = false;
        knownFull = false;
        inThisLife(CHECKPOINT_NANOS, this::checkpoint);
    }

    /** What was refused gets to the disk in the end, if the process lives so long, though nobody is told. */
    private void checkpoint() {
        if (noRoom || !unforced.isEmpty()) {
            inThisLife(CHECKPOINT_NANOS, this::checkpoint);
        } else {
            durable = visible.copy();
            refusedHints.clear();
        }
    }

    /** Whether hints of the partition may be there after a crash that are not visible now. */
    boolean mayBringBackHints(int partition) {
        return refusedHints.contains(partition)
                || unforced.stream()
                        .flatMap(appended -> appended.mutations().stream())
                        .anyMatch(m -> m instanceof Mutation.DropHint && m.partition() == partition);
    }

    /** The next force fails: what it covered is not durable, and the node must stop. */
    void breakAtNextForce() {
        breaksAtNextForce = true;
    }

    /** No force ends within this time. */
    void stall(long nanos) {
        stalledUntilNanos = timeline.nowNanos() + nanos;
    }

    /** So slow that a deadline may pass before a force is over. */
    boolean isSlow() {
        return slowdown > 1 || stalledUntilNanos > timeline.nowNanos();
    }

    void slowdown(long factor) {
        slowdown = factor;
    }

    /** As good as new; what is lost stays lost. */
    void mend() {
        slowdown = 1;
        stalledUntilNanos = 0;
        breaksAtNextForce = false;
    }

    /**
     * Appends one record.
     *
     * @param durable run when it is durable (or, in {@code interval}, promised to be soon)
     * @param broken run if the force failed
     * @return false if the disk is full
     */
    boolean append(List<Mutation> mutations, Runnable durable, Runnable broken) {
        List<Mutation> shown = noRoom ? stays(mutations) : mutations;
        shown.forEach(visible::apply);
        shown.forEach(bad::overwritten);
        if (noRoom) {
            knownFull = true;
            for (Mutation mutation : mutations) {
                if (mutation instanceof Mutation.SetHint || mutation instanceof Mutation.DropHint) {
                    refusedHints.add(mutation.partition());
                }
            }
            return false;
        }
        boolean early = (intervalNanos > 0 && !Mutation.mustBeForced(mutations)) || acknowledgesBeforeForce;
        unforced.add(new Appended(mutations, early ? () -> {} : durable, broken));
        if (early) {
            inThisLife(UNFORCED_ACKNOWLEDGEMENT_NANOS, durable);
        }
        if (!forcing) {
            forcing = true;
            inThisLife(intervalNanos, this::force);
        }
        return true;
    }

    /** Of what is refused all stays visible but the setting aside of a partition, and what follows that in the same record: what was there comes back. */
    private static List<Mutation> stays(List<Mutation> refused) {
        List<Mutation> stays = new ArrayList<>();
        boolean aside = false;
        for (Mutation mutation : refused) {
            aside |= mutation instanceof Mutation.SetAside;
            if (!aside) {
                stays.add(mutation);
            }
        }
        return stays;
    }

    /** How long a force that begins now takes. */
    long forceNanos(Randomness dice) {
        long nanos = slowdown * (100 * Timeline.MICRO + dice.exponential(Timeline.MILLI));
        return Math.max(nanos, stalledUntilNanos - timeline.nowNanos());
    }

    /** Group commit: one force for all that was appended before it began. */
    private void force() {
        int covered = unforced.size();
        inThisLife(forceNanos(random), () -> {
            List<Appended> batch = new ArrayList<>();
            for (int i = 0; i < covered; i++) {
                batch.add(unforced.remove());
            }
            forcing = !unforced.isEmpty();
            if (breaksAtNextForce) {
                breaksAtNextForce = false;
                batch.forEach(a -> a.broken().run());
                return;
            }
            batch.forEach(a -> a.mutations().forEach(durable::apply));
            batch.forEach(a -> a.durable().run());
            if (forcing) {
                inThisLife(intervalNanos, this::force);
            }
        });
    }

    /** The process dies, or the power fails: a prefix of the unforced records survives. */
    void crash() {
        life++;
        int survivors = random.below(unforced.size() + 1);
        for (int i = 0; i < survivors; i++) {
            unforced.remove().mutations().forEach(durable::apply);
        }
        begin();
    }

    /**
     * The process stops in order, and writes out all that it shows.
     *
     * @return false if there was no room for it: then it has only crashed
     */
    boolean close() {
        if (noRoom) {
            crash();
            return false;
        }
        life++;
        durable = visible;
        begin();
        return true;
    }

    /** An empty disk in its place. */
    void lose() {
        durable = new Tables();
        bad.clear();
        losses = new SimLosses();
        begin();
    }

    /** A copy of what is safe now, for {@link #rollBack}. */
    void remember() {
        remembered = durable.copy();
        rememberedLosses = losses.copy();
    }

    /** Whether more was written since {@link #remember}. */
    boolean hasGoneOn() {
        return !durable.saysTheSameAs(remembered);
    }

    /** What was remembered is all there is. */
    void rollBack() {
        durable = remembered.copy();
        bad.clear();
        losses = rememberedLosses.copy();
        begin();
    }

    void dropAllHints() {
        durable.dropAllHints();
        begin();
    }

    private void begin() {
        unforced.clear();
        refusedHints.clear();
        forcing = false;
        breaksAtNextForce = false;
        visible = durable.copy();
    }

    private void inThisLife(long delayNanos, Runnable action) {
        int now = life;
        timeline.after(delayNanos, () -> {
            if (life == now) {
                action.run();
            }
        });
    }
}
