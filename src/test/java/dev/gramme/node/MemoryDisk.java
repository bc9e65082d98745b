package dev.gramme.node;

import dev.gramme.antientropy.Trees;
import dev.gramme.generators.ComputedTrees;
import dev.gramme.generators.Pages;
import dev.gramme.handoff.HintBook;
import dev.gramme.handoff.HintBook.Hint;
import dev.gramme.replica.DotSource;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Dot;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.StateCodec;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One node's ports in memory: owner's store, hint book and dots. */
final class MemoryDisk implements ReplicaStore, DotSource {
    final SortedMap<Key, VersionSet> owned = new TreeMap<>();
    private final SortedMap<Integer, SortedMap<Key, VersionSet>> byPartition = new TreeMap<>();
    final SortedMap<NodeId, SortedMap<Key, Hint>> hints = new TreeMap<>();
    private final SortedMap<Integer, Long> epochs = new TreeMap<>();
    private final SortedMap<Integer, Long> promises = new TreeMap<>();
    final MemoryLosses losses = new MemoryLosses();
    boolean writable = true;
    boolean broken;
    /** What a checkpoint would settle. */
    boolean hintsMayComeBack;

    long actor;
    long hintActor;
    private long counter;

    MemoryDisk(int number) {
        actor = number * 1000L;
        hintActor = number * 1000L + 500;
    }

    void apply(Mutation mutation) {
        switch (mutation) {
            case Mutation.SetState set -> {
                owned.put(set.key(), set.state());
                byPartition
                        .computeIfAbsent(set.partition(), p -> new TreeMap<>())
                        .put(set.key(), set.state());
            }
            case Mutation.DropPartition drop -> drop(drop.partition());
            case Mutation.SetAside aside -> {
                long epoch = Math.max(aside.epoch(), epochs.getOrDefault(aside.partition(), 0L));
                drop(aside.partition());
                epochs.put(aside.partition(), epoch);
            }
            case Mutation.Barrier ignored -> {}
            case Mutation.Collect collect -> {
                SortedMap<Key, VersionSet> keys = partition(collect.partition());
                for (KeyDigest named : collect.keys()) {
                    VersionSet state = keys.get(named.key());
                    if (state != null && StateDigest.of(state) == named.digest()) {
                        keys.remove(named.key());
                        owned.remove(named.key());
                    }
                }
                epochs.merge(collect.partition(), collect.epoch(), Math::max);
            }
            case Mutation.Promise promise -> promises.merge(promise.partition(), promise.stamp(), Math::max);
            case Mutation.SetHint set ->
                hints.computeIfAbsent(set.owner(), o -> new TreeMap<>())
                        .put(set.key(), new Hint(set.partition(), set.key(), set.owner(), set.state()));
            case Mutation.DropHint drop -> {
                SortedMap<Key, Hint> ofOwner = hints.get(drop.owner());
                if (ofOwner != null) {
                    ofOwner.remove(drop.key());
                    if (ofOwner.isEmpty()) {
                        hints.remove(drop.owner());
                    }
                }
            }
        }
    }

    private void drop(int partition) {
        SortedMap<Key, VersionSet> dropped = byPartition.remove(partition);
        if (dropped != null) {
            dropped.keySet().forEach(owned::remove);
        }
        epochs.remove(partition);
    }

    @Override
    public VersionSet read(int partition, Key key) {
        if (broken) {
            throw new StoreBrokenException("broken by the test");
        }
        return owned.getOrDefault(key, VersionSet.EMPTY);
    }

    @Override
    public Page scan(int partition, @Nullable Key after, int maxBytes) {
        if (broken) {
            throw new StoreBrokenException("broken by the test");
        }
        return Pages.scan(partition(partition), after, maxBytes);
    }

    private SortedMap<Key, VersionSet> partition(int partition) {
        return byPartition.getOrDefault(partition, new TreeMap<>());
    }

    /** The trees over what it holds as an owner. */
    Trees trees(int partitions) {
        return new ComputedTrees(partitions, partition -> {
            if (broken) {
                throw new StoreBrokenException("broken by the test");
            }
            return partition(partition);
        });
    }

    @Override
    public long promised(int partition) {
        return promises.getOrDefault(partition, 0L);
    }

    @Override
    public long collectedEpoch(int partition) {
        return epochs.getOrDefault(partition, 0L);
    }

    @Override
    public boolean holds(int partition) {
        return byPartition.containsKey(partition);
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    /** The hint book's side of the two ports: they name their reads alike. */
    HintBook book() {
        MemoryDisk disk = this;
        return new HintBook() {
            @Override
            public VersionSet read(int partition, Key key) {
                VersionSet merged = VersionSet.EMPTY;
                for (SortedMap<Key, Hint> ofOwner : disk.hints.values()) {
                    Hint hint = ofOwner.get(key);
                    merged = hint == null ? merged : merged.merge(hint.state());
                }
                return merged;
            }

            @Override
            public @Nullable VersionSet read(int partition, Key key, NodeId owner) {
                return disk.hint(key, owner);
            }

            @Override
            public List<Hint> next(NodeId owner, int loop, int loops, int limit, long maxBytes) {
                return disk.next(owner, loop, loops, limit, maxBytes);
            }

            @Override
            public boolean any(int partition) {
                return disk.hints.values().stream()
                        .anyMatch(ofOwner -> ofOwner.values().stream().anyMatch(h -> h.partition() == partition));
            }

            @Override
            public boolean mayComeBack(int partition) {
                return disk.hintsMayComeBack;
            }

            @Override
            public long bytes(NodeId owner) {
                return disk.hints.getOrDefault(owner, new TreeMap<>()).values().stream()
                        .mapToLong(hint -> hint.key().name().size() + StateCodec.sizeHint(hint.state()))
                        .sum();
            }

            @Override
            public SortedMap<NodeId, Long> counts() {
                return disk.counts();
            }
        };
    }

    @Nullable
    VersionSet hint(Key key, NodeId owner) {
        SortedMap<Key, Hint> ofOwner = hints.get(owner);
        Hint hint = ofOwner == null ? null : ofOwner.get(key);
        return hint == null ? null : hint.state();
    }

    private List<Hint> next(NodeId owner, int loop, int loops, int limit, long maxBytes) {
        List<Hint> next = new ArrayList<>();
        long bytes = 0;
        for (Hint hint : hints.getOrDefault(owner, new TreeMap<>()).values()) {
            if (hint.partition() % loops == loop && next.size() < limit && bytes < maxBytes) {
                next.add(hint);
                bytes += StateCodec.sizeHint(hint.state());
            }
        }
        return next;
    }

    SortedMap<NodeId, Long> counts() {
        SortedMap<NodeId, Long> counts = new TreeMap<>();
        hints.forEach((owner, ofOwner) -> counts.put(owner, (long) ofOwner.size()));
        return counts;
    }

    @Override
    public Dot mint() {
        return new Dot(actor, ++counter);
    }

    @Override
    public Dot mintForHint() {
        return new Dot(hintActor, ++counter);
    }

    @Override
    public void renewActor() {
        actor++;
    }

    @Override
    public void renewHintActor() {
        hintActor++;
    }

    @Override
    public long actor() {
        return actor;
    }

    @Override
    public long hintActor() {
        return hintActor;
    }
}
