package dev.gramme.sim;

import dev.gramme.node.BackupPart;
import dev.gramme.node.RestoreOutcome;
import dev.gramme.ring.Key;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.BackupPage;
import dev.gramme.wire.Message;
import dev.gramme.wire.ReplicaStatus;
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
 * <p>A backup knows nothing of deletes that all owners had when they forgot them: a partition in which any were forgotten since is refused.
 */
final class SimBackup {
    private static final long PATIENCE_NANOS = 3 * Timeline.SECOND;
    private static final long PAUSE_NANOS = Timeline.SECOND / 5;

    private final World world;
    private final Randomness dice;
    private final BooleanSupplier healed;
    private final SortedMap<Integer, SortedMap<Key, VersionSet>> partitions = new TreeMap<>();
    /** By partition, the lowest that any of it was answered with. */
    private final SortedMap<Integer, Long> stamps = new TreeMap<>();

    /** @param healed whether the faults are over: then nothing is asked again */
    SimBackup(World world, Randomness dice, BooleanSupplier healed) {
        this.world = world;
        this.dice = dice;
        this.healed = healed;
    }

    /** Of one node or of all that serve now. What is said later than {@link #restore} is asked for is not in it. */
    void make() {
        List<NodeProcess> sources = world.serving();
        if (sources.isEmpty()) {
            return;
        }
        boolean ofOne = dice.chance(0.3);
        for (NodeProcess source : ofOne ? List.of(dice.pick(sources)) : sources) {
            for (int partition = 0; partition < world.partitions(); partition++) {
                ask(source, partition, BackupPart.HINTS, null);
                if (source.topology().settled().owns(source.node(), partition)) {
                    ask(source, partition, BackupPart.STATES, null);
                }
            }
        }
    }

    private void ask(NodeProcess source, int partition, BackupPart part, @Nullable Key after) {
        source.backUp(partition, part, after, answer -> {
            BackupPage page = answer.page();
            if (answer.status() != ReplicaStatus.OK || page.records().isEmpty()) {
                return;
            }
            stamps.merge(partition, answer.stamp(), Math::min);
            SortedMap<Key, VersionSet> states = partitions.computeIfAbsent(partition, p -> new TreeMap<>());
            page.records().forEach(record -> states.merge(record.key(), record.state(), VersionSet::absorb));
            if (!page.complete() && part == BackupPart.STATES) {
                ask(source, partition, part, page.records().getLast().key());
            }
        });
    }

    void restore() {
        world.trace().note(world.timeline().nowNanos(), "*** a backup is restored");
        partitions.forEach((partition, states) -> {
            List<Message.RangeEntry> records = new ArrayList<>();
            states.forEach((key, state) -> records.add(new Message.RangeEntry(key, StateDigest.of(state), state)));
            restore(partition, records);
        });
    }

    private void restore(int partition, List<Message.RangeEntry> records) {
        List<NodeProcess> serving = world.serving();
        if (healed.getAsBoolean()) {
            return;
        }
        if (serving.isEmpty()) {
            world.timeline().after(PAUSE_NANOS, () -> restore(partition, records));
            return;
        }
        records.forEach(this::count);
        NodeProcess taker = dice.pick(serving);
        new Once<RestoreOutcome>(world.timeline(), PATIENCE_NANOS, outcome -> {
                    if (outcome == null || outcome.failure() != null) {
                        world.timeline().after(PAUSE_NANOS, () -> restore(partition, records));
                    }
                })
                .run(once -> taker.restore(partition, stamps.getOrDefault(partition, 0L), records, once));
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
