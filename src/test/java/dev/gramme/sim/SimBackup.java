package dev.gramme.sim;

import dev.gramme.node.BackupAnswer;
import dev.gramme.node.BackupPart;
import dev.gramme.node.RestoreOutcome;
import dev.gramme.ring.Key;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.BackupPage;
import dev.gramme.wire.Message;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.StampDates;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A backup as {@code gramme backup} makes it and {@code gramme restore} puts it back: read from running nodes in pages, hints first, what several say of a key merged; and
 * restored, whatever the cluster has written since, in pages that are asked again until some node has kept them.
 *
 * <p>A backup knows nothing of deletes that all owners had when they forgot them: a partition in which any were forgotten since is refused, unless all members gave what they had, and those
 * deletes had been made before ({@link StampDates}).
 */
final class SimBackup {
    private static final long PATIENCE_NANOS = 3 * Timeline.SECOND;
    private static final long PAUSE_NANOS = Timeline.SECOND / 5;
    /** By then a node that runs has answered for its hints. */
    private static final long HINTS_NANOS = Timeline.SECOND / 5;
    /** Clocks agree where deletes are forgotten, and requests take little: so a day is some seconds here, and the margin fewer. */
    private static final long MARGIN_SECONDS = 1;

    private static final long SHORTER_MARGIN =
            StampDates.CLOCK_MARGIN_MILLIS / 1_000 - MARGIN_SECONDS << StampDates.UNIQUE_BITS;

    /** What was given of one partition. */
    private static final class Part {
        final SortedMap<Key, VersionSet> states = new TreeMap<>();
        long stamp = Long.MAX_VALUE;
        long epoch;
        long dated = Long.MAX_VALUE;
        int unanswered;
        /** All members gave all that they had, hints first. */
        boolean whole;

        void add(BackupAnswer answer) {
            stamp = Math.min(stamp, answer.stamp());
            epoch = Math.max(epoch, answer.epoch());
            dated = Math.min(dated, answer.dated());
            answer.page().records().forEach(record -> states.merge(record.key(), record.state(), VersionSet::absorb));
        }

        boolean isDated() {
            return whole && unanswered == 0 && stamp >= epoch && dated > 0 && dated < Long.MAX_VALUE;
        }
    }

    private final World world;
    private final Randomness dice;
    private final BooleanSupplier healed;
    private final SortedMap<Integer, Part> parts = new TreeMap<>();

    /** @param healed whether the faults are over: then nothing is asked again */
    SimBackup(World world, Randomness dice, BooleanSupplier healed) {
        this.world = world;
        this.dice = dice;
        this.healed = healed;
    }

    /** Of one node or of all that serve now. What is said later than {@link #restore} is asked for is not in it. */
    void make() {
        List<NodeProcess> serving = world.serving();
        if (serving.isEmpty()) {
            return;
        }
        boolean ofOne = dice.chance(0.3);
        List<NodeProcess> sources = ofOne ? List.of(dice.pick(serving)) : serving;
        boolean all = sources.getFirst().topology().settled().members().keySet().stream()
                .allMatch(member ->
                        sources.stream().anyMatch(source -> source.node().equals(member)));
        for (int partition = 0; partition < world.partitions(); partition++) {
            int p = partition;
            Part part = new Part();
            part.whole = all;
            parts.put(p, part);
            sources.forEach(source -> ask(source, p, part, BackupPart.HINTS, null));
            world.timeline().after(HINTS_NANOS, () -> {
                part.whole &= part.unanswered == 0;
                sources.forEach(source -> askOwner(source, p, part));
            });
        }
    }

    private void askOwner(NodeProcess source, int partition, Part part) {
        if (source.topology().settled().owns(source.node(), partition)) {
            ask(source, partition, part, BackupPart.STATES, null);
        }
    }

    private void ask(NodeProcess source, int partition, Part part, BackupPart kind, @Nullable Key after) {
        part.unanswered++;
        source.backUp(partition, kind, after, answer -> {
            part.unanswered--;
            BackupPage page = answer.page();
            if (answer.status() != ReplicaStatus.OK) {
                part.whole = false;
                return;
            }
            part.add(answer);
            if (!page.complete() && kind == BackupPart.STATES) {
                ask(source, partition, part, kind, page.records().getLast().key());
            } else {
                part.whole &= page.complete();
            }
        });
    }

    void restore() {
        world.trace().note(world.timeline().nowNanos(), "*** a backup is restored");
        parts.forEach((partition, part) -> {
            List<Message.RangeEntry> records = new ArrayList<>();
            part.states.forEach((key, state) -> records.add(new Message.RangeEntry(key, StateDigest.of(state), state)));
            if (!records.isEmpty()) {
                long dated = part.isDated() ? world.tampering().dated(part.dated + SHORTER_MARGIN) : 0;
                restore(partition, records, part.stamp, dated);
            }
        });
    }

    /** @param dated if {@code stamp} is refused, this may be taken */
    private void restore(int partition, List<Message.RangeEntry> records, long stamp, long dated) {
        List<NodeProcess> serving = world.serving();
        if (healed.getAsBoolean()) {
            return;
        }
        if (serving.isEmpty()) {
            world.timeline().after(PAUSE_NANOS, () -> restore(partition, records, stamp, dated));
            return;
        }
        records.forEach(this::count);
        NodeProcess taker = dice.pick(serving);
        new Once<RestoreOutcome>(world.timeline(), PATIENCE_NANOS, outcome -> {
                    if (outcome == null || outcome.failure() != null) {
                        world.timeline().after(PAUSE_NANOS, () -> restore(partition, records, stamp, dated));
                    } else if (outcome.outdated() && dated > stamp) {
                        restore(partition, records, dated, 0);
                    } else if (outcome.isKept() && isYounger(partition, stamp)) {
                        world.struck(Struck.YOUNGER_BACKUP_TAKEN);
                    }
                })
                .run(once -> taker.restore(partition, stamp, records, once));
    }

    /** Not by what its pages bore. */
    private boolean isYounger(int partition, long stamp) {
        Part part = parts.get(partition);
        return part != null && stamp > part.stamp;
    }

    private void count(Message.RangeEntry record) {
        VersionSet now = world.everythingOf(record.key());
        for (Version sibling : record.state().values()) {
            if (now.context().covers(sibling.dot())
                    && now.siblings().stream().noneMatch(kept -> kept.dot().equals(sibling.dot()))) {
                world.struck(now.values().isEmpty() ? Struck.DELETED_VALUE_RESTORED : Struck.REPLACED_VALUE_RESTORED);
            }
        }
    }
}
