package dev.gramme.storage;

import dev.gramme.wire.Mutation;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Where a crash may bring hints back that are not shown any more. A hint that was dropped or replaced is so for readers at once, and stays so if the log refuses it; but on the disk is what was
 * before, until a checkpoint that began afterwards is through.
 *
 * <p>Mutations of one partition are shown by its loop, and told by the log's thread or that loop.
 */
final class HintRefusals {
    /** By partition, hints written or dropped of which the log has to tell yet. */
    private final AtomicIntegerArray untold;
    /** The dropped ones of them. */
    private final AtomicIntegerArray untoldDrops;
    /** By partition, those that the log did not take, and the files may not have. */
    private final AtomicIntegerArray refused;

    HintRefusals(int partitions) {
        this.untold = new AtomicIntegerArray(partitions);
        this.untoldDrops = new AtomicIntegerArray(partitions);
        this.refused = new AtomicIntegerArray(partitions);
    }

    /** Before {@code done} is told what became of a record, it is noted of the hints in it. */
    PersistCallback noting(List<Mutation> record, PersistCallback done) {
        List<Mutation> hints = record.stream().filter(HintRefusals::isOfHint).toList();
        hints.forEach(this::shown);
        return outcome -> {
            hints.forEach(hint -> told(hint, outcome == PersistCallback.Outcome.DURABLE));
            done.persisted(outcome);
        };
    }

    static boolean isOfHint(Mutation mutation) {
        return mutation instanceof Mutation.SetHint || mutation instanceof Mutation.DropHint;
    }

    private void shown(Mutation hint) {
        untold.incrementAndGet(hint.partition());
        if (hint instanceof Mutation.DropHint) {
            untoldDrops.incrementAndGet(hint.partition());
        }
    }

    private void told(Mutation hint, boolean durable) {
        int partition = hint.partition();
        if (!durable) {
            // First: at no time is it neither.
            refused.incrementAndGet(partition);
        }
        if (hint instanceof Mutation.DropHint) {
            untoldDrops.decrementAndGet(partition);
        }
        untold.decrementAndGet(partition);
    }

    /** Whether a hint that is not shown may be there after a crash. */
    boolean mayComeBack(int partition) {
        return untoldDrops.get(partition) > 0 || refused.get(partition) > 0;
    }

    /** Whether a checkpoint is needed. */
    boolean any() {
        for (int partition = 0; partition < refused.length(); partition++) {
            if (refused.get(partition) > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * A checkpoint is about to begin. Gives how many refusals, by partition, are over when it is through. Not those of a partition with something in the queue still: that goes to a segment
     * which is replayed, and may be what the refused one was to replace.
     */
    SortedMap<Integer, Integer> begun() {
        SortedMap<Integer, Integer> begun = new TreeMap<>();
        for (int partition = 0; partition < refused.length(); partition++) {
            int before = refused.get(partition);
            if (before > 0 && untold.get(partition) == 0) {
                begun.put(partition, before);
            }
        }
        return begun;
    }

    /** That checkpoint is through: the file has all, and what the log had before is not replayed. */
    void through(SortedMap<Integer, Integer> begun) {
        begun.forEach((partition, count) -> refused.addAndGet(partition, -count));
    }
}
