package dev.gramme.sim;

import dev.gramme.handoff.HintBook.Hint;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.StateDigest;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a node keeps: the states of the keys it owns, and its hints. */
final class Tables {
    private final SortedMap<Key, VersionSet> states = new TreeMap<>();
    private final SortedMap<Integer, SortedMap<Key, VersionSet>> byPartition = new TreeMap<>();
    private final SortedMap<Key, SortedMap<NodeId, Hint>> hints = new TreeMap<>();
    /** How far each partition has collected. */
    private final SortedMap<Integer, Long> epochs = new TreeMap<>();
    /** By partition, what was promised. */
    private final SortedMap<Integer, Long> promises = new TreeMap<>();

    Tables() {}

    private Tables(Tables other) {
        states.putAll(other.states);
        other.byPartition.forEach((partition, keys) -> byPartition.put(partition, new TreeMap<>(keys)));
        epochs.putAll(other.epochs);
        promises.putAll(other.promises);
        other.hints.forEach((key, byOwner) -> hints.put(key, new TreeMap<>(byOwner)));
    }

    Tables copy() {
        return new Tables(this);
    }

    void apply(Mutation mutation) {
        switch (mutation) {
            case Mutation.SetState set -> {
                states.put(set.key(), set.state());
                byPartition
                        .computeIfAbsent(set.partition(), p -> new TreeMap<>())
                        .put(set.key(), set.state());
            }
            case Mutation.DropPartition drop -> drop(drop.partition());
            case Mutation.SetAside aside -> {
                long epoch = Math.max(aside.epoch(), epoch(aside.partition()));
                drop(aside.partition());
                if (epoch > 0) {
                    epochs.put(aside.partition(), epoch);
                }
            }
            case Mutation.Barrier ignored -> {}
            case Mutation.Collect collect -> {
                SortedMap<Key, VersionSet> keys = partition(collect.partition());
                for (KeyDigest named : collect.keys()) {
                    VersionSet state = keys.get(named.key());
                    if (state != null && StateDigest.of(state) == named.digest()) {
                        keys.remove(named.key());
                        states.remove(named.key());
                    }
                }
                epochs.merge(collect.partition(), collect.epoch(), Math::max);
            }
            case Mutation.Promise promise -> promises.merge(promise.partition(), promise.stamp(), Math::max);
            case Mutation.SetHint set ->
                hints.computeIfAbsent(set.key(), k -> new TreeMap<>())
                        .put(set.owner(), new Hint(set.partition(), set.key(), set.owner(), set.state()));
            case Mutation.DropHint drop -> {
                SortedMap<NodeId, Hint> byOwner = hintsOf(drop.key());
                byOwner.remove(drop.owner());
                if (byOwner.isEmpty()) {
                    hints.remove(drop.key());
                }
            }
        }
    }

    private void drop(int partition) {
        SortedMap<Key, VersionSet> dropped = byPartition.remove(partition);
        if (dropped != null) {
            dropped.keySet().forEach(states::remove);
        }
        epochs.remove(partition);
    }

    void dropAllHints() {
        hints.clear();
    }

    VersionSet state(Key key) {
        return states.getOrDefault(key, VersionSet.EMPTY);
    }

    /** The keys of one partition, in order; empty if there are none. */
    SortedMap<Key, VersionSet> partition(int partition) {
        return byPartition.getOrDefault(partition, new TreeMap<>());
    }

    long epoch(int partition) {
        return epochs.getOrDefault(partition, 0L);
    }

    long promised(int partition) {
        return promises.getOrDefault(partition, 0L);
    }

    /** By owner; empty if there are none. */
    SortedMap<NodeId, Hint> hintsOf(Key key) {
        return hints.getOrDefault(key, new TreeMap<>());
    }

    /** Every hint, by key and owner. */
    Iterable<SortedMap<NodeId, Hint>> hints() {
        return hints.values();
    }

    long hintCount() {
        long count = 0;
        for (SortedMap<NodeId, Hint> byOwner : hints.values()) {
            count += byOwner.size();
        }
        return count;
    }

    /** The partitions of which a state is kept as an owner. */
    SortedSet<Integer> partitions() {
        SortedSet<Integer> held = new TreeSet<>(byPartition.keySet());
        held.removeIf(partition -> partition(partition).isEmpty());
        return held;
    }

    /** Whether both say the same of the same keys. */
    boolean saysTheSameAs(Tables other) {
        return states.equals(other.states) && hints.equals(other.hints);
    }

    boolean isEmpty() {
        return states.isEmpty() && hints.isEmpty();
    }

    /** All that is known of the key here, hints included. */
    VersionSet everythingOf(Key key) {
        VersionSet merged = state(key);
        for (Hint hint : hintsOf(key).values()) {
            merged = merged.merge(hint.state());
        }
        return merged;
    }
}
