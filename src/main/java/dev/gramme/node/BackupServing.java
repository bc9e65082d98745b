package dev.gramme.node;

import dev.gramme.coordinator.Turn;
import dev.gramme.handoff.HintBook;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.View;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Admission;
import dev.gramme.wire.BackupPage;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.StampDates;
import dev.gramme.wire.StateCodec;
import dev.gramme.wire.StateDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives a backup what this node holds, a page at a time, so that the loop is never held for long. Nothing is remembered between pages: what is written meanwhile is on a
 * later page or not, and every page says what was visible at one moment.
 */
final class BackupServing {
    /** About as many bytes of states are read for one page; but one state, however large. */
    static final int PAGE_BYTES = 256 << 10;
    /** Hints of a partition for one owner that are given; beyond, the page says that it is not complete. */
    static final int MAX_HINTS = 4_096;

    /** Bytes of hints for one owner with which no more are asked for. */
    static final long MAX_HINT_BYTES = 1 << 20;

    private static final int FIRST_HINTS = 32;
    /** What a record costs beside its state, in bytes of states that cost as much. */
    private static final int RECORD_COST_BYTES = 128;

    private record Kept(List<HintBook.Hint> hints, boolean all) {}

    private final NodeId self;
    private final ReplicaStore store;
    private final HintBook hints;
    private final Losses losses;
    private final Admission admission;
    /** Bounded by the front's requests under way. */
    private final Deque<Event.BackUp> waiting = new ArrayDeque<>();

    BackupServing(NodeId self, ReplicaStore store, HintBook hints, Losses losses, Admission admission) {
        this.self = self;
        this.store = store;
        this.hints = hints;
        this.losses = losses;
        this.admission = admission;
    }

    /** Answered at once if it is admitted, else with one of the next {@link #tick}s. */
    void asked(Event.BackUp asked, Turn turn, PlaneEffects out) {
        waiting.add(asked);
        if (waiting.size() == 1) {
            tick(turn, out);
        }
    }

    void tick(Turn turn, PlaneEffects out) {
        while (!waiting.isEmpty() && admission.isOpen(turn.now().nanos())) {
            Event.BackUp next = waiting.remove();
            BackupAnswer answer = answer(next, turn);
            admission.took(bytesRead(answer), turn.now().nanos());
            out.add(new Effect.BackedUp(next.request(), answer));
        }
    }

    /** Digests are of states that were read, too. */
    private static long bytesRead(BackupAnswer answer) {
        long bytes = 0;
        for (Message.RangeEntry record : answer.page().records()) {
            bytes += RECORD_COST_BYTES + StateCodec.sizeHint(record.state());
        }
        return bytes;
    }

    private BackupAnswer answer(Event.BackUp asked, Turn turn) {
        Outlook outlook = turn.outlook();
        Ring ring = outlook.view().topology().settled();
        int partition = asked.partition();
        if (partition < 0 || partition >= ring.partitions()) {
            return BackupAnswer.refused(ReplicaStatus.NOT_OWNER);
        }
        try {
            return switch (asked.part()) {
                case STATES, DIGESTS ->
                    ring.owns(self, partition) ? owned(asked, turn) : BackupAnswer.refused(ReplicaStatus.NOT_OWNER);
                case HINTS -> {
                    long stamp = outlook.stamps().promised(partition);
                    yield answer(partition, hinted(partition, ring), stamp, turn);
                }
            };
        } catch (StoreBrokenException e) {
            // The store itself tells where it is broken; the backup only needs to know to ask another owner.
            return BackupAnswer.refused(ReplicaStatus.STORAGE_BROKEN);
        }
    }

    private static BackupAnswer answer(int partition, BackupPage page, long stamp, Turn turn) {
        View view = turn.outlook().view();
        boolean quiet = view.topology().target() == null && view.outsiders().isEmpty();
        long dated = quiet ? StampDates.ofBackup(turn.now().wallMillis()) : 0;
        long epoch = turn.outlook().stamps().epoch(partition);
        return new BackupAnswer(ReplicaStatus.OK, page, stamp, epoch, dated);
    }

    private BackupAnswer owned(Event.BackUp asked, Turn turn) {
        long stamp = turn.outlook().stamps().stamp(asked.partition());
        boolean states = asked.part() == BackupPart.STATES;
        ReplicaStore.Page page = store.scan(asked.partition(), asked.after(), admission.sliceBytes(PAGE_BYTES));
        List<Message.RangeEntry> records = new ArrayList<>(page.entries().size());
        for (ReplicaStore.Entry entry : page.entries()) {
            VersionSet state = states ? entry.state() : VersionSet.EMPTY;
            records.add(new Message.RangeEntry(entry.key(), StateDigest.of(entry.state()), state));
        }
        // Asked when the page was read: what was lost before is known by then.
        return losses.isLacking(asked.partition())
                ? BackupAnswer.refused(ReplicaStatus.LACKING)
                : answer(asked.partition(), new BackupPage(states, records, page.complete()), stamp, turn);
    }

    /** A pointer to what this node holds as an owner is left out: that is asked for by itself. */
    private BackupPage hinted(int partition, Ring ring) {
        SortedMap<Key, VersionSet> states = new TreeMap<>();
        boolean complete = true;
        for (NodeId owner : hints.counts().keySet()) {
            Kept kept = hintsFor(owner, partition, ring.partitions());
            complete &= kept.all();
            for (HintBook.Hint hint : kept.hints()) {
                VersionSet state = hint.state();
                if (state.isEmpty() && !ring.owns(self, partition)) {
                    state = store.read(partition, hint.key());
                }
                if (!state.isEmpty()) {
                    states.merge(hint.key(), state, VersionSet::merge);
                }
            }
        }
        List<Message.RangeEntry> records = new ArrayList<>(states.size());
        states.forEach((key, state) -> records.add(new Message.RangeEntry(key, StateDigest.of(state), state)));
        return new BackupPage(true, records, complete);
    }

    /** The book has no place to go on from: so more and more at a time, as long as they are small. */
    private Kept hintsFor(NodeId owner, int partition, int partitions) {
        int limit = FIRST_HINTS;
        while (true) {
            List<HintBook.Hint> kept = hints.next(owner, partition, partitions, limit, Long.MAX_VALUE);
            long bytes = kept.stream()
                    .mapToLong(hint -> StateCodec.sizeHint(hint.state()))
                    .sum();
            if (kept.size() < limit || limit == MAX_HINTS || bytes > MAX_HINT_BYTES) {
                return new Kept(kept, kept.size() < limit);
            }
            limit = Math.min(MAX_HINTS, 4 * limit);
        }
    }
}
